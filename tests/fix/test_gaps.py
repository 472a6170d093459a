"""Templates written over calls: what stands between the arguments, no blank doubled and none lost."""

from __future__ import annotations

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
    (
        "d = tf.data.Dataset.range(9).apply(tf.contrib.data.map_and_batch(\n    f,\n    2,\n    num_parallel_batches=n,\n"
        "    drop_remainder=True))",
        "d = tf.data.Dataset.range(9).map(\n    f,\n    num_parallel_calls=tf.data.AUTOTUNE).batch(2,\n"
        "    drop_remainder=True)",
    ),
]


@pytest.mark.parametrize("before, after", CASES)
def test_blanks_and_parentheses(before, after):
    head = "import tensorflow as tf\n"
    assert fix_source(head + before, "case.py", Options(), unsafe=True).source == head + after


KEYWORDS = {
    "keyword behind a comma": (
        "tf.sparse_to_dense(i, [5], v)",
        "tf.raw_ops.SparseToDense(sparse_indices=i, output_shape=[5], sparse_values=v, default_value=0)",
    ),
    "keyword at a line's beginning": (
        "tf.sparse_to_dense(i,\n   [5], v)",
        "tf.raw_ops.SparseToDense(sparse_indices=i,\n   output_shape=[5], sparse_values=v, default_value=0)",
    ),
    "a receiver on a line of its own": ("tf.assign_add(\n    self.v, y)", "self.v.assign_add(y)"),
    "a name in parentheses": ("(tf).contrib.framework.nest.flatten(y)", "tf.nest.flatten(y)"),
    "one of its kind among arguments that change places": (
        "tf.contrib.losses.sparse_softmax_cross_entropy(tf.contrib.losses.sparse_softmax_cross_entropy(z, y), y)",
        "tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(y, [-1]), logits="
        "tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(y, [-1]), logits=z))))",
    ),
    "a string written twice": (
        'tf.train.checkpoint_exists("a")',
        'bool(tf.io.gfile.glob(["a" + ".index", "a"]))',
    ),
}


@pytest.mark.parametrize(("before", "after"), KEYWORDS.values(), ids=KEYWORDS)
def test_gap(before, after):
    fixed = fix_source(f"import tensorflow as tf\nx = {before}\n", "case.py", Options(), unsafe=True).source
    assert fixed == f"import tensorflow as tf\nx = {after}\n"


def test_a_statement_whose_name_loses_what_stood_before_blanks():
    before = "import tensorflow as tf\ntf . logging.info(x)\n"
    assert fix_source(before).source == "import tensorflow as tf\nfrom absl import logging\nlogging.info(x)\n"
