"""Fixes in the layouts that people write: only what must change changes."""

from __future__ import annotations

import ast

import pytest

from flake8_tf2.fix.apply import fix_source

HEAD = "import tensorflow as tf\n"

LAYOUTS = {
    "nested": ("y = tf.to_float(tf.log(tf.to_int32(x)))", "y = tf.cast(tf.math.log(tf.cast(x, tf.int32)), tf.float32)"),
    "comment behind the parenthesis": (
        "y = tf.to_float(  # as a float\n    x)",
        "y = tf.cast(  # as a float\n    x, tf.float32)",
    ),
    "trailing comma": ("y = tf.to_float(\n    x,\n)", "y = tf.cast(\n    x, tf.float32,\n)"),
    "comment behind an argument": ("y = tf.to_float(\n    x,  # it\n)", "y = tf.cast(\n    x, tf.float32,  # it\n)"),
    "keywords in another order": ('y = tf.to_float(name="n", x=x)', 'y = tf.cast(x, tf.float32, name="n")'),
    "continued line": ("y = tf. \\\n    log(x)", "y = tf.math. \\\n    log(x)"),
    "conditional argument": ("y = tf.to_float(a if b else c)", "y = tf.cast(a if b else c, tf.float32)"),
    "lambda": ("f = lambda x: tf.to_float(x)", "f = lambda x: tf.cast(x, tf.float32)"),
    "generator": ("y = tf.to_float(a for a in b)", "y = tf.cast((a for a in b), tf.float32)"),
    "walrus": ("y = tf.to_float(z := x)", "y = tf.cast((z := x), tf.float32)"),
    "parenthesised argument": ("y = tf.to_float((x))", "y = tf.cast((x), tf.float32)"),
    "parenthesised function": ("y = (tf.to_float)(x)", "y = tf.cast(x, tf.float32)"),
    "decorator": ("@tf.to_float\ndef f(): ...", None),
    "star": ("y = tf.to_float(*x)", None),
    "double star": ("y = tf.to_float(**x)", None),
    "star in a rename": ("y = tf.log(*x)", "y = tf.math.log(*x)"),
    "non-ASCII before it": ('print("é∑"); y = tf.to_float("ü")', 'print("é∑"); y = tf.cast("ü", tf.float32)'),
    "f-string": ('y = f"{tf.log(x)}"', None),
    "semicolons": ("a = tf.log(x); b = tf.to_int32(x)", "a = tf.math.log(x); b = tf.cast(x, tf.int32)"),
    "keyword": (
        "y = tf.reduce_sum(x, reduction_indices=[1], keep_dims=True)",
        "y = tf.reduce_sum(x, axis=[1], keepdims=True)",
    ),
    "old keyword left empty": (
        "y = tf.reduce_sum(x, keep_dims=True, axis=1, reduction_indices=None)",
        "y = tf.reduce_sum(x, keepdims=True, axis=1)",
    ),
    "both keywords": ("y = tf.reduce_sum(x, axis=1, reduction_indices=[1])", None),
    "a value": ("ys = map(tf.log, xs)", "ys = map(tf.math.log, xs)"),
    "a value with parameters": ("ys = map(tf.to_float, xs)", None),
    "tabs": ("if x:\n\ty = tf.log(x)", "if x:\n\ty = tf.math.log(x)"),
    "lines that only parentheses held together": (
        "u = tf.assign(v  # it\n    , [3.0, 4.0])",
        "u = (v  # it\n    .assign([3.0, 4.0]))",
    ),
    "lines that an attribute keeps": (
        "r = tf.data.Dataset.range(6).apply(\n    tf.contrib.data.unbatch\n    ())",
        "r = tf.data.Dataset.range(6).unbatch()",
    ),
    "trailing comma behind what gets parentheses": (
        "y = tf.nn.dropout(x, keep_prob=a if b else c,)",
        "y = tf.nn.dropout(x, rate=1 - (a if b else c))",
    ),
    "blanks at the beginning of a statement": (
        "o = tf.keras.optimizers.SGD()\ntf.keras.backend.set_value(x= o.learning_rate, value=0.5)",
        "o = tf.keras.optimizers.SGD()\no.learning_rate.assign(0.5)",
    ),
    "attribute of the result": ("y = tf.to_float(x).name", "y = tf.cast(x, tf.float32).name"),
}


@pytest.mark.parametrize("before, after", [pytest.param(*pair, id=name) for name, pair in LAYOUTS.items()])
def test_layout(before, after):
    fixed = fix_source(HEAD + before + "\n").source
    assert fixed == HEAD + (before if after is None else after) + "\n"
    ast.parse(fixed)
    assert fix_source(fixed).source == fixed


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_marks_stay(end, bom):
    before = bom + end.join(["import tensorflow as tf", "y = tf.log(", "    x)", "\f", "z = tf.to_int32(a)"])
    after = before.replace("tf.to_int32(a)", "tf.cast(a, tf.int32)").replace("tf.log", "tf.math.log")
    assert fix_source(before).source == after


def test_a_file_without_findings_is_the_same_object():
    source = "import tensorflow as tf\r\ny = tf.math.log(x)"
    assert fix_source(source).source is source
