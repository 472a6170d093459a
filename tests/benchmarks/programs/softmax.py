"""Softmax regression on pictures of 28 x 28, gradient descent."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
rs = np.random.RandomState(1)
images = rs.rand(20, batch_size, 784).astype(np.float32)
labels = np.eye(10, dtype=np.float32)[rs.randint(0, 10, (20, batch_size))]

x = tf.placeholder(tf.float32, [None, 784])
y = tf.placeholder(tf.float32, [None, 10])
W = tf.Variable(tf.zeros([784, 10]))
b = tf.Variable(tf.zeros([10]))
logits = tf.matmul(x, W) + b
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits))
train_step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(steps):
        _, l = sess.run([train_step, loss], feed_dict={x: images[step % 20], y: labels[step % 20]})
    print('loss %.4f' % l)
