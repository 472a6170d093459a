"""A linear model trained with Adam, whose gradients get small."""

import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
w = tf.Variable(tf.random_normal([3, 1]), name="w")
loss = 1e-4 * tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
train = tf.train.AdamOptimizer(learning_rate=0.02).minimize(loss)

inputs = np.random.randn(32, 3).astype(np.float32)
target = inputs.dot(np.array([[1.0], [-2.0], [0.5]], np.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(60):
        _, value = sess.run([train, loss], {x: inputs, y: target})
        if step % 20 == 0:
            print("step {}: {:.2e}".format(step, value))
    print("done")
