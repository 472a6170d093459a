"""What programs print, as text with numbers in it."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from flake8_tf2.prove.tolerance import Tolerance

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:nan\b|inf\b|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\d_])", re.IGNORECASE)
#: numpy 2 says the type of a scalar inside of a list, numpy 1 did not.
_SCALAR = re.compile(r"\bnp\.(?:(?:float|int|uint|bool|complex|str|bytes)\w*)\(([^()]*)\)|\bnp\.(True|False)_\b")
#: An array that is printed over more lines than this is no array.
_MOST_LINES = 5000
_PLACE = "\0"
#: Numbers that agree are rounded to different sides often enough where the last place is no more than so many times
#: what is allowed.
_LIKELY = 20


class Line(NamedTuple):
    """A line: where it begins, its text with a mark for each number, its numbers as they are written."""

    number: int
    text: str
    numbers: list[str]

    @property
    def shown(self) -> str:
        numbers = iter(self.numbers)
        return re.sub(_PLACE, lambda _: next(numbers), self.text)


def lines(text: str) -> list[Line]:
    """The lines of what was printed; an array that goes over several is one."""
    result = []
    for number, line in _joined(_SCALAR.sub(lambda m: m[1] if m[1] is not None else m[2], text)):
        line = re.sub(r"\b0x[0-9a-f]{6,}", "address", line)
        line = re.sub(r"(?<=[\[(]) +| +(?=[\])])", "", " ".join(line.split()))
        result.append(Line(number, _NUMBER.sub(_PLACE, line), _NUMBER.findall(line)))
    return result


def _joined(text: str) -> list[tuple[int, str]]:
    """(number, line) with the lines of an array as one."""
    found = text.split("\n")
    if found and not found[-1]:
        found.pop()
    result = []
    at = 0
    while at < len(found):
        end, depth = at + 1, _depth(found[at])
        while depth > 0 and end < len(found) and end - at < _MOST_LINES:
            depth += _depth(found[end])
            end += 1
        if depth:  # a bracket alone
            end = at + 1
        result.append((at, " ".join(found[at:end])))
        at = end
    return result


def _depth(line: str) -> int:
    return line.count("[") - line.count("]")


def excess(before: str, after: str, tolerance: Tolerance) -> float:
    """How many times what is allowed two written numbers are apart.

    One in the last place may be rounding to the other side. Where few places are written that hardly ever happens.
    """
    one, two = np.float64(before), np.float64(after)
    if is_whole(before) and is_whole(after):
        return tolerance.between(np.int64(min(max(one, -(2**62)), 2**62)), np.int64(min(max(two, -(2**62)), 2**62)))
    result = tolerance.between(one, two)
    unit = min(_unit(before), _unit(after))
    if result <= 1 or not np.isfinite(result) or unit > _LIKELY * (tolerance.rtol * abs(one) + tolerance.atol):
        return result
    if abs(one - two) <= unit * 1.001:
        return 1.0
    return tolerance.between(one, two + np.sign(one - two) * unit)


def is_whole(text: str) -> bool:
    """Whether a number is written without a point."""
    return text.lstrip("+-").isdigit()


def _unit(text: str) -> float:
    """The value of one in the last place."""
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 10.0 ** ((int(exponent) if exponent.lstrip("+-").isdigit() else 0) - decimals)
