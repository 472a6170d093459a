"""Which value, variable or file of one program belongs to which of the other."""

from __future__ import annotations

import difflib
from typing import NamedTuple

from flake8_tf2.prove.inside import values
from flake8_tf2.prove.tolerance import Tolerance

#: More values than this are not searched for one that fits.
_SEARCHED = 5000


class Seen(NamedTuple):
    """A value that a program fetched or returned: in which event (they count from 0), as which of its values."""

    event: int
    number: int
    site: int
    value: list


def seen(result: dict) -> list[Seen]:
    """The values of a program in order."""
    return [
        Seen(number, position, site, packed)
        for number, (site, _, found) in enumerate(result["events"])
        for position, packed in enumerate(found)
    ]


def fetched(before: dict, after: dict, tolerance: Tolerance) -> tuple[list[tuple[Seen, Seen]], str]:
    """The values that belong together, and what could not be compared, in words."""
    one, two = seen(before), seen(after)
    if not one or not two:
        if one or two:
            who = "BEFORE fetched" if one else "AFTER's functions returned"
            return [], f"{who} {len(one or two)} values, the other side shows none: they are not compared"
        return [], ""
    if [_shape(s) for s in one] == [_shape(s) for s in two]:
        return list(zip(one, two)), ""
    pairs = _by_event(before, after, one, two, tolerance)
    if pairs is not None:
        return pairs, ""
    return _by_site(before, after, one, two, tolerance)


def _shape(value: Seen) -> tuple:
    dtype, shape, _ = value.value
    return dtype == "O", tuple(shape)


def _by_event(
    before: dict, after: dict, one: list[Seen], two: list[Seen], tolerance: Tolerance
) -> list[tuple[Seen, Seen]] | None:
    """Each fetch with a call, where they are as many; one of them may have more values than the other."""
    if len(before["events"]) != len(after["events"]):
        return None
    groups: list[tuple[list[Seen], list[Seen]]] = [([], []) for _ in before["events"]]
    for side, found in ((0, one), (1, two)):
        for value in found:
            groups[value.event][side].append(value)
    result = []
    for left, right in groups:
        chosen = _in_order(left, right, tolerance) if len(left) <= len(right) else _in_order(right, left, tolerance)
        if chosen is None:
            return None
        result += chosen if len(left) <= len(right) else [(b, a) for a, b in chosen]
    return result


def _in_order(few: list[Seen], many: list[Seen], tolerance: Tolerance) -> list[tuple[Seen, Seen]] | None:
    """Each of the fewer values with another one of the same shape, in order, the closest; None where there is none."""
    best: list[tuple[float, list]] = [(0.0, [])] * (len(many) + 1)
    for position, value in enumerate(few):
        following: list[tuple[float, list]] = [(float("inf"), [])] * (len(many) + 1)
        for index in range(position, len(many)):
            known, chosen = best[index]
            cost = float("inf")
            if _shape(value) == _shape(many[index]):
                cost = known + min(tolerance.excess(value.value, many[index].value), 1e9)
            following[index + 1] = min((cost, [*chosen, (value, many[index])]), following[index], key=lambda x: x[0])
        best = following
    return best[-1][1] if best[-1][0] < float("inf") else None


def _by_site(
    before: dict, after: dict, one: list[Seen], two: list[Seen], tolerance: Tolerance
) -> tuple[list[tuple[Seen, Seen]], str]:
    """Places that saw as many values of the same shapes, and mostly the same ones."""
    left, right = _sites(one), _sites(two)
    result, missing = [], []
    for (site, _), found in left.items():
        for key, candidates in right.items():
            fits = [_shape(v) for v in found] == [_shape(v) for v in candidates]
            if fits and _is_likely(found, candidates, tolerance):
                result += zip(found, candidates)
                del right[key]
                break
        else:
            missing.append((before["sites"][site], len(found)))
    if not missing:
        return sorted(result), ""
    places = ", ".join(f"{site['file']}:{site['line']} ({count})" for site, count in missing[:3])
    matcher = difflib.SequenceMatcher(
        None, [_rounded(v) for v in one[:_SEARCHED]], [_rounded(v) for v in two[:_SEARCHED]], autojunk=False
    )
    alike = sum(block.size for block in matcher.get_matching_blocks())
    return sorted(result), (
        f"BEFORE fetched {len(one)} values, AFTER shows {len(two)}; not compared are those of {places}"
        f"{' and others' if len(missing) > 3 else ''}; {alike} of BEFORE's values are among AFTER's, in their order"
    )


