"""With --jit and with --exact, what is written for programs does what TensorFlow 1.15.5 did with them, too."""

from __future__ import annotations

import pytest

from flake8_tf2.convert.program import convert_source

pytest.importorskip("numpy")
pytest.importorskip("tensorflow", minversion="2.0")

from flake8_tf2.prove import pair, recording  # noqa: E402
from flake8_tf2.prove.verdict import EQUAL  # noqa: E402
from tests.convert import record  # noqa: E402

#: For each option the programs, and what it must write into each.
WRITTEN = {"jit": "jit_compile=True", "exact": "Optimizer("}
NAMES = {
    "jit": ["mnist_softmax", "layer_mlp_dicts", "cnn_layers", "rnn_static_lstm", "word2vec_softmax", "gan_conditional"],
    "exact": ["optimizer_two_tasks", "layer_mlp_dicts", "cnn_layers", "gan_two_optimizers", "word2vec_softmax"],
}
CASES = [(option, name) for option, names in NAMES.items() for name in names]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What is written for each program with each option."""
    found = {}
    for option, name in CASES:
        source = (record.PROGRAMS / f"{name}.py").read_text("utf-8")
        path = tmp_path_factory.mktemp(option) / f"{name}.py"
        path.write_text(convert_source(source, path.name, **{option: True}).source, "utf-8")
        found[option, name] = path
    return found


@pytest.fixture(scope="module")
def verdicts(written):
    """Of all of them, in one process. XLA compiles no callback, so draws are alike: these draw only to begin."""
    recordings = [recording.read(str(record.recorded(name))) for _, name in CASES]
    jobs = [record.job(name, written[option, name]) for option, name in CASES]
    return dict(zip(CASES, pair.prove_recorded(recordings, jobs, pair.Settings(timeout=240)), strict=True))


@pytest.mark.parametrize("option, name", CASES)
def test_it_does_what_the_original_did(written, verdicts, option, name):
    assert WRITTEN[option] in written[option, name].read_text("utf-8")
    assert verdicts[option, name].verdict == EQUAL, verdicts[option, name].as_text()
