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


COUNTER = """\
import tensorflow as tf
x = tf.placeholder(tf.float32, [3])
w = tf.Variable([1., 2., 3.])
loss = tf.reduce_sum(tf.square(w - x))
count = tf.Variable({initial}, trainable=False{dtype})
train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, global_step=count)
{use}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    _, n = sess.run([train_op, count], {{x: [1., 1., 1.]}})
    print(n)
"""


@pytest.mark.parametrize("initial, dtype, use, wide, compiled", [
    ("0", "", "", True, True),
    ("0", ", dtype=tf.int32", "", True, True),
    ("0", ", dtype=tf.int64", "", True, True),
    # What else it computes with may need int32: it stays, in a function that is not compiled.
    ("0", "", "parity = tf.mod(count, 2)", False, False),
    ("0", "", "label = 'at ' + str(count)", False, False),
    ("0.", "", "", False, True),
])  # fmt: skip
def test_a_counter_is_where_xla_reaches_it(initial, dtype, use, wide, compiled):
    source = COUNTER.format(initial=initial, dtype=dtype, use=use)
    found = convert_source(source, jit=True)
    assert found.reason == ""
    assert ("tf.int64" in found.source) == wide
    assert ("jit_compile=True" in found.source) == compiled
    assert "tf.int64" not in convert_source(source.replace("int64", "int32")).source  # only for XLA
