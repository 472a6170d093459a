"""Calls are adapted to TensorFlow 2's signatures, or refused where they cannot be."""

from __future__ import annotations

import ast

import pytest

from flake8_tf2 import registry
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.names.table import parse_signature
from flake8_tf2.options import Options

HEAD = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\n"


def fixed(call: str) -> str:
    result = fix_source(HEAD + call + "\n", "case.py", Options(), unsafe=True)
    assert not result.failed
    return result.source.removeprefix(HEAD).rstrip("\n")


@pytest.mark.parametrize(
    "before, after",
    [
        ('tf.image.draw_bounding_boxes(x, b, "n")', 'tf.image.draw_bounding_boxes(x, b, name="n", colors=None)'),
        (
            'tf.while_loop(c, b, [x, y], None, 10, True, False, "n", 5)',
            'tf.while_loop(c, b, [x, y], None, 10, True, False, name="n", maximum_iterations=5)',
        ),
        ("tf.nn.convolution(x, w, 'SAME', [1])", "tf.nn.convolution(x, w, padding='SAME', strides=[1])"),
    ],
)
def test_adapted(before, after):
    assert fixed(before) == after


@pytest.mark.parametrize(
    "call",
    [
        pytest.param("tf.distribute.experimental.ParameterServerStrategy()", id="TF2 needs cluster_resolver"),
        pytest.param("tf.space_to_batch(x, [[0, 0], [0, 0]], 2)", id="a list in TF2"),
        pytest.param('tf.nn.embedding_lookup(x, i, "mod")', id="not the only strategy of TF2"),
    ],
)
def test_refused(call):
    assert fixed(call) == call


#: New names of parameters that rules know, and the symbol table does not.
BY_RULES = {"kernel": "filters", "rates": "dilations"}


def test_no_argument_changes_its_role():
    """Of every symbol whose parameters changed: each argument of a fixed call is one of TF2's, under its name there."""
    table = registry.load().table
    checked = 0
    for row in table.rows():
        if row.status not in ("renamed", "moved", "signature") or row.name.startswith("tf.contrib") or not row.params:
            continue
        parameters = [p for p in parse_signature(row.tf1) if p.kind == "positional"]
        after = [p for p in parse_signature(row.tf2 or row.tf1)]
        positional = [p.name for p in after if p.kind == "positional"]
        if not parameters or any(p.kind == "*" for p in after):
            continue
        call = f"{row.name}({', '.join('v_' + p.name for p in parameters)})"
        result = fix_source(HEAD + f"y = {call}\n", "case.py", Options())
        assert not result.failed, call
        written = result.source.splitlines()[-1]
        if any(f.span.line == 3 for f in result.left):
            assert written == f"y = {call}" or result.applied
            continue
        node = ast.parse(written).body[0].value
        renamed = row.params.get("renamed", {})
        given = [*zip(positional, node.args), *((k.arg, k.value) for k in node.keywords)]
        for name, value in given:
            old = getattr(value, "id", "v_" + name)[2:]
            same = (old, renamed.get(old), BY_RULES.get(old))
            assert name in same or len(name) == 1 or name in ("input", "a", "value"), written
        checked += 1
    assert checked > 30
