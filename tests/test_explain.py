"""`flake8-tf2 explain`."""

import io
import sys

import pytest

from flake8_tf2 import cli
from flake8_tf2.explain import explain, suggestion


@pytest.mark.parametrize("subject", ["TF101", "tf101", "placeholder"])
def test_a_rule(subject):
    page = explain(subject)
    assert page.startswith("# TF101 placeholder\n\n> placeholder is gone")
    assert "**TF2:** " in page and "## Examples" in page and page.endswith("\n")


@pytest.mark.parametrize("subject", [
    "tf.placeholder", "tensorflow.placeholder", "tf.compat.v1.placeholder", "tensorflow.compat.v1.placeholder",
])  # fmt: skip
def test_a_symbol_that_a_rule_names(subject):
    page = explain(subject)
    assert page.startswith("# tf.placeholder\n\nTF2 exports it as `tf.compat.v1` only; there is no native name.\n")
    assert "- TF101 placeholder is gone" in page
    assert "\n# TF101 placeholder\n" in page


def test_a_method():
    assert "# TF106 session-run" in explain("tf.Session.run")
    assert explain("tf.SparseTensor.eval").splitlines()[1:] == explain("tf.sparse.SparseTensor.eval").splitlines()[1:]


@pytest.mark.parametrize("symbol, lines", [
    ("tf.log", ["TF2 exports the same object as `tf.math.log`.", "- TF701 tf.log is now tf.math.log"]),
    ("tf.reduce_sum", ["TF2 exports this name with other parameters.", "- `keep_dims` is `keepdims`"]),
    ("tf.constant", ["- `verify_shape` is gone", "- TF703 tf.constant has no parameter verify_shape in TF2"]),
    ("tf.nn", ["Nothing is reported of it."]),
])  # fmt: skip
def test_a_symbol_of_the_table(symbol, lines):
    page = explain(symbol)
    assert page.startswith(f"# {symbol}\n\n") and page.endswith("\n")
    assert [line for line in lines if line not in page.splitlines()] == []


@pytest.mark.parametrize("subject", ["TF000", "nonsense", "", "tf", "tf.nix", "np.log", "tf.math.log.x"])
def test_neither(subject):
    assert explain(subject) is None


def test_what_was_meant():
    assert "did you mean tf.placeholder" in suggestion("tf.placehoder")
    assert suggestion("utter nonsense") == ""


def test_the_command(capsys):
    assert cli.main(["explain", "TF101"]) == 0
    assert capsys.readouterr().out == explain("TF101")
    assert cli.main(["explain", "tf.placehoder"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("flake8-tf2: tf.placehoder: neither a code nor a TensorFlow 1 symbol; did you mean tf.place")


def test_a_terminal_that_knows_few_characters(monkeypatch):
    output = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", output)
    assert cli.main(["explain", "TF106"]) == 0
    output.flush()
    assert b"# TF106 session-run" in output.buffer.getvalue()
