"""Whether a file shows that a tensor holds floats or integers."""

from __future__ import annotations

import pytest

from flake8_tf2.fix.apply import fix_source

KINDS = {
    "a function of floats": ("x = tf.exp(v)", "truediv"),
    "a name of a cast": ("x = tf.cast(v, tf.int64)", "floordiv"),
    "arithmetic with a float": ("x = v * 0.5", "truediv"),
    "a part of a shape": ("x = tf.shape(v)[0] - 1", "floordiv"),
    "through a reduction": ("x = tf.reduce_sum(tf.to_float(v), axis=1)", "truediv"),
    "two casts": ("x = tf.to_float(v) if v else tf.to_double(v)", ""),
    "a Python integer": ("x = 3", ""),
    "a quotient, of integers in Python 2": ("x = tf.size(v) / 2", ""),
    "a quotient in place": ("x = tf.size(v)\nx /= 2", ""),
    "one of two": ("x = tf.size(v)\nif v:\n    x = tf.exp(v)", ""),
    "a parameter": ("x = v", ""),
}


@pytest.mark.parametrize(("code", "function"), KINDS.values(), ids=KINDS)
def test_kind(code, function):
    source = f"import tensorflow as tf\n{code}\ny = tf.div(x, z)\n"
    fixed = fix_source(source, "case.py").source
    assert fixed.endswith(f"y = tf.math.{function}(x, z)\n" if function else "y = tf.div(x, z)\n")
