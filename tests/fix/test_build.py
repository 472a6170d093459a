"""Which fix a finding gets, and how sure it is."""

from __future__ import annotations

from flake8_tf2.finding import Applicability
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