def _sites(found: list[Seen]) -> dict[tuple[int, int], list[Seen]]:
    result: dict[tuple[int, int], list[Seen]] = {}
    for value in found:
        result.setdefault((value.site, value.number), []).append(value)
    return result


def _is_likely(one: list[Seen], two: list[Seen], tolerance: Tolerance) -> bool:
    """Whether two places saw the same: the first value agrees, or every second one."""
    agree = [tolerance.excess(a.value, b.value) <= 1 for a, b in zip(one, two)]
    return agree[0] or sum(agree) * 2 >= len(agree)


def _rounded(value: Seen) -> tuple:
    array, _ = values.unpack(value.value)
    first = array.ravel()[:1].tolist()
    return (*_shape(value), f"{first[0]:.3g}" if first and isinstance(first[0], float) else str(first))


class Variables(NamedTuple):
    """Variables that belong together, and the names of those of BEFORE that belong to none, without and with slots."""

    pairs: list[tuple[dict, dict]]
    missing: list[str]
    slots: int


def variables(before: list[dict], after: list[dict], tolerance: Tolerance) -> Variables:
    """By name and shape; what is left by type and shape, the closest first of those that were made.

    Of several of one name in BEFORE the last come first: each call of an Estimator goes on, in a graph of its own, from
    what the one before it left.
    """
    pairs: list[tuple[dict, dict]] = []
    left, right = list(before), list(after)
    for same in (lambda b, a: b["name"] == a["name"], lambda b, a: a["name"].split("/")[-1] in _keras_slots(b["name"])):
        for entry in reversed(list(left)):
            # Several optimizers may have slots of one name.
            alike = [a for a in right if same(entry, a) and a["value"][1] == entry["value"][1]]
            found = min(alike, key=lambda a: tolerance.excess(entry["value"], a["value"]), default=None)
            if found is not None:
                pairs.append((entry, found))
                left.remove(entry)
                right.remove(found)
    left = [v for v in left if not v["slot"]]
    right = [v for v in right if not v["slot"] or v["name"].endswith(("iteration", "iterations"))]
    missing = []
    for entry in reversed(left):
        alike = [v for v in right if _kind(v) == _kind(entry)]
        best = min(alike, key=lambda v: tolerance.excess(entry["value"], v["value"]), default=None)
        # Of what is not trained, or was paired in another graph, another name with another value is another variable.
        is_sure = entry["trainable"] and all(entry["name"] != other["name"] for other, _ in pairs)
        if best is None or not is_sure and tolerance.excess(entry["value"], best["value"]) > 1:
            missing.append(entry["name"])
        else:
            pairs.append((entry, best))
            right.remove(best)
    order = {id(entry): number for number, entry in enumerate(before)}
    pairs.sort(key=lambda pair: order[id(pair[0])])
    known = {id(entry) for entry, _ in pairs}
    slots = sum(entry["slot"] and id(entry) not in known for entry in before)
    return Variables(pairs, missing[::-1], slots)


def _kind(entry: dict) -> tuple:
    dtype, shape, _ = entry["value"]
    return dtype[1:2], tuple(shape)


def _keras_slots(name: str) -> list[str]:
    """What Keras calls a slot of TF1's Adam, of its own variables and of others. Other optimizers keep other things."""
    variable, _, slot = name.rpartition("/")
    suffix = {"Adam": "momentum", "Adam_1": "velocity"}.get(slot)
    variable = variable.replace("/", "_")
    return [f"{variable}_{suffix}", f"{variable}_0_{suffix}"] if suffix else []
