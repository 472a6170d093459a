"""A network, another of the same shapes, and what each gives before and after one is copied to the other."""

import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 4])


def network(name):
    with tf.variable_scope(name):
        w1 = tf.get_variable("w1", [4, 4])
        w2 = tf.Variable(tf.random_normal([4, 4], 0.0, 0.3), name="w2")
        return tf.matmul(tf.tanh(tf.matmul(x, w1)), w2), [w1, w2]


online, ours = network("online")
target, theirs = network("target")
copy = [tf.assign(t, o) for t, o in zip(theirs, ours)]
difference = online - target
data = np.random.randn(10, 4)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(2):
        print(np.abs(sess.run(difference, {x: data})).mean() > 0.001)
        sess.run(copy)
    print(sess.run(online, {x: data})[0, 0])
