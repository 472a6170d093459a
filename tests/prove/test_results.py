"""The results that are committed are of the rules and the suite as they are, and of runs that passed."""

from __future__ import annotations

import json

import pytest

from flake8_tf2.prove import results, summary
from tests.equivalence.suite import CASES, RULES

RESULTS = summary.load()
AGAIN = {
    "cpu": "python -m pytest tests/equivalence -m 'not gpu' --results tests/golden/results, with that TensorFlow",
    "gpu": "python -m pytest tests/equivalence -m gpu --results FOLDER, on a GPU; commit FOLDER/gpu.json",
}


@pytest.mark.parametrize("name", RESULTS)
def test_they_are_of_the_rules_as_they_are(name):
    assert list(results.stale(RESULTS[name], RULES, CASES)) == [], f"run {AGAIN[name[:3]]}"


@pytest.mark.parametrize("name", [name for name in RESULTS if name != "gpu"])
def test_every_case_was_run_on_a_cpu(name):
    assert results.missing(RESULTS[name], CASES) == [], f"run {AGAIN['cpu']}"


@pytest.mark.parametrize("name", RESULTS)
def test_they_passed(name):
    assert [case for case in RESULTS[name]["cases"] if case.get("problems")] == []
    assert not RESULTS[name]["ran"]["device"].startswith("none")


def test_both_versions_are_there():
    assert {"cpu-2.16", "cpu-2.21"} <= set(RESULTS)


def test_what_changed_is_told(tmp_path):
    case = CASES[0]
    entry = results.entry(RULES[case.rule], case, {"close": {}}, 1.2345e-7, [])
    assert (entry["worst"], entry["claim"]) == (1.2e-7, "close")
    results.write(tmp_path / "gpu.json", {"device": "a GPU"}, [entry])
    found = summary.load(tmp_path)["gpu"]
    assert list(results.stale(found, RULES, CASES)) == []
    assert len(results.missing(found, CASES)) == len(CASES) - 1
    found["cases"][0]["state"] = "another"
    assert list(results.stale(found, RULES, CASES)) == [
        f"{case.rule}, case {case.number}: another case, fix, claim or recording"
    ]
    found["cases"][0]["case"] = 99
    assert list(results.stale(found, RULES, CASES)) == [f"{case.rule}, case 99: there is no such case"]
    found = json.loads((tmp_path / "gpu.json").read_text())
    assert list(results.stale({**found, "suite": "another"}, RULES, CASES)) == ["the code of the suite is another"]
