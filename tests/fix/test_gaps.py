"""Templates written over calls: what stands between the arguments."""

import pytest

from flake8_tf2.fix.apply import fix_source
from flake8_tf2.options import Options

CASES = [
    ("y = tf.nn.dropout(tf.log(x), keep_prob=p)", "y = tf.nn.dropout(tf.math.log(x), rate=1 - p)"),
    ("y = tf.nn.dropout(tf.log(x), 0.5)", "y = tf.nn.dropout(tf.math.log(x), rate=1 - 0.5)"),
    ("y = tf.nn.dropout(tf.log(x), a if b else c)", "y = tf.nn.dropout(tf.math.log(x), rate=1 - (a if b else c))"),
    ("y = tf.image.resize_area(\n    x,\n    [3, 4],\n)", "y = tf.raw_ops.ResizeArea(\n    images=x,\n    size=[3, 4],\n)"),
    ("y = tf.image.resize_area(x,[3, 4])", "y = tf.raw_ops.ResizeArea(images=x, size=[3, 4])"),
    (
        "y = tf.initializers.uniform_unit_scaling(seed=4)",
        'y = tf.keras.initializers.VarianceScaling(1.0, "fan_in", "uniform", seed=4)',
    ),
]


@pytest.mark.parametrize("before, after", CASES)
def test_blanks_and_parentheses(before, after):
    head = "import tensorflow as tf\n"
    assert fix_source(head + before, "case.py", Options(), unsafe=True).source == head + after
