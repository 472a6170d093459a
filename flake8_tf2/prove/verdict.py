"""What a comparison of two programs comes to, for people and as JSON."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

from flake8_tf2.prove.agree import END, Check, Comparison
from flake8_tf2.prove.rounding import FACTOR, Rounding
from flake8_tf2.prove.tolerance import Tolerance

EQUAL, DIFFERENT, NOT_COMPARABLE = "equal", "different", "not comparable"
EXIT = {EQUAL: 0, DIFFERENT: 1, NOT_COMPARABLE: 3}
#: So many differences are told.
_TOLD = 10


@dataclasses.dataclass
class Verdict:
    """verdict: equal, different or not comparable; reason: why, in words.

    until: where the comparison ended because the program itself amplifies rounding. differences: the first ones, in the
    order of the run. compared: by kind, how much, and `worst`, in parts of what is allowed.
    """

    verdict: str
    reason: str
    reference: str = ""
    other: str = ""
    until: str = ""
    compared: dict = dataclasses.field(default_factory=dict)
    differences: list[dict] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    @property
    def exit_status(self) -> int:
        return EXIT[self.verdict]

    def as_json(self) -> dict:
        return dataclasses.asdict(self)

    def as_text(self) -> str:
        """Lines for people."""
        out = [f"{self.verdict}: {self.reason}"]
        if self.reference:
            out.append(f"  before ran under {self.reference}, after under {self.other}")
        for kind, counts in self.compared.items():
            out.append(f"  {kind}: {_counted(counts)}; worst {_parts(counts['worst'])}")
        if self.until:
            out.append(f"  up to: {self.until}")
        for difference in self.differences:
            out.append(f"  {difference['kind']}, {difference['where']}")
            out += [f"    {side}: {difference[side]}" for side in ("before", "after")]
        out += [f"  note: {note}" for note in self.notes]
        return "\n".join(out) + "\n"


def _counted(counts: dict) -> str:
    """Counts in words: `21 of 22 values at 2 places`."""
    counts = dict(counts)
    counts.pop("worst")
    total, compared = counts.pop("of", None), counts.pop("compared", None)
    found = [f"{compared} of {total}"] if compared is not None else []
    for name, number in counts.items():
        if name == "values":
            found.append(f"{number} of {total} {name}")
        elif number or name in ("lines", "numbers"):
            found.append(f"{number} {name}")
    return ", ".join(found)


def _parts(worst: float | None) -> str:
    return "of another kind" if worst is None else f"{worst:.2g} of what is allowed"


def judge(comparison: Comparison, rounding: Rounding, tolerance: Tolerance) -> Verdict:
    """The verdict on two programs that both ended by themselves."""
    seen: Counter[str] = Counter()
    beyond: list[Check] = []
    first_explained: Check | None = None
    left_out = 0
    worst: dict[str, float] = {}
    for check in comparison.checks:
        seen[check.slot] += 1
        if rounding.chaos is not None and check.order >= rounding.chaos:
            left_out += 1
            continue
        worst[check.kind] = max(worst.get(check.kind, 0.0), check.excess)
        if check.excess > rounding.allowed(check, tolerance, seen[check.slot]):
            beyond.append(check)
        elif check.excess > 1 and first_explained is None:
            first_explained = check
    compared = {
        kind: {**counts, "worst": _finite(worst.get(kind, 0.0))} for kind, counts in comparison.counts.items()
    }
    result = Verdict(EQUAL, "", compared=compared, notes=list(comparison.notes))
    if not comparison.checks:
        return dataclasses.replace(result, verdict=NOT_COMPARABLE, reason="nothing that both did could be compared")
    result.until = _until(comparison, rounding, first_explained, left_out)
    if beyond:
        told = beyond[:_TOLD]
        result.differences = [
            {"kind": c.kind, "where": c.where, "before": c.before, "after": c.after, "excess": _finite(c.excess)}
            for c in told
        ]
        result.verdict = DIFFERENT
        result.reason = f"first in what was {_VERBS[told[0].kind]}, {told[0].where}"
        if len(beyond) > len(told):
            result.notes.append(f"{len(beyond)} places differ, the first {len(told)} are told")
    elif left_out == len(comparison.checks):
        result.verdict = NOT_COMPARABLE
        result.reason = "before is apart from its own run, with its inputs changed by 2e-7, from the start"
    else:
        result.reason = "what could be compared agrees"
        if result.until:
            result.reason += ", as far as the program itself can tell"
    return result


_VERBS = {"printed": "printed", "fetched": "fetched", "variables": "left in variables", "files": "written"}


def _finite(excess: float) -> float | None:
    """JSON has no infinity: None is another kind of value."""
    return None if math.isinf(excess) else float(f"{excess:.3g}")


def _until(comparison: Comparison, rounding: Rounding, explained: Check | None, left_out: int) -> str:
    if explained is None and not left_out:
        return ""
    own = f"before's own runs, with inputs and initial values changed by 2e-7 ({rounding.runs} of them)"
    text = ""
    if explained is not None:
        text = f"{explained.where}: from there the sides are more apart than is allowed, but no more than {FACTOR:g} "
        text += f"times as far as {own}"
    if left_out:
        step = "the end" if rounding.chaos == END else f"fetch {max(math.ceil(rounding.chaos or 0), 0) + 1}"
        text += f"{'; ' if text else ''}{step}: from there {own} have nothing to do with each other, "
        text += f"and {left_out} of {len(comparison.checks)} numbers and texts are not compared"
    return text
