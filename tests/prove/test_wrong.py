"""The proof can fail: wrong fixes are rejected, right ones of the same code pass."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("tensorflow", minversion="2.0")

from flake8_tf2.rulefile import program  # noqa: E402
from flake8_tf2.prove.compare import differences  # noqa: E402
from flake8_tf2.prove.program import run_job  # noqa: E402
from flake8_tf2.prove.record import golden_file  # noqa: E402
from tests.prove.wrong import FIXES, case_of  # noqa: E402


def problems(name: str, which: str) -> list[str]:
    """What the proof says of a fix."""
    case = case_of(name)
    (recorded,) = json.loads(golden_file(case).read_text(encoding="utf-8"))["cases"]
    assert recorded["hash"] == case.digest, "recorded before the case changed: python -m tests.prove.wrong TF1_PYTHON"
    found = []
    for before, job in zip(recorded["results"], case.jobs(program(FIXES[name][which])), strict=True):
        assert "error" not in before
        found += differences(before, run_job(job), FIXES[name]["proof"])
    return found


@pytest.mark.parametrize("name", FIXES)
def test_a_right_fix_passes(name):
    assert problems(name, "right") == []


@pytest.mark.parametrize("name", FIXES)
def test_a_wrong_fix_is_rejected(name):
    found = problems(name, "wrong")
    assert found and not any(problem.startswith("fails") for problem in found)
