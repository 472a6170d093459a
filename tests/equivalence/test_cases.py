"""Every fix is executed: what the fixer wrote, under the TensorFlow 2 that is installed, against what TF 1.15.5 returned."""

from __future__ import annotations

import functools

import pytest

pytest.importorskip("tensorflow", minversion="2.0")

import tensorflow as tf  # noqa: E402

from flake8_tf2 import registry  # noqa: E402
from flake8_tf2.index import rules_folder  # noqa: E402
from flake8_tf2.prove.compare import other_object  # noqa: E402
from flake8_tf2.prove.record import golden_file  # noqa: E402
from flake8_tf2.prove.results import entry  # noqa: E402
from flake8_tf2.rulefile import program  # noqa: E402
from tests.equivalence import environment  # noqa: E402
from tests.equivalence.suite import CASES, PARAMS, RULES, fixed, judge, results  # noqa: E402


@pytest.mark.parametrize("case", PARAMS)
def test_case(case, tell):
    after = fixed(case).source
    assert after != case.before
    assert after.strip() == program(RULES[case.rule]["cases"][case.number - 1]["after"]).strip()
    verdict = judge(case, results(case))
    tell(environment.name(), ran(), entry(RULES[case.rule], case, fixed(case).claim, *reversed(verdict)))
    assert verdict.problems == []


@functools.lru_cache(maxsize=None)
def ran() -> dict:
    """What runs the suite."""
    return {"device": "CPU", **environment.versions()}


@pytest.mark.parametrize("case", PARAMS)
def test_identity(case):
    """What a fix calls the same object is. For what TensorFlow 2 wraps, the comparison above counts: see test_renames.py."""
    table = registry.load().table
    for spec, symbol in fixed(case).fixes:
        target = new_name(spec, symbol, table)
        row = table.row(symbol)
        if spec["proof"] == "identity" and target and row and row.status == "renamed":
            assert other_object(tf, symbol, target) == ""


def new_name(spec: dict, symbol: str, table) -> str:
    """The TF2 name that a fix gives to a symbol, as far as it only renames."""
    rename = spec.get("rename")
    if isinstance(rename, dict):
        rename = rename.get(symbol)
    if rename and "{" not in rename:
        return rename
    row = table.row(symbol)
    return row.target if row else ""


def test_every_recording_is_of_a_case():
    golden = rules_folder().parent / "tests" / "golden"
    found = {path for path in golden.rglob("*.json") if path.parent.name not in ("wrong", "results", "pieces")}
    assert found <= {golden_file(case) for case in CASES}
