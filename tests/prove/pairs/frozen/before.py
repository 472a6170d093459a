"""Trains one of two networks against the other, which is frozen; prints little."""

import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 4])


def network(name):
    with tf.variable_scope(name):
        w = tf.get_variable("w", [4, 2], initializer=tf.random_normal_initializer(0.0, 0.3))
        return tf.matmul(x, w)


value, target = network("eval"), network("target")
loss = tf.reduce_mean(tf.square(value - 1.0 - 0.5 * target))
train = tf.train.GradientDescentOptimizer(0.05).minimize(
    loss, var_list=tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="eval")
)
data = np.random.randn(10, 4)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        sess.run(train, {x: data})
    print("trained for 5 steps")
