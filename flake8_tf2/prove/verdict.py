"""What a comparison of two programs comes to, for people and as JSON."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

from flake8_tf2.prove.agree import Check, Comparison
from flake8_tf2.prove.rounding import FACTOR, Rounding
from flake8_tf2.prove.tolerance import Tolerance

EQUAL, DIFFERENT, NOT_COMPARABLE = "equal", "different", "not comparable"
EXIT = {EQUAL: 0, DIFFERENT: 1, NOT_COMPARABLE: 3}
#: So many differences are told.
_TOLD = 5
#: Where the program's own runs allow such a relative difference, no check can fail.
_MEANINGLESS = 0.5


@dataclasses.dataclass
class Verdict:
    """verdict: equal, different or not comparable; reason: why, in words.

    until: where the comparison ended because the program itself amplifies rounding. differences: the first ones, in the
    order of the run. compared: by kind, how much, how much of it was left out since nothing could differ there, and
    `worst`, in parts of what is allowed.
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
    explained: list[Check] = []
    left_out: list[Check] = []
    noise: list[Check] = []
    worst: dict[str, float] = {}
    for check in comparison.checks:
        seen[check.slot] += 1
        allowed = rounding.allowed(check, tolerance, seen[check.slot])
        if rounding.is_noise(check):
            noise.append(check)
        elif allowed * tolerance.rtol > _MEANINGLESS:
            left_out.append(check)
        else:
            worst[check.kind] = max(worst.get(check.kind, 0.0), check.excess)
            if check.excess > allowed:
                beyond.append(check)
            elif check.excess > 1:
                explained.append(check)
    compared = {}
    for kind, counts in comparison.counts.items():
        without = sum(check.kind == kind for check in [*left_out, *noise])
        compared[kind] = {**counts, "left out": without, "worst": _finite(worst.get(kind, 0.0))}
    result = Verdict(EQUAL, "", compared=compared, notes=list(comparison.notes))
    if noise:
        places = ", ".join(dict.fromkeys(check.where for check in noise[:3]))
        result.notes.append(f"left out is what differs when before is run again as it is: {places}")
    result.until = _until(comparison, rounding, explained, left_out)
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
    elif not comparison.checks:
        result.verdict, result.reason = NOT_COMPARABLE, "nothing that both did could be compared"
    elif _tells_nothing(comparison.checks, {*left_out, *noise}):
        result.verdict, result.reason = NOT_COMPARABLE, "before's own runs have nothing in common from the start"
    else:
        result.reason = "what could be compared agrees"
        if result.until:
            result.reason += ", as far as the program itself can tell"
    return result


_VERBS = {"printed": "printed", "fetched": "fetched", "variables": "left in variables", "files": "written"}


def _tells_nothing(checks: list[Check], without: set[Check]) -> bool:
    """Whether nothing was compared that the programs computed: no number that was fetched, if there are any."""
    if without.issuperset(checks):
        return True
    numbers = [check for check in checks if not check.text]
    numbers = [check for check in numbers if check.kind == "fetched"] or numbers
    return bool(numbers) and without.issuperset(numbers)


def _finite(excess: float) -> float | None:
    """JSON has no infinity: None is another kind of value."""
    return None if math.isinf(excess) else float(f"{excess:.3g}")


def _until(comparison: Comparison, rounding: Rounding, explained: list[Check], left_out: list[Check]) -> str:
    own = f"before's own runs with inputs and initial values changed by 2e-7 ({rounding.runs} of them)"
    parts = []
    if explained:
        parts.append(f"{explained[0].where}: from there the sides are more apart than is allowed, but no more than "
                     f"{FACTOR:g} times as far as {own}")  # fmt: skip
    if left_out:
        parts.append(f"{left_out[0].where}: there {own} have nothing in common any more, and "
                     f"{len(left_out)} of {len(comparison.checks)} checks are left out")  # fmt: skip
    return "; ".join(parts)
