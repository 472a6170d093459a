"""Programs go on, from checkpoints of TensorFlow 1.15.5 that the command converted, as TensorFlow 1.15.5 did.

That they do from the checkpoints themselves is in tests/convert/test_recorded.py: theirs are the programs `checkpoint_...`.
"""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
pytest.importorskip("tensorflow")

from flake8_tf2.cli import main  # noqa: E402
from flake8_tf2.prove import pair, recording  # noqa: E402
from flake8_tf2.prove.verdict import EQUAL  # noqa: E402
from tests.convert import record  # noqa: E402

NAMES = [name for name in record.going_on() if record.can_run(name)]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    jobs = []
    for name in NAMES:
        program, folder = record.entry(name, kept=True), tmp_path_factory.mktemp(name)
        files = [program] if program.name != record.ENTRY else [program, program.parent]
        old = record.CHECKPOINTS / name / "model"
        assert main(["checkpoint", str(old), f"{folder}/model/", "--program", *map(str, files)]) == 0, name
        assert not {path.read_bytes() for path in old.iterdir()} & {p.read_bytes() for p in folder.glob("model/*.*")}
        jobs.append(record.job(name, program, folder))
    found = [recording.read(str(record.recorded(name))) for name in NAMES]
    return dict(zip(NAMES, pair.prove_recorded(found, jobs, record.settings(NAMES[0])), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_training_goes_on(verdicts, name):
    assert verdicts[name].verdict == EQUAL, verdicts[name].as_text()
