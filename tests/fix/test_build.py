"""Which fix a finding gets, and how sure it is."""

from __future__ import annotations

import pytest

from flake8_tf2.finding import Applicability
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.lint import lint


def fixes(source: str) -> dict[str, Applicability]:
    """The applicability of the fix of each finding, by symbol."""
    found = lint("import tensorflow as tf\n" + source, fixes=True)
    return {finding.symbol: finding.applicability for finding in found}


def test_what_rests_on_a_likely_receiver_is_unsafe():
    certain = fixes("a = tf.AUTO_REUSE\nx = tf.constant(1.0)\ny = x.get_shape()\n")
    likely = fixes("a = tf.AUTO_REUSE\ndef f(tensor):\n    return tensor.get_shape()\n")
    assert certain["tf.Tensor.get_shape"] is Applicability.SAFE
    assert likely["tf.Tensor.get_shape"] is Applicability.UNSAFE


def test_a_refusal_says_why():
    found = lint("import tensorflow as tf\ny = tf.to_float(*x)\n", fixes=True)
    assert [f.refused for f in found] == ["a star hides some of its arguments"]
    assert [f.refused for f in lint("import tensorflow as tf\ny = tf.to_float(*x)\n")] == [""]


@pytest.mark.parametrize("code", [
    "for look in [tf.io.gfile.isdir, tf.io.gfile.exists]:\n    found = look('a')\n",
    "look = tf.io.gfile.isdir if x else tf.io.gfile.exists\nfound = look('a')\n",
    "look = tf.io.gfile.isdir\nif x:\n    look = tf.io.gfile.exists\nfound = look('a')\n",
    "def f(look=tf.io.gfile.exists):\n    return look('a')\n",
])  # fmt: skip
def test_a_name_that_may_stand_for_another_thing_stays(code):
    before = code.replace("io.gfile.isdir", "gfile.IsDirectory").replace("io.gfile.exists", "gfile.Exists")
    assert _fixed(before) == code


def test_what_is_assigned_to_is_not_written_over():
    before = "class A:\n    def __init__(self):\n        self.look = tf.gfile.Exists\n"
    assert _fixed(before) == before.replace("tf.gfile.Exists", "tf.io.gfile.exists")


# Places where the text is easily misread

_IMPORT = "import tensorflow as tf\n"


def _fixed(code: str) -> str:
    return fix_source(_IMPORT + code, "x.py", unsafe=True).source.removeprefix(_IMPORT)


def test_lambda_with_parameters():
    """The commas and defaults of a lambda are not those of the call around it."""
    before = "ds = ds.apply(tf.contrib.data.scan(s0, lambda s, v=1: (s + v, {1: s})))\n"
    assert _fixed(before) == "ds = ds.scan(s0, lambda s, v=1: (s + v, {1: s}))\n"


def test_lambda_within_lambda():
    before = "ds = ds.apply(tf.contrib.data.map_and_batch(lambda a, f=lambda b, c: b: f(a, a), 4))\n"
    after = "ds = ds.map(lambda a, f=lambda b, c: b: f(a, a), num_parallel_calls=tf.data.AUTOTUNE).batch(4)\n"
    assert _fixed(before) == after


def test_blank_before_an_argument_stays_one():
    assert _fixed("y = tf.contrib.layers.dropout(x, keep)\n") == "y = tf.nn.dropout(x, rate=1 - keep)\n"


def test_function_of_datasets_that_is_not_applied():
    before = "f = tf.contrib.data.unbatch()\n"
    assert _fixed(before) == before


def test_bodies_of_expressions_are_no_statements():
    """A lambda and a conditional expression have a `body`, too."""
    before = "import tensorflow.compat.v1 as tf\nfrom tensorflow.contrib import slim\nf = lambda x: tf.log(x) if x else 1\n"
    after = "import tensorflow as tf\nf = lambda x: tf.math.log(x) if x else 1\n"
    assert fix_source(before).source == after
