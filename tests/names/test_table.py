"""Look-ups in the packed symbol table."""

from __future__ import annotations

import pytest

from flake8_tf2 import registry
from flake8_tf2.names.table import Lines, in_range, parse_signature


@pytest.fixture(scope="module")
def table():
    """The table of the installed index."""
    return registry.load().table


@pytest.mark.parametrize("text, expected", [
    ("", []),
    ("x", [("x", None, "positional")]),
    ("x, axis=None", [("x", None, "positional"), ("axis", "None", "positional")]),
    ("x, *, name=None", [("x", None, "positional"), ("name", "None", "keyword")]),
    ("*args, **kwargs", [("args", None, "*"), ("kwargs", None, "**")]),
    ("x, /, y=(1, 2), z={'a': [1, 2]}", [("x", None, "positional"), ("y", "(1, 2)", "positional"),
                                         ("z", "{'a': [1, 2]}", "positional")]),
    ("sep=', ', end='a=b'", [("sep", "', '", "positional"), ("end", "'a=b'", "positional")]),
    ("dtype=<dtype: 'float32'>, name='x'", [("dtype", "<dtype: 'float32'>", "positional"), ("name", "'x'", "positional")]),
])  # fmt: skip
def test_parse_signature(text, expected):
    assert [tuple(p) for p in parse_signature(text)] == expected


def test_every_signature_parses(table):
    for row in table.rows():
        for text in (row.tf1, row.tf2):
            parameters = table.signature(text)
            assert all(p.name.isidentifier() for p in parameters), (row.name, text)
            named = [p.name for p in parameters]
            assert len(set(named)) == len(named), (row.name, text)


@pytest.mark.parametrize("version, text, expected", [
    ((2, 16), "", True), ((2, 20), "<2.21", True), ((2, 21), "<2.21", False), ((2, 16), ">2.16", False),
    ((2, 17), ">2.16", True), ((2, 16), ">=2.16", True), ((2, 17), "<=2.16", False),
])  # fmt: skip
def test_in_range(version, text, expected):
    assert in_range(version, text) is expected


def test_rows(table):
    row = table.row("tf.log")
    assert (row.kind, row.status, row.target, row.compat) == ("function", "renamed", "tf.math.log", True)
    assert table.row("tf.log") is row
    assert table.row("tf.reduce_sum").params["renamed"] == {"reduction_indices": "axis", "keep_dims": "keepdims"}
    assert not table.row("tf.estimator.Estimator").compat
    assert table.row("tf.nothing_of_this_name") is None


@pytest.mark.parametrize("name, known, module, cls", [
    ("tf.layers", True, True, False),
    ("tf.Session", True, False, True),
    ("tf.placeholder", True, False, False),
    ("tf.function", True, False, False),
    ("tf.keras.optimizers.AdamW", True, False, True),
    ("tf.nothing", False, False, False),
])  # fmt: skip
def test_kinds(table, name, known, module, cls):
    assert (table.known(name), table.is_module(name), table.is_class(name)) == (known, module, cls)


@pytest.mark.parametrize("name, canonical", [
    ("tf.contrib.slim.conv2d", "tf.contrib.layers.conv2d"),
    ("tf.contrib.rnn.LSTMCell", "tf.nn.rnn_cell.LSTMCell"),
    ("tf.log", "tf.math.log"),
    ("tf.placeholder", "tf.placeholder"),
    ("tf.nothing", "tf.nothing"),
])  # fmt: skip
def test_canonical(table, name, canonical):
    assert table.canonical(name) == canonical


@pytest.mark.parametrize("name, version, expected", [
    ("tf.math.log", (2, 21), True), ("tf.log", (2, 21), False), ("tf.estimator", (2, 21), False),
    ("tf.keras.layers.Dense", (2, 16), True),
])  # fmt: skip
def test_resolves(table, name, version, expected):
    assert table.resolves(name, version) is expected


def test_bases_and_members(table):
    assert table.bases("tf.train.AdamOptimizer")[:2] == ("tf.train.AdamOptimizer", "tf.train.Optimizer")
    assert "tf.Session" in table.bases("tf.InteractiveSession")
    assert "tf.nn.rnn_cell.RNNCell" in table.bases("tf.contrib.rnn.LSTMCell")
    assert table.bases("tf.nothing") == ("tf.nothing",)
    assert table.member("tf.train.AdamOptimizer", "minimize")[0] == "tf.train.Optimizer"
    assert table.member("tf.Session", "run")[1].startswith("fetches, feed_dict=None")
    assert table.member("tf.Session", "nothing") is None


def test_members_in_tf2(table):
    assert table.tf2_has_member("tf.data.Dataset", "map") is True
    assert table.tf2_has_member("tf.data.Dataset", "make_one_shot_iterator") is False
    assert table.tf2_has_member("tf.nothing", "x") is None


def test_private_modules(table):
    assert table.private("tensorflow.python.ops.array_ops")["names"]["placeholder"] == "tf.placeholder"
    assert table.private("tensorflow.python.nothing") is None


def test_lines_have_every_name_and_no_other():
    texts = {f"tf.name_{number}": "text " * (number % 50) for number in range(0, 4000, 2)}
    lines = Lines(Lines.pack(texts).encode())
    assert {name: lines.get(name) for name in texts} == texts
    others = ("", "a", "tf.name_", "zebra", *(f"tf.name_{number}" for number in range(1, 4000, 2)))
    assert not any(name in lines for name in others)
