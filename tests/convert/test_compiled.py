"""With --jit the functions that XLA can compile are compiled, and only those."""

import pytest

from flake8_tf2.convert.program import convert_source

PROGRAM = """\
import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 3])
def helper(v):
    return {helper}
y = {y}
with tf.Session() as sess:
    print(sess.run(y, {{x: [[1., 2., 3.]]}}))
"""


@pytest.mark.parametrize("y, helper, expected", [
    ("tf.reduce_sum(x)", "v", True),
    ("tf.where(x > 0., x, -x)", "v", True),
    ("helper(x)", "tf.reduce_sum(v)", True),
    ("helper(x)", "tf.as_string(v)", False),
    ("tf.segment_sum(x, [0])", "v", False),
    ("tf.image.resize_bicubic(tf.reshape(x, [1, 1, 3, 1]), [2, 2])", "v", False),
])  # fmt: skip
def test_jit(y, helper, expected):
    found = convert_source(PROGRAM.format(y=y, helper=helper), jit=True)
    assert found.reason == ""
    assert ("jit_compile=True" in found.source) == expected
