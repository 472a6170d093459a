"""The cases of rules as jobs of `program.py`: their inputs drawn, always the same ones."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Iterator, NamedTuple

import numpy as np

from flake8_tf2.prove.program import encode
from flake8_tf2.rulefile import program

#: More draws than this of one case say nothing new.
_MAX_DRAWS = 12


class Case(NamedTuple):
    """A case of a rule that is executed: number counts from 1 as in the rule file.

    draws: the inputs of each run. fails: whether TF1 raises for it, as TF2 then must.
    argv: the arguments of a case that is run as a program, else None. setup: code that runs before, on both sides.
    proof: what is claimed of this case, where it is more than its fixes claim.
    """

    rule: str
    chapter: str
    number: int
    before: str
    draws: list[list[dict]]
    observe: list[str]
    steps: int
    printed: bool
    drift: float | None
    fails: bool
    options: dict
    argv: list[str] | None = None
    setup: str = ""
    proof: str | None = None

    def jobs(self, source: str) -> list[dict]:
        """The jobs that run a source with each draw of the inputs."""
        setup = {"setup": self.setup} if self.setup else {}
        if self.argv is not None:
            return [{"source": source, "argv": self.argv, **setup}]
        shared = {"observe": self.observe, "steps": self.steps, "printed": self.printed, **setup}
        return [{"source": source, "inputs": inputs, **shared} for inputs in self.draws]

    @property
    def digest(self) -> str:
        """A hash of all that is run."""
        text = json.dumps(self.jobs(self.before), sort_keys=True)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def executed(rule: dict) -> Iterator[Case]:
    """The cases of a rule that are run: those that are fixed, unless they say why they cannot be."""
    for number, case in enumerate(rule["cases"], 1):
        if not rule.get("fixes") or "after" not in case or "unproved" in case:
            continue
        observe = case.get("observe", "{it}")
        observe = [observe] if isinstance(observe, str) else observe
        printed = observe == ["printed"]
        yield Case(
            rule["name"],
            Path(rule["file"]).parent.name,
            number,
            program(case["before"]),
            draws(case.get("given", {}), f"{rule['name']} {number}"),
            [] if printed else observe,
            case.get("steps", 1),
            printed,
            case.get("drift"),
            case.get("fails", False),
            case.get("options", {}),
            case.get("argv"),
            case.get("setup", ""),
            case.get("proof"),
        )


def draws(given: dict, name: str) -> list[list[dict]]:
    """Inputs of one case: each name over its dtypes and shapes, names with as many of them in step."""
    given = {key: {**given.get(spec.get("like"), {}), **spec} for key, spec in given.items()}
    choices = {key: list(_choices(spec)) for key, spec in given.items()}
    number = min(max((len(found) for found in choices.values()), default=1), _MAX_DRAWS)
    result = []
    for draw in range(number):
        inputs = []
        for key, found in choices.items():
            seed = int(hashlib.sha256(f"{name} {key} {draw}".encode()).hexdigest()[:8], 16)
            kind, dtype, value = found[draw % len(found)]
            if value is None:
                value = _drawn(np.random.RandomState(seed), *dtype, given[key].get("range"))
            inputs.append({"name": key, "kind": kind, **encode(value)})
        result.append(inputs)
    return result


def _choices(spec: dict) -> Iterator[tuple[str, tuple, np.ndarray | None]]:
    """(kind, (dtype, shape), value or None) of one name."""
    kind = spec.get("kind", "tensor")
    dtypes = spec.get("dtype", ["float32"])
    dtypes = [dtypes] if isinstance(dtypes, str) else dtypes
    if "values" in spec:
        for dtype in dtypes:
            numpy_type = object if dtype == "string" else dtype
            for value in spec["values"] if spec.get("each") else [spec["values"]]:
                yield kind, (dtype, None), np.array(_bytes(value) if dtype == "string" else value, dtype=numpy_type)
        return
    for dtype, shape in itertools.product(dtypes, spec.get("shape", [[3]])):
        yield kind, (dtype, shape), None


def _bytes(value: object) -> object:
    if isinstance(value, list):
        return [_bytes(part) for part in value]
    return value.encode("utf-8") if isinstance(value, str) else value


def _drawn(random: np.random.RandomState, dtype: str, shape: list[int], limits: list | None) -> np.ndarray:
    low, high = limits or (-3, 3)
    if dtype == "bool":
        return random.rand(*shape) < 0.5 if shape else np.bool_(random.rand() < 0.5)
    if dtype == "string":
        words = np.array([b"", b"a", b"b c", b"\xc3\xa9"], dtype=object)
        return words[random.randint(0, 4, size=shape)] if shape else np.array(words[random.randint(4)], dtype=object)
    if np.dtype(dtype).kind in "iu":
        return np.asarray(random.randint(int(low), int(high) + 1, size=shape), dtype=dtype)
    return np.asarray(random.uniform(low, high, size=shape), dtype=dtype)
