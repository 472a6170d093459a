"""What a program makes of rounding: how far its own runs are apart when its inputs are changed by 2e-7."""

from __future__ import annotations

import bisect
import math
from typing import Iterable

from flake8_tf2.prove.agree import END, Check
from flake8_tf2.prove.tolerance import Tolerance

#: AFTER may be so many times as far from BEFORE as BEFORE is from itself with changed inputs.
FACTOR = 10.0
#: A place that was seen fewer times than this tells too little of itself: then all places count.
_HISTORY = 5
#: From where a program's own runs are so far apart, in parts of the numbers, there is nothing to compare.
_CHAOS = 0.05


class Rounding:
    """How far a program is apart from itself, by slot and order, in parts of what `tolerance` allows."""

    def __init__(self, tolerance: Tolerance):
        self._tolerance = tolerance
        #: [order, excess] where the excess of a slot grows; "" is that of all slots.
        self._slots: dict[str, list[list[float]]] = {}
        #: The order from which the program's own runs have nothing to do with each other.
        self.chaos: float | None = None
        self.runs = 0

    def add(self, checks: Iterable[Check]) -> None:
        """Add what a run with changed inputs was apart; the checks are in order."""
        found: dict[str, list[list[float]]] = {}
        for check in checks:
            for slot in (check.slot, "") if not check.whole else (check.slot,):
                grown = found.setdefault(slot, [])
                if check.excess * FACTOR > 1 and (not grown or check.excess > grown[-1][1]):
                    grown.append([check.order, check.excess])
            if not check.whole and check.excess * self._tolerance.rtol > _CHAOS:
                self.chaos = check.order if self.chaos is None else min(self.chaos, check.order)
        for slot, grown in found.items():
            self._slots[slot] = _highest(self._slots.get(slot, []), grown)
        self.runs += 1

    def allowed(self, check: Check, tolerance: Tolerance, seen: int) -> float:
        """The excess that rounding explains; seen: how often the slot was seen until then."""
        own = self._at(check.slot, check.order)
        if seen < _HISTORY or check.text:
            own = max(own, self._at("", check.order))
        return max(1.0, own * FACTOR * self._tolerance.rtol / tolerance.rtol)

    def _at(self, slot: str, order: float) -> float:
        grown = self._slots.get(slot, [])
        index = bisect.bisect_right([entry[0] for entry in grown], order)
        return grown[index - 1][1] if index else 0.0

    def as_json(self) -> dict:
        """For a recording."""
        slots = {
            slot: [[_or_none(order), _or_none(float(f"{excess:.3g}"))] for order, excess in grown]
            for slot, grown in self._slots.items()
            if grown
        }
        chaos = "end" if self.chaos == END else self.chaos
        return {**self._tolerance._asdict(), "runs": self.runs, "chaos": chaos, "slots": slots}

    @classmethod
    def from_json(cls, found: dict) -> Rounding:
        """What a recording has."""
        result = cls(Tolerance(found["rtol"], found["atol"]))
        result._slots = {
            slot: [[END if order is None else order, math.inf if x is None else x] for order, x in grown]
            for slot, grown in found["slots"].items()
        }
        result.chaos = END if found["chaos"] == "end" else found["chaos"]
        result.runs = found["runs"]
        return result


def _or_none(number: float) -> float | None:
    """JSON has no infinity."""
    return None if number == math.inf else number


def _highest(one: list[list[float]], two: list[list[float]]) -> list[list[float]]:
    """Where the larger of two growing excesses grows."""
    result: list[list[float]] = []
    for order, excess in sorted([*one, *two]):
        if not result or excess > result[-1][1]:
            if result and result[-1][0] == order:
                result[-1][1] = excess
            else:
                result.append([order, excess])
    return result
