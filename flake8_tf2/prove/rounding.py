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
#: From where a program's own runs are so far apart, in parts of the numbers, what they print may be anything.
_CHAOS = 0.05


class Rounding:
    """How far a program is apart from itself, by slot and order, in parts of what `tolerance` allows."""

    def __init__(self, tolerance: Tolerance):
        self._tolerance = tolerance
        #: [order, excess] where the excess of a slot grows; "" is that of all numbers while the program runs.
        self._slots: dict[str, list[list[float]]] = {}
        #: What differs when the program is run again with nothing changed.
        self._noise: set[str] = set()
        self.runs = 0

    def add_repetition(self, checks: Iterable[Check]) -> None:
        """Add what a run with nothing changed was apart: names that are made up, other randomness; before `add`."""
        self._noise |= {_place(check) for check in checks if check.excess > 1}

    def add(self, checks: Iterable[Check]) -> None:
        """Add what a run with changed inputs was apart; the checks are in order."""
        found: dict[str, list[list[float]]] = {}
        for check in checks:
            if self.is_noise(check) or check.excess * FACTOR <= 1:
                continue
            for slot in (check.slot, "") if check.order < END and not check.whole else (check.slot,):
                grown = found.setdefault(slot, [])
                if not grown or check.excess > grown[-1][1]:
                    grown.append([check.order, check.excess])
        for slot, grown in found.items():
            self._slots[slot] = _highest(self._slots.get(slot, []), grown)
        self.runs += 1

    def is_noise(self, check: Check) -> bool:
        """Whether it differs each time that the program runs."""
        return _place(check) in self._noise

    def allowed(self, check: Check, tolerance: Tolerance, seen: int) -> float:
        """The excess that rounding explains; seen: how often the slot was seen until then."""
        own = self._at(check.slot, check.order)
        if check.text or seen < _HISTORY and check.order < END:
            own = max(own, self._at("", check.order))
        if check.text:
            return math.inf if own * self._tolerance.rtol > _CHAOS else 1.0
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
        }
        return {**self._tolerance._asdict(), "runs": self.runs, "noise": sorted(self._noise), "slots": slots}

    @classmethod
    def from_json(cls, found: dict) -> Rounding:
        """What a recording has."""
        result = cls(Tolerance(found["rtol"], found["atol"]))
        result._slots = {
            slot: [[END if order is None else order, math.inf if x is None else x] for order, x in grown]
            for slot, grown in found["slots"].items()
        }
        result._noise, result.runs = set(found["noise"]), found["runs"]
        return result


def _place(check: Check) -> str:
    """What is noise: a number in all lines that read so, a text in its own line."""
    return f"{check.slot} {check.where}" if check.text else check.slot


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
