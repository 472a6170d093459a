"""Compares what was computed before and after, as strictly as the fix claims."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Iterator

import numpy as np

from flake8_tf2.prove.program import decode

#: How far the same op of TF 1.15.5 and of TF2 may be apart, by dtype; measured on ops that did not change.
DRIFT = {"float64": 1e-12, "float32": 3e-5, "float16": 2e-3, "bfloat16": 1e-2}
#: The level at which the two-sample Kolmogorov-Smirnov test rejects, and the fewest values that it is asked about.
_LEVEL = 1e-6
_SAMPLE = 2048


def differences(before: dict, after: dict, proof: str | dict, drift: float | None = None) -> list[str]:
    """What differs beyond the claim, in words; nothing where the results agree.

    proof: `identity`, `exact`, `distribution` or {"close": {"rtol", "atol"}}. drift: rtol, instead of the usual one.
    """
    if "error" in before or "error" in after:
        if "error" in before and "error" in after:
            return []
        which, result = ("before", before) if "error" in before else ("after", after)
        return [f"fails only {which}: {result['error']}: {result.get('message', '')}"]
    return list(_compare(before, after, "", Claim(proof, drift)))


def differences_in_bits(before: dict, after: dict) -> list[str]:
    """What differs at all between the values of two runs of one TensorFlow."""
    if "error" in before or "error" in after:
        return differences(before, after, "exact")
    return list(_compare(before["values"], after["values"], "values", Bits()))


def worst_difference(before: dict, after: dict, proof: str | dict) -> float:
    """How far two results are apart at most: |a - b|, of what is greater than 1 relative to it.

    With `distribution` it is the largest gap between the empirical distributions.
    """
    meter = Meter(proof)
    if "error" not in before and "error" not in after:
        list(_compare(before, after, "", meter))
    return meter.worst


def tells_nothing(result: dict) -> bool:
    """Whether a result would be the same whatever was computed: objects of some class, or None."""
    shown = any(result.get(key) for key in ("printed", "logged", "files"))
    return "error" not in result and not shown and not any(map(_tells, result["values"]))


def _tells(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_tells, value))
    for key in ("list", "dict", "sparse"):
        if key in value:
            parts = value[key]
            return any(map(_tells, parts.values() if isinstance(parts, dict) else parts))
    return "kind" not in value and value != {"python": None}


def other_object(tf: ModuleType, old: str, new: str) -> str:
    """Why a TF1 symbol and a TF2 symbol are not one object in the TF2 that is installed, or ""."""
    from tensorflow.python.util import tf_decorator

    found = []
    for name in (f"tf.compat.v1.{old.removeprefix('tf.')}", new):
        try:
            found.append(tf_decorator.unwrap(functools.reduce(getattr, name.split(".")[1:], tf))[1])
        except AttributeError:
            return f"there is no {name}"
    return "" if found[0] is found[1] else f"tf.compat.v1 has another object as {old} than {new}"


class Bits:
    """Two arrays must have the same bits; one NaN is as good as another."""

    def problem(self, before: np.ndarray, after: np.ndarray) -> str:
        if before.dtype.kind in "fc" or before.dtype.name == "bfloat16":
            before, after = _wide(before), _wide(after)
            equal = np.array_equal(before, after, equal_nan=True)
            signs = (np.signbit(before.real) == np.signbit(after.real)) | np.isnan(before)
            equal = equal and bool(signs.all())
        else:
            equal = np.array_equal(before, after)
        return "" if equal else f"other bits: {before.ravel()[:4]} is {after.ravel()[:4]}"


class Meter:
    """Measures how far arrays are apart, whatever is claimed."""

    def __init__(self, proof: str | dict):
        self.distribution = proof == "distribution"
        self.worst = 0.0

    def problem(self, before: np.ndarray, after: np.ndarray) -> str:
        if self.distribution and before.dtype.kind == "f":
            self.worst = max(self.worst, _gap(*map(_sorted, (before, after))))
        elif before.size and (before.dtype.kind in "fc" or before.dtype.name == "bfloat16"):
            before, after = _wide(before), _wide(after)
            with np.errstate(invalid="ignore"):
                apart = np.abs(after - before) / np.maximum(np.abs(before), 1)
            apart = np.where((before == after) | np.isnan(before) & np.isnan(after), 0, apart)
            self.worst = max(self.worst, float(np.nan_to_num(apart, nan=np.inf).max()))
        return ""


class Claim:
    """How equal two arrays must be."""

    def __init__(self, proof: str | dict, drift: float | None):
        self.distribution = proof == "distribution"
        self.close = proof["close"] if isinstance(proof, dict) else None
        self.drift = drift

    def problem(self, before: np.ndarray, after: np.ndarray) -> str:
        """Why two arrays of one dtype and shape do not agree, or ""."""
        if self.distribution and before.dtype.kind == "f":
            return _other_distribution(before, after)
        if before.dtype.kind not in "fc" and before.dtype.name != "bfloat16":
            return "" if np.array_equal(before, after) else f"{before.tolist()!s:.200} is {after.tolist()!s:.200}"
        name = before.dtype.name
        before, after = _wide(before), _wide(after)
        if self.close is not None and (np.isnan(before).any() or np.isnan(after).any()):
            return "it is not a number"
        rtol = self.drift if self.drift is not None else DRIFT.get(name, 3e-5)
        atol = rtol / 10
        if self.close is not None:
            rtol, atol = self.close.get("rtol", 0), self.close.get("atol", 0)
        if np.allclose(after, before, rtol=rtol, atol=atol, equal_nan=True):
            return ""
        with np.errstate(invalid="ignore"):
            apart = np.abs(after - before)
        worst = np.max(apart, where=~np.isnan(apart), initial=0)
        return f"{worst:.3g} apart: {before.ravel()[:4]} is {after.ravel()[:4]}"


def _wide(array: np.ndarray) -> np.ndarray:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _compare(before: object, after: object, where: str, claim: Claim | Bits | Meter) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict) and "dtype" in before and "dtype" in after:
        for key in ("dtype", "shape"):
            if before[key] != after[key]:
                yield f"{where}: {key} {before[key]} is {after[key]}"
                return
        problem = claim.problem(decode(before), decode(after))
        if problem:
            yield f"{where}: {problem}"
    elif isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from _compare(before[key], after[key], f"{where}.{key}" if where else key, claim)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, pair in enumerate(zip(before, after)):
            yield from _compare(*pair, f"{where}[{number}]", claim)
    elif type(before) is not type(after) or before != after:  # True is no 1
        yield f"{where}: {before!s:.200} is {after!s:.200}"


def _sorted(array: np.ndarray) -> np.ndarray:
    return np.sort(array.ravel().astype(np.float64))


def _gap(one: np.ndarray, two: np.ndarray) -> float:
    """The largest distance between the empirical distributions of two sorted samples."""
    if not one.size or not two.size:
        return 0.0
    both = np.concatenate([one, two])
    gap = np.searchsorted(one, both, "right") / one.size - np.searchsorted(two, both, "right") / two.size
    return float(np.abs(gap).max())


def _other_distribution(before: np.ndarray, after: np.ndarray) -> str:
    """Whether two samples come from one distribution: the Kolmogorov-Smirnov test, the extremes and the spread."""
    one, two = _sorted(before), _sorted(after)
    if one.size < _SAMPLE:
        return f"{one.size} values say too little of a distribution; observe {_SAMPLE} at least"
    gap = _gap(one, two)
    limit = np.sqrt(-np.log(_LEVEL / 2) / 2 * (one.size + two.size) / (one.size * two.size))
    if gap > limit:
        return f"another distribution: the empirical distributions are {gap:.3g} apart, {limit:.3g} is allowed"
    # Truncation and scale show in the extremes and the deviation long before they show in that test.
    for name, number in (("standard deviation", np.std), ("largest magnitude", lambda x: np.abs(x).max())):
        a, b = number(one), number(two)
        allowed = 6 / np.sqrt(2 * one.size) if name == "standard deviation" else 0.1
        if abs(a - b) > allowed * max(a, b, 1e-30):
            return f"another distribution: its {name} is {b:.5g}, was {a:.5g}"
    return ""
