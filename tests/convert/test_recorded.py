"""What is written for each program reads as it is kept, and does under TensorFlow 2 what TensorFlow 1.15.5 did."""

from __future__ import annotations

import importlib.util

import pytest

needs_tensorflow = pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="TensorFlow is not installed")
pytest.importorskip("numpy")

from flake8_tf2.prove import recording  # noqa: E402
from flake8_tf2.prove.verdict import EQUAL  # noqa: E402
from tests.convert import record  # noqa: E402

NAMES = record.converted()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_is_written(name):
    found = {path: file.source for path, file in record.convert(name).items()}
    assert found == record.files(name, kept=True), "look at what `python -m tests.convert.record` changes"


@pytest.mark.parametrize("name", NAMES)
def test_the_recording_is_of_the_program_as_it_is(name):
    assert record.is_recorded(name), f"run {record.AGAIN}"
    found = recording.read(str(record.recorded(name)))
    assert (found.mode, found.result["versions"]["tensorflow"]) == ("tf1", "1.15.5")


def test_nothing_is_kept_of_other_programs():
    assert {path.stem for path in record.EXPECTED.iterdir()} == set(NAMES)
    assert {path.name.split(".")[0] for path in record.GOLDEN.iterdir()} == set(NAMES)
    assert {path.name for path in record.CHECKPOINTS.iterdir()} == set(record.going_on())


@pytest.fixture(scope="module")
def verdicts():
    """Of all programs, half of them beside the other half."""
    return record.prove(processes=2)


@needs_tensorflow
@pytest.mark.parametrize("name", NAMES)
def test_it_does_what_the_original_did(verdicts, name):
    if not record.can_run(name):
        pytest.skip("tf.summary needs TensorBoard")
    assert verdicts[name].verdict == EQUAL, verdicts[name].as_text()
