"""What pages say of the proof."""

from __future__ import annotations

import json

from flake8_tf2.prove import summary


def result(device, *cases, version="2.21.0"):
    keys = ("rule", "case", "claim", "worst", "cpu")
    found = [{**dict(zip(keys, case)), "inputs": 3} for case in cases]
    return {"ran": {"device": device, "tensorflow": version}, "cases": found}


CPU = result("CPU", ("a", 1, "exact", 1e-7), ("a", 2, "exact", 2e-7), ("a", 3, "distribution", 0.01), ("b", 1, "close", 0.0))
GPU = result("NVIDIA H100", ("a", 1, "exact", 3e-7, 1e-3), ("b", 1, "close", 0.0, 0.0))

SECTION = """\
## Proof

Run before the fix by TensorFlow 1.15.5, after it by these; the [worst differences](../proof.md#cases):

| claim | cases | inputs | TF 2.21, CPU | TF 2.21, NVIDIA H100 |
| --- | --- | --- | --- | --- |
| exact | 2 | 6 | 2e-07 | 3e-07 |
| distribution | 1 | 3 | 0.01 | not run |

- Not run on a GPU: case 2, 3.
- Case 1 is 0.001 apart between the GPU and the CPU beside it."""


def test_the_section_of_a_rule():
    assert summary.of_rule("a", {"cpu-2.21": CPU, "gpu": GPU}) == SECTION
    assert "GPU" not in summary.of_rule("a", {"cpu-2.21": CPU})
    assert summary.of_rule("c", {"cpu-2.21": CPU}) == summary.of_rule("a", {}) == ""


RULES = [
    {"name": "a", "cases": [{"before": "x", "after": "y", "unproved": "why"}],
     "fixes": [{"applicability": "safe", "proof": "exact"}, {"refuse": "no"}]},
    {"name": "b", "cases": [], "fixes": [{"applicability": "unsafe", "proof": {"close": {"rtol": 1}}}]},
    {"name": "c", "cases": []},
]  # fmt: skip
MUTANTS = {"mutants": 40, "killed": 39, "fixes": [
    {"made": 36, "survived": [{"mutant": "a 1: x -> y", "why": "the same"}]}, {"made": 4, "survived": []},
]}  # fmt: skip


def test_the_document():
    text = summary.document(RULES, {"cpu-2.21": CPU, "gpu": GPU}, MUTANTS, ["half-pixel"], 238)
    assert "2 of 3 rules have fixes" in text
    assert "| exact | 1 | 0 |" in text and "| close | 0 | 1 |" in text and "| all | 1 | 1 |" in text
    assert "| exact | 2 (6 inputs), worst 2e-07 | 1 (3 inputs), worst 3e-07 |" in text
    assert "Of 238 names" in text
    assert "- Cases not run on a GPU, by rule: a (2)" in text
    assert "- a, case 1: why" in text and "rejected in each test run:\nhalf pixel." in text
    assert "Of 40 mutants of 2 fixes\n39 are noticed, 97.5%. 1 fixes write too little" in text
    assert text.endswith("Not noticed:\n\n- a 1: x -> y: the same\n")
    assert "Not run on a GPU yet" in summary.document(RULES, {"cpu-2.21": CPU}, MUTANTS, [], 238)


def test_an_installation_has_no_results(tmp_path):
    assert summary.load(tmp_path) == {}
    assert summary.load_mutants(tmp_path)["mutants"] == 0
    (tmp_path / "cpu-2.21.json").write_text(json.dumps(CPU))
    (tmp_path / "gpu.json").write_text(json.dumps(GPU))
    assert list(summary.load(tmp_path)) == ["cpu-2.21", "gpu"]
