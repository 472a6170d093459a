"""Compares what two programs did: how far apart their numbers are, and what else differs."""

from __future__ import annotations

import bisect
import math
import os
from typing import Callable, NamedTuple

import numpy as np

from flake8_tf2.prove import match, printed
from flake8_tf2.prove.inside import values
from flake8_tf2.prove.tolerance import Tolerance, shown

#: After everything that a program does while it runs.
END = math.inf
#: Bytes of these tell of the library that wrote them, and of the time.
_OPAQUE = (".png", ".jpg", ".jpeg", ".pdf", ".svg", ".h5", ".hdf5", ".keras", ".pkl", ".pickle", ".zip", ".gz")


class Check(NamedTuple):
    """Two things that were compared.

    kind: printed, fetched, variables or files. slot: what is the same in each turn of a loop. order: how many fetches
    BEFORE had made. excess: how many times what is allowed they are apart, inf where they are no numbers of one kind.
    text: it is about text, or about what is there at all. whole: they are counts or classes, which change in jumps.
    """

    kind: str
    slot: str
    order: float
    excess: float
    where: str
    before: str
    after: str
    text: bool = False
    whole: bool = False


class Comparison(NamedTuple):
    """All checks, in the order of the run, what was compared by kind, and what could not be."""

    checks: list[Check]
    counts: dict[str, dict[str, int]]
    notes: list[str]


def compare(before: dict, after: dict, tolerance: Tolerance) -> Comparison:
    """Compare the results of two programs that ended by themselves."""
    checks: list[Check] = []
    counts: dict[str, dict[str, int]] = {}
    notes: list[str] = []
    for part in (_printed, _fetched, _variables, _files):
        part(before, after, tolerance, checks, counts, notes)
    checks.sort(key=lambda check: check.order)
    return Comparison(checks, counts, notes)


def _printed(before: dict, after: dict, tolerance: Tolerance, checks: list, counts: dict, notes: list) -> None:
    one, two = printed.lines(before["printed"]), printed.lines(after["printed"])
    if not one and not two:
        return
    at = [event[1] for event in before["events"]]
    order: Callable[[int], float] = lambda number: bisect.bisect_right(at, number) - 0.5
    found, other = _lines(one, two, tolerance, "printed", "line", order)
    checks += found
    counts["printed"] = {"lines": len(one), "numbers": sum(len(line.numbers) for line in one)}
    if other:
        ours, theirs = ([n for line in side for n in line.numbers] for side in (one, two))
        if len(ours) == len(theirs) and all(printed.excess(a, b, tolerance) <= 1 for a, b in zip(ours, theirs)):
            notes.append("the numbers that were printed agree, the text around them does not")


def _lines(
    one: list, two: list, tolerance: Tolerance, kind: str, name: str, order: Callable[[int], float]
) -> tuple[list[Check], bool]:
    """The checks of two texts, and whether they have another text at all."""
    checks, other = [], False
    for ours, theirs in zip(one, two):
        at, where = order(ours.number), f"{name} {ours.number + 1}"
        if ours.text != theirs.text:
            other = True
            checks.append(Check(kind, f"{kind} {name}", at, math.inf, where, ours.shown, theirs.shown, True))
            continue
        if not ours.numbers:
            checks.append(Check(kind, f"{kind} {name}", at, 0.0, where, ours.shown, theirs.shown, True))
        for number, (a, b) in enumerate(zip(ours.numbers, theirs.numbers)):
            slot = f"{kind} {name} {ours.text[:200]} {number}"
            excess = printed.excess(a, b, tolerance)
            place, whole = f"{where}, number {number + 1}", printed.is_whole(a) and printed.is_whole(b)
            checks.append(Check(kind, slot, at, excess, place, ours.shown, theirs.shown, False, whole))
    if len(one) != len(two):
        more = (one if len(one) > len(two) else two)[min(len(one), len(two))]
        at = order(one[len(two)].number) if len(one) > len(two) else order(one[-1].number + 1 if one else 0)
        texts = (more.shown, "(nothing)") if len(one) > len(two) else ("(nothing)", more.shown)
        where = f"{name} {more.number + 1}: {len(one)} lines against {len(two)}"
        checks.append(Check(kind, f"{kind} {name}", at, math.inf, where, *texts, True))
        other = True
    return checks, other


def _fetched(before: dict, after: dict, tolerance: Tolerance, checks: list, counts: dict, notes: list) -> None:
    pairs, note = match.fetched(before, after, tolerance)
    if note:
        notes.append(note)
    if not pairs:
        return
    turns: dict[tuple, int] = {}
    for one, two in pairs:
        place = (one.site, one.number)
        turns[place] = turns.get(place, 0) + 1
        excess = tolerance.excess(one.value, two.value)
        slot = f"fetched {one.site} {one.number}"
        where = f"{_place(before, one)}, time {turns[place]}; {_place(after, two)}"
        texts = (shown(one.value), shown(two.value)) if excess > 1 else ("", "")
        checks.append(Check("fetched", slot, one.event, excess, where, *texts, False, one.value[0][1:2] in "iub"))
    counts["fetched"] = {"values": len(pairs), "of": len(match.seen(before)), "places": len(turns)}


def _place(result: dict, found: match.Seen) -> str:
    site = result["sites"][found.site]
    return f"{site['file']}:{site['line']} {site['names'][found.number]}"


