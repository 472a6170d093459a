"""Every fix is executed: what the fixer wrote, under the TensorFlow 2 that is installed, against what TF 1.15.5 returned."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("tensorflow", minversion="2.0")

from flake8_tf2.fix import build  # noqa: E402
from flake8_tf2.fix.apply import fix_source  # noqa: E402
from flake8_tf2.index import rules_folder  # noqa: E402
from flake8_tf2.options import Options  # noqa: E402
from flake8_tf2.prove.cases import Case, executed  # noqa: E402
from flake8_tf2.prove.compare import differences  # noqa: E402
from flake8_tf2.prove.program import run_job  # noqa: E402
from flake8_tf2.prove.record import golden_file  # noqa: E402
from flake8_tf2.rulefile import load_rules  # noqa: E402

RULES = {rule["name"]: rule for rule in load_rules(rules_folder()) if rule.get("fixes")}
CASES = [
    pytest.param(case, id=f"{rule['code']}-{rule['name']}-{case.number}")
    for rule in RULES.values()
    for case in executed(rule)
]


def recorded(case: Case) -> list[dict]:
    """What TF 1.15.5 returned for a case."""
    path = golden_file(case)
    assert path.exists(), "not recorded: python -m flake8_tf2.prove.record --python TF1_PYTHON"
    entries = {entry["case"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))["cases"]}
    assert case.number in entries and entries[case.number]["hash"] == case.digest, "the recording is of another case"
    return entries[case.number]["results"]


def fixed(case: Case, monkeypatch) -> tuple[str, list[dict]]:
    """The case as the fixer writes it, and the fixes of its rule that it took."""
    taken = []
    original = build.Builder._edits

    def spy(self, site, spec):
        if site.match.rule.name == case.rule and spec not in taken:
            taken.append(spec)
        return original(self, site, spec)

    monkeypatch.setattr(build.Builder, "_edits", spy)
    return fix_source(case.before, "case.py", Options(**case.options), unsafe=True).source, taken


@pytest.mark.parametrize("case", CASES)
def test_case(case, monkeypatch):
    after, taken = fixed(case, monkeypatch)
    assert after != case.before
    proofs = [spec["proof"] for spec in taken] or ["exact"]
    proof = next((p for p in proofs if p not in ("exact", "identity")), "exact")
    for number, (before, job) in enumerate(zip(recorded(case), case.jobs(after), strict=True), 1):
        found = differences(before, run_job(job), proof, case.drift)
        assert found == [], f"with inputs {number}: {json.dumps(job['inputs'])[:500]}"
        assert "error" not in before or case.fails, f"TF1 fails: {before}"
