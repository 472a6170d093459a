"""How far two values are apart, in parts of what is allowed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from flake8_tf2.prove.inside import values


class Tolerance(NamedTuple):
    """Two numbers agree where they are no more than rtol of the first, and atol, apart.

    In an array, the first number counts at least as much as the array's root mean square: rounding in a sum follows
    the size of what is summed.
    """

    rtol: float = 1e-4
    atol: float = 1e-7

    def excess(self, before: list, after: list) -> float:
        """How many times what is allowed two packed values are apart: 1 or less is equal, inf another kind of value."""
        if before[1] != after[1]:
            return math.inf
        one, digest = values.unpack(before)
        two, other = values.unpack(after)
        if (digest is None) != (other is None):
            if digest is None:
                one, digest = values.sampled(one.ravel()), values.digest(one)
            else:
                two, other = values.sampled(two.ravel()), values.digest(two)
        if one.dtype == object or two.dtype == object:
            return 0.0 if one.dtype == two.dtype and one.tolist() == two.tolist() else math.inf
        result = self.between(one, two)
        if digest is not None and other is not None:
            norm = np.float64(digest["norm"])
            sums = [np.array(entry["sum"]) / max(norm, 1e-300) for entry in (digest, other)]
            norms = self.between(norm, np.float64(other["norm"]))
            # A sum of numbers that cancel out is known only as well as its parts.
            result = max(result, norms, abs(sums[0] - sums[1]) / (self.rtol * math.sqrt(max(np.prod(before[1]), 1))))
        return float(result)

    def between(self, one: np.ndarray | np.generic, two: np.ndarray | np.generic) -> float:
        """The same for arrays of one shape."""
        if one.size == 0:
            return 0.0
        whole = one.dtype.kind in "iub" and two.dtype.kind in "iub"
        wide = np.complex128 if "c" in (one.dtype.kind, two.dtype.kind) else np.float64
        one, two = one.astype(wide), two.astype(wide)
        same = (one == two) | (np.isnan(one) & np.isnan(two))
        if same.all():
            return 0.0
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            finite = np.abs(one[np.isfinite(one)]) if one.ndim else np.abs(one)
            size = np.sqrt(np.mean(finite**2)) if finite.size else 0.0
            apart = np.abs(one - two)
            ratio = apart / (self.rtol * np.maximum(np.abs(one), 0.0 if whole else size) + self.atol)
        ratio = np.where(same, 0.0, np.where(np.isnan(ratio) | ~np.isfinite(apart), np.inf, ratio))
        worst = float(np.max(ratio))
        return max(worst, 2.0) if whole else worst  # counts and classes are equal or not


def shown(packed: list, limit: int = 4) -> str:
    """A packed value for people."""
    array, digest = values.unpack(packed)
    flat = array.ravel()
    if flat.size == 1 and digest is None and not packed[1]:
        return str(flat[0])
    text = " ".join(f"{item:.7g}" if array.dtype.kind == "f" else str(item) for item in flat[:limit])
    return f"[{text}{' ...' if flat.size > limit else ''}] of shape {packed[1]}"
