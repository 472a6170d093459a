"""The logistic map, where rounding doubles at each step."""

import tensorflow as tf

RATE = 3.99
x = tf.placeholder(tf.float32, [1])
following = RATE * x * (1.0 - x)
with tf.Session() as sess:
    value = [0.3]
    for step in range(80):
        value = sess.run(following, {x: value})
        print("step %d: %.6f" % (step, value[0]))
