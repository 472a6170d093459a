"""Runs the cases of rules with fixes: what the fixer writes, in the TensorFlow 2 at hand, against the recordings."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from flake8_tf2.fix import build
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.index import rules_folder
from flake8_tf2.options import Options
from flake8_tf2.prove.cases import Case, executed
from flake8_tf2.prove.compare import differences, differences_in_bits, tells_nothing, worst_difference
from flake8_tf2.prove.program import run_job
from flake8_tf2.prove.record import golden_file, run
from flake8_tf2.rulefile import load_rules

RULES = {rule["name"]: rule for rule in load_rules(rules_folder()) if rule.get("fixes")}
CASES = [case for rule in RULES.values() for case in executed(rule)]
PARAMS = [pytest.param(case, id=f"{RULES[case.rule]['code']}-{case.rule}-{case.number}") for case in CASES]

#: Errors that say that compat.v1 lacks what a case needs (contrib, mostly).
MISSING = ("AttributeError", "ImportError", "ModuleNotFoundError")


class Taken(NamedTuple):
    """What the fixer made of a case: the source, the fixes of its rule that it took, each with its symbol, and the claim."""

    source: str
    fixes: list[tuple[dict, str]]
    claim: str | dict


class Verdict(NamedTuple):
    """What a comparison says: what differs beyond the claim, and how far apart the results are."""

    problems: list[str]
    worst: float


@functools.lru_cache(maxsize=None)
def _taken(number: int) -> Taken:
    case = CASES[number]
    fixes = []
    original = build.Builder._edits

    def spy(self, site, spec):
        if site.match.rule.name == case.rule and (spec, site.match.symbol) not in fixes:
            fixes.append((spec, site.match.symbol))
        return original(self, site, spec)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build.Builder, "_edits", spy)
        source = fix_source(case.before, "case.py", Options(**case.options), unsafe=True).source
    weak = [fix["proof"] for fix, _ in fixes if fix["proof"] not in ("exact", "identity")]
    return Taken(source, fixes, case.proof or next(iter(weak), "exact"))


def fixed(case: Case) -> Taken:
    """The case as the fixer writes it."""
    return _taken(CASES.index(case))


@functools.lru_cache(maxsize=None)
def _golden(path: Path) -> dict[int, dict]:
    assert path.exists(), "not recorded: python -m flake8_tf2.prove.record --python TF1_PYTHON"
    return {entry["case"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))["cases"]}


def recorded(case: Case) -> list[dict]:
    """What TF 1.15.5 returned for a case."""
    entries = _golden(golden_file(case))
    assert case.number in entries and entries[case.number]["hash"] == case.digest, "the recording is of another case"
    return entries[case.number]["results"]


@functools.lru_cache(maxsize=None)
def compat() -> dict[tuple[str, int], list[dict]]:
    """What each case returns before its fix, by tf.compat.v1 of the TensorFlow 2 that is installed."""
    results = iter(run(sys.executable, [job for case in CASES for job in case.jobs(case.before)], compat=True)["results"])
    return {(case.rule, case.number): [next(results) for _ in case.draws] for case in CASES}


@functools.lru_cache(maxsize=None)
def programs() -> dict[tuple[str, int], list[dict]]:
    """What the cases that are programs return after their fix: in a process that has not used TensorFlow yet."""
    cases = [case for case in CASES if case.argv is not None]
    results = iter(run(sys.executable, [job for case in cases for job in case.jobs(fixed(case).source)])["results"])
    return {(case.rule, case.number): [next(results) for _ in case.draws] for case in cases}


def results(case: Case) -> list[dict]:
    """What a case returns after its fix."""
    if case.argv is not None:
        return programs()[case.rule, case.number]
    return [run_job(job) for job in case.jobs(fixed(case).source)]


def judge(case: Case, after: list[dict], bits: bool = True) -> Verdict:
    """Whether results of a case agree with the recording as its fixes claim; with bits, and with tf.compat.v1.

    after: for the first of its inputs, or all.
    """
    claim, before = fixed(case).claim, recorded(case)
    problems = []
    worst = 0.0
    for number, (old, new) in enumerate(zip(before, after), 1):
        found = differences(old, new, claim, case.drift)
        if "error" in old and not case.fails:
            found.append(f"TF1 fails: {old}")
        if tells_nothing(old):
            found.append("nothing is compared; let `observe` say what matters")
        if bits and claim == "exact":
            here = compat()[case.rule, case.number][number - 1]
            # compat.v1 counts where it still is what TF1 was: its Keras, for one, is not.
            if here.get("error") not in MISSING and not differences(old, here, claim, case.drift):
                found += [f"tf.compat.v1: {problem}" for problem in differences_in_bits(here, new)]
        problems += [f"inputs {number}: {problem}" for problem in found]
        worst = max(worst, worst_difference(old, new, claim))
    return Verdict(problems, worst)
