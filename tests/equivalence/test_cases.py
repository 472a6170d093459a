"""Every fix is executed: what the fixer wrote, under the TensorFlow 2 that is installed, against what TF 1.15.5 returned."""

from __future__ import annotations

import json
import sys

import pytest

pytest.importorskip("tensorflow", minversion="2.0")

import tensorflow as tf  # noqa: E402

from flake8_tf2 import registry  # noqa: E402
from flake8_tf2.fix import build  # noqa: E402
from flake8_tf2.fix.apply import fix_source  # noqa: E402
from flake8_tf2.index import rules_folder  # noqa: E402
from flake8_tf2.options import Options  # noqa: E402
from flake8_tf2.prove.cases import Case, executed  # noqa: E402
from flake8_tf2.prove.compare import differences, differences_in_bits, other_object, tells_nothing  # noqa: E402
from flake8_tf2.prove.program import run_job  # noqa: E402
from flake8_tf2.prove.record import golden_file, run  # noqa: E402
from flake8_tf2.rulefile import load_rules, program  # noqa: E402

RULES = {rule["name"]: rule for rule in load_rules(rules_folder()) if rule.get("fixes")}
CASES = [
    pytest.param(case, id=f"{rule['code']}-{rule['name']}-{case.number}")
    for rule in RULES.values()
    for case in executed(rule)
]


#: Errors that say that compat.v1 lacks what a case needs (contrib, mostly).
MISSING = ("AttributeError", "ImportError", "ModuleNotFoundError")


@pytest.fixture(scope="module")
def compat() -> dict[tuple[str, int], list[dict]]:
    """What each case returns before its fix, by tf.compat.v1 of the TF2 that is installed."""
    cases = [param.values[0] for param in CASES]
    results = iter(run(sys.executable, [job for case in cases for job in case.jobs(case.before)], compat=True)["results"])
    return {(case.rule, case.number): [next(results) for _ in case.draws] for case in cases}


def recorded(case: Case) -> list[dict]:
    """What TF 1.15.5 returned for a case."""
    path = golden_file(case)
    assert path.exists(), "not recorded: python -m flake8_tf2.prove.record --python TF1_PYTHON"
    entries = {entry["case"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))["cases"]}
    assert case.number in entries and entries[case.number]["hash"] == case.digest, "the recording is of another case"
    return entries[case.number]["results"]


def fixed(case: Case, monkeypatch) -> tuple[str, list[tuple[dict, str]]]:
    """The case as the fixer writes it, and the fixes of its rule that it took, each with its symbol."""
    taken = []
    original = build.Builder._edits

    def spy(self, site, spec):
        if site.match.rule.name == case.rule and (spec, site.match.symbol) not in taken:
            taken.append((spec, site.match.symbol))
        return original(self, site, spec)

    monkeypatch.setattr(build.Builder, "_edits", spy)
    return fix_source(case.before, "case.py", Options(**case.options), unsafe=True).source, taken


@pytest.mark.parametrize("case", CASES)
def test_case(case, compat, monkeypatch):
    after, taken = fixed(case, monkeypatch)
    assert after != case.before
    assert after.strip() == program(RULES[case.rule]["cases"][case.number - 1]["after"]).strip()
    proofs = [spec["proof"] for spec, _ in taken] or ["exact"]
    proof = next((p for p in proofs if p not in ("exact", "identity")), "exact")
    before_here = compat[case.rule, case.number]
    for number, (before, job) in enumerate(zip(recorded(case), case.jobs(after), strict=True), 1):
        result = run_job(job)
        inputs = f"with inputs {number}: {json.dumps(job['inputs'])[:500]}"
        assert differences(before, result, proof, case.drift) == [], inputs
        assert "error" not in before or case.fails, f"TF1 fails: {before}"
        assert not tells_nothing(before), "nothing is compared; let `observe` say what matters"
        here = before_here[number - 1]
        # compat.v1 counts where it still is what TF1 was: its Keras, for one, is not.
        if proof == "exact" and here.get("error") not in MISSING and not differences(before, here, proof, case.drift):
            assert differences_in_bits(here, result) == [], f"tf.compat.v1, {inputs}"


@pytest.mark.parametrize("case", CASES)
def test_identity(case, monkeypatch):
    """What a fix calls the same object is."""
    table = registry.load().table
    for spec, symbol in fixed(case, monkeypatch)[1]:
        target = new_name(spec, symbol, table)
        if spec["proof"] == "identity" and target:
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
    wanted = {golden_file(param.values[0]) for param in CASES}
    assert {path for path in golden.rglob("*.json") if path.parent.name not in ("wrong", "pieces")} <= wanted
