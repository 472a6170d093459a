"""The converted programs on a GPU: `python -m pytest -m gpu tests/convert --results FOLDER` writes FOLDER/programs-h100.json.

TF32 is off. `--gpu-dry-run` runs it without a GPU. What is committed of it must be of the programs as they are written now.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

pytest.importorskip("numpy")

from flake8_tf2.files import write_atomically  # noqa: E402
from flake8_tf2.prove.verdict import EQUAL  # noqa: E402
from tests.convert import record  # noqa: E402

RESULT = record.GOLDEN.parent / "results" / "programs-h100.json"
AGAIN = "python -m pytest -m gpu tests/convert --results FOLDER, on a GPU; commit FOLDER/programs-h100.json"

#: A GPU adds up in no fixed order, and Adam makes whole steps of gradients that are rounding alone: these programs came out equal
#: in some runs (three and one of four) and different in others, by single elements of variables.
UNSTEADY = {"bag_of_words", "gan_gradient_penalty"}


def state(name: str) -> str:
    """A hash of what is kept of a program: what is written for it, and the recording."""
    texts = [source.encode() for source in record.files(name, kept=True).values()]
    return hashlib.sha256(b"".join([*texts, record.recorded(name).read_bytes()])).hexdigest()[:16]


@pytest.mark.gpu
def test_they_do_what_the_originals_did(request):
    tensorflow = pytest.importorskip("tensorflow", minversion="2.0")
    del tensorflow
    from tests.equivalence import environment

    dry = request.config.getoption("--gpu-dry-run")
    about = {"device": "none: a dry run on a CPU"} if dry else environment.gpu()
    if not about:
        pytest.skip("no GPU")
    verdicts = record.prove(processes=4, gpu=not dry)
    found = {name: entry(name, verdict) for name, verdict in sorted(verdicts.items())}
    folder = request.config.getoption("--results")
    if folder:
        content = json.dumps({"ran": {**about, **environment.versions()}, "programs": found}, indent=1)
        write_atomically(Path(folder, RESULT.name), (content + "\n").encode())
    different = [verdict.as_text() for name, verdict in verdicts.items() if verdict.verdict != EQUAL and name not in UNSTEADY]
    assert different == []


def entry(name: str, verdict) -> dict:
    """The result of one program. worst: in parts of what is allowed, by what was compared."""
    found = {"state": state(name), "verdict": verdict.verdict}
    found["worst"] = {kind: counts["worst"] for kind, counts in verdict.compared.items()}
    if verdict.until:
        found["until"] = verdict.until
    return found if verdict.verdict == EQUAL else {**found, "reason": verdict.reason}


@pytest.mark.skipif(not RESULT.exists(), reason=f"nothing was run on a GPU yet: {AGAIN}")
def test_what_is_committed_is_of_the_programs_as_they_are():
    found = json.loads(RESULT.read_text("utf-8"))
    assert not found["ran"]["device"].startswith("none")
    there = {name: kept for name, kept in found["programs"].items() if name in record.converted()}
    assert [name for name, kept in there.items() if kept["state"] != state(name)] == [], f"run {AGAIN}"
    assert {name for name, kept in there.items() if kept["verdict"] != EQUAL} <= UNSTEADY
