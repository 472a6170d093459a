"""Training with dropout, and evaluation without it."""

import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 5])
keep_prob = tf.placeholder(tf.float32)
w = tf.Variable(tf.truncated_normal([5, 8], stddev=0.3), name="w")
v = tf.Variable(tf.truncated_normal([8, 1], stddev=0.3), name="v")
hidden = tf.nn.dropout(tf.nn.sigmoid(tf.matmul(x, w)), keep_prob)
loss = tf.reduce_mean(tf.square(tf.matmul(hidden, v) - 1.0))
train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)

data = np.random.randn(12, 5)
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for step in range(10):
        train.run({x: data, keep_prob: 0.7})
        print(step, loss.eval({x: data, keep_prob: 1.0}))
