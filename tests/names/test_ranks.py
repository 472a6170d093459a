"""How many axes a tensor has, as far as the file shows."""

from __future__ import annotations

import ast

import pytest

from flake8_tf2 import registry
from flake8_tf2.names.ranks import rank
from flake8_tf2.names.references import References
from flake8_tf2.names.scopes import Layout
from flake8_tf2.names.values import Resolver

RANKS = [
    ("3.0", 0),
    ("[1, 2]", 1),
    ("[[1], [2]]", 2),
    ("[]", None),
    ("tf.zeros([2, 3])", 2),
    ("tf.zeros(shape)", None),
    ("tf.zeros(tf.shape(tf.ones([2, 3, 4])))", 3),
    ("tf.random_uniform([n])", 1),
    ("tf.random_uniform(tf.stack([n]), maxval=5)", 1),
    ("tf.random_uniform([*s])", None),
    ("tf.placeholder(tf.float32, [None, 4])", 2),
    ("tf.placeholder(tf.float32, shape=())", 0),
    ("tf.placeholder(tf.float32)", None),
    ("tf.shape(x)", 1),
    ("tf.range(n)", 1),
    ("tf.constant([[1.0]])", 2),
    ("tf.constant(1.0, shape=[2, 2])", None),
    ("-tf.cast(tf.ones([2]), tf.int32)", 1),
    ("tf.ones([2]) < x", None),
    ("tf.ones([2]) < 1.0", 1),
    ("tf.ones([2, 3]) + tf.ones([3])", 2),
    ("tf.ones([2, 3]) @ tf.ones([3, 2])", None),
    ("tf.argmax(tf.ones([2, 3]), axis=1)", 1),
    ("tf.argmax(tf.ones([2, 3]), 1)", 1),
    ("tf.argmax(x, 1)", None),
    ("tf.reduce_sum(x)", 0),
    ("tf.reduce_sum(tf.ones([2, 3]), 1)", 1),
    ("tf.reduce_sum(tf.ones([2, 3]), [0, 1])", None),
    ("tf.reduce_sum(tf.ones([2, 3]), 1, keep_dims=True)", None),
    ("tf.reduce_sum(tf.ones([2, 3]), 1, True)", None),
    ("tf.matmul(x, y)", None),
    ("unknown(x)", None),
]


def rank_of(source: str) -> int | None:
    tree = ast.parse(source)
    known = registry.load()
    layout = Layout(tree, source, tuple(known.roots))
    resolver = Resolver(layout, known.table, known.receivers, dict(known.roots), known.extra_names)
    References(layout, resolver, known.methods).find()
    return rank(resolver, tree.body[-1].value, layout.module, layout.module.block)


@pytest.mark.parametrize("expression, expected", RANKS)
def test_rank(expression, expected):
    assert rank_of(f"import tensorflow as tf\nz = {expression}\n") == expected
    assert rank_of(f"import tensorflow as tf\nz = {expression}\nz\n") == expected


def test_bindings_that_disagree_tell_nothing():
    source = "import tensorflow as tf\nif a:\n    z = tf.ones([2])\nelse:\n    z = tf.ones([2, {}])\nz\n"
    assert rank_of(source.format("2")) is None
    assert rank_of(source.replace(", {}", "")) == 1


def test_a_name_that_grows_in_a_loop_ends():
    assert rank_of("import tensorflow as tf\nz = 0.0\nfor i in range(3):\n    z = z + tf.ones([2])\nz\n") is None