def _variables(before: dict, after: dict, tolerance: Tolerance, checks: list, counts: dict, notes: list) -> None:
    ours = before["variables"]
    if not ours:
        return
    found = match.variables(ours, after["variables"], tolerance)
    checks += [_variable("variables", "", one, two, tolerance, notes) for one, two in found.pairs]
    counts["variables"] = {"compared": len(found.pairs), "of": len(ours), "of optimizers left out": found.slots}
    if found.missing:
        names = ", ".join(found.missing[:5]) + (", ..." if len(found.missing) > 5 else "")
        notes.append(f"AFTER has no variable that could be {names}")


def _variable(kind: str, where: str, one: dict, two: dict, tolerance: Tolerance, notes: list) -> Check:
    excess = tolerance.excess(one["value"], two["value"])
    name = one["name"] if one["name"] == two["name"] else f"{one['name']} ({two['name']} in AFTER)"
    if excess > 1 and _same_in_another_order(one["value"], two["value"], tolerance):
        notes.append(f"{where}{name} has the same values in another order")
        excess = 0.0
    slot = f"{kind} {where}{one['name']}"
    return Check(kind, slot, END, excess, f"{where}{name}", shown(one["value"]), shown(two["value"]))


def _same_in_another_order(one: list, two: list, tolerance: Tolerance) -> bool:
    """A layer may order the gates of its cell in another way."""
    (a, digest), (b, other) = values.unpack(one), values.unpack(two)
    if digest is not None or other is not None or a.dtype.kind != "f" or b.dtype.kind != "f" or a.ndim == 0:
        return False
    return tolerance.between(np.sort(a.ravel()), np.sort(b.ravel())) <= 1


def _files(before: dict, after: dict, tolerance: Tolerance, checks: list, counts: dict, notes: list) -> None:
    ours, theirs = before["files"], after["files"]
    if not ours and not theirs:
        return
    counts["files"] = {"compared": len(ours.keys() & theirs.keys()), "of": len(ours)}
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs:
            texts = ("written", "not written") if name in ours else ("not written", "written")
            checks.append(Check("files", f"files {name}", END, math.inf, name, *texts, True))
        elif ours[name]["kind"] != theirs[name]["kind"]:
            texts = (ours[name]["kind"], theirs[name]["kind"])
            checks.append(Check("files", f"files {name}", END, math.inf, name, *texts, True))
        else:
            checks += _FILES[ours[name]["kind"]](name, ours[name], theirs[name], tolerance, notes)


def _checkpoint(name: str, one: dict, two: dict, tolerance: Tolerance, notes: list) -> list[Check]:
    found = match.variables(one["variables"], two["variables"], tolerance)
    if found.missing:
        notes.append(f"{name}: AFTER saved no variable that could be {', '.join(found.missing[:5])}")
    return [_variable("files", f"{name}: ", a, b, tolerance, notes) for a, b in found.pairs]


def _summaries(name: str, one: dict, two: dict, tolerance: Tolerance, notes: list) -> list[Check]:
    result = []
    for tag in sorted(one["tags"].keys() | two["tags"].keys()):
        ours, theirs = one["tags"].get(tag, []), two["tags"].get(tag, [])
        where, slot = f"{name}: {tag}", f"files {name} {tag}"
        steps = [[step for step, _ in side] for side in (ours, theirs)]
        if steps[0] != steps[1]:
            texts = tuple(f"{len(side)} values, at steps {side[:3]} to {side[-1:]}" for side in steps)
            result.append(Check("files", slot, END, math.inf, where, *texts, True))
            continue
        for (step, a), (_, b) in zip(ours, theirs):
            excess = tolerance.excess(a, b)
            result.append(Check("files", slot, END, excess, f"{where}, step {step}", shown(a), shown(b)))
    return result


def _text(name: str, one: dict, two: dict, tolerance: Tolerance, notes: list) -> list[Check]:
    texts = [printed.lines(entry["text"]) for entry in (one, two)]
    return _lines(*texts, tolerance, "files", f"{name} line", lambda number: END)[0]


def _arrays(name: str, one: dict, two: dict, tolerance: Tolerance, notes: list) -> list[Check]:
    result = []
    for key in sorted(one["arrays"].keys() | two["arrays"].keys()):
        a, b = one["arrays"].get(key), two["arrays"].get(key)
        where = f"{name}: {key}" if key else name
        excess = tolerance.excess(a, b) if a and b else math.inf
        texts = tuple(shown(entry) if entry else "(nothing)" for entry in (a, b))
        result.append(Check("files", f"files {where}", END, excess, where, *texts, not (a and b)))
    return result


def _bytes(name: str, one: dict, two: dict, tolerance: Tolerance, notes: list) -> list[Check]:
    texts = tuple(f"{entry['size']} bytes" for entry in (one, two))
    if one["sha256"] != two["sha256"] and os.path.splitext(name)[1].lower() in _OPAQUE:
        notes.append(f"{name} has other bytes, which says little in such a file: it is not compared")
        return []
    excess = 0.0 if one["sha256"] == two["sha256"] else math.inf
    return [Check("files", f"files {name}", END, excess, name, *texts, True)]


def _unreadable(name: str, one: dict, two: dict, tolerance: Tolerance, notes: list) -> list[Check]:
    notes.append(f"{name} cannot be read: {one['error']}")
    return []


_FILES = {
    "checkpoint": _checkpoint,
    "summaries": _summaries,
    "text": _text,
    "arrays": _arrays,
    "bytes": _bytes,
    "unreadable": _unreadable,
}
