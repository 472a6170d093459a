"""The verdict on pairs of whole programs, against what TF 1.15.5 did with the first of each."""

from __future__ import annotations

import importlib.util
import json

import pytest

from flake8_tf2.prove import pair, recording
from tests.prove import pairs

needs_tensorflow = pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="TensorFlow is not installed")


@pytest.fixture(scope="module")
def verdicts():
    """Of all pairs that end, run in two processes."""
    result = {}
    for randomness in ("alike", "fresh"):
        names = [name for name in pairs.EXPECTED if (name in pairs.FRESH) == (randomness == "fresh")]
        names = [name for name in names if name != "hanging"]
        found = [recording.read(pairs.recorded(name)) for name in names]
        settings = pair.Settings(timeout=120, randomness=randomness)
        verdicts = pair.prove_recorded(found, [pairs.job(name, "after") for name in names], settings, again=False)
        result.update(zip(names, verdicts, strict=True))
    return result


@pytest.mark.parametrize("name", pairs.EXPECTED)
def test_the_recording_is_of_this_program(name):
    assert recording.read(pairs.recorded(name)).hash == pair.digest(pairs.job(name, "before")), (
        "recorded before the program changed: python -m tests.prove.pairs TF1_PYTHON"
    )


@pytest.mark.parametrize("name", pairs.EXPECTED)
def test_recordings_are_of_tensorflow_1(name):
    found = recording.read(pairs.recorded(name))
    assert found.mode == "tf1" and found.result["versions"]["tensorflow"] == "1.15.5"


@needs_tensorflow
@pytest.mark.parametrize("name", [name for name in pairs.EXPECTED if name != "hanging"])
def test_the_verdict_of_a_pair(verdicts, name):
    if name == "summaries" and not importlib.util.find_spec("tensorboard"):
        pytest.skip("tf.summary needs TensorBoard")
    expected, said = pairs.EXPECTED[name]
    found = verdicts[name]
    assert found.verdict == expected, found.as_text()
    assert said in found.as_text()
    assert found.exit_status == {"equal": 0, "different": 1, "not comparable": 3}[expected]
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["verdict"] == expected


@needs_tensorflow
def test_a_program_that_hangs_is_ended():
    found = recording.read(pairs.recorded("hanging"))
    after = pairs.job("hanging", "after")
    (verdict,) = pair.prove_recorded([found], [after], pair.Settings(timeout=2))
    assert (verdict.verdict, verdict.exit_status) == ("not comparable", 3)
    assert "did not end in time" in verdict.reason
