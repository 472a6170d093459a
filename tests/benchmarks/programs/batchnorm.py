"""Convolutions with batch normalisation written out, its averages updated in each step, Momentum."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
rs = np.random.RandomState(7)
images = rs.rand(20, batch_size, 28, 28, 1).astype(np.float32)
digits = rs.randint(0, 10, (20, batch_size))

x = tf.placeholder(tf.float32, [None, 28, 28, 1])
y = tf.placeholder(tf.int64, [None])

W1 = tf.Variable(tf.truncated_normal([3, 3, 1, 32], stddev=0.1))
gamma1 = tf.Variable(tf.ones([32]))
beta1 = tf.Variable(tf.zeros([32]))
mean1 = tf.Variable(tf.zeros([32]), trainable=False)
var1 = tf.Variable(tf.ones([32]), trainable=False)
W2 = tf.Variable(tf.truncated_normal([3, 3, 32, 64], stddev=0.1))
gamma2 = tf.Variable(tf.ones([64]))
beta2 = tf.Variable(tf.zeros([64]))
mean2 = tf.Variable(tf.zeros([64]), trainable=False)
var2 = tf.Variable(tf.ones([64]), trainable=False)
W3 = tf.Variable(tf.truncated_normal([7 * 7 * 64, 10], stddev=0.05))
b3 = tf.Variable(tf.zeros([10]))

conv1 = tf.nn.conv2d(x, W1, strides=[1, 1, 1, 1], padding='SAME')
batch_mean1, batch_var1 = tf.nn.moments(conv1, [0, 1, 2])
norm1 = tf.nn.relu(tf.nn.batch_normalization(conv1, batch_mean1, batch_var1, beta1, gamma1, 1e-3))
pool1 = tf.nn.max_pool(norm1, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')
conv2 = tf.nn.conv2d(pool1, W2, strides=[1, 1, 1, 1], padding='SAME')
batch_mean2, batch_var2 = tf.nn.moments(conv2, [0, 1, 2])
norm2 = tf.nn.relu(tf.nn.batch_normalization(conv2, batch_mean2, batch_var2, beta2, gamma2, 1e-3))
pool2 = tf.nn.max_pool(norm2, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')
logits = tf.matmul(tf.reshape(pool2, [-1, 7 * 7 * 64]), W3) + b3

update_mean1 = tf.assign(mean1, mean1 * 0.99 + batch_mean1 * 0.01)
update_var1 = tf.assign(var1, var1 * 0.99 + batch_var1 * 0.01)
update_mean2 = tf.assign(mean2, mean2 * 0.99 + batch_mean2 * 0.01)
update_var2 = tf.assign(var2, var2 * 0.99 + batch_var2 * 0.01)

loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
with tf.control_dependencies([update_mean1, update_var1, update_mean2, update_var2]):
    train_op = tf.train.MomentumOptimizer(0.001, 0.9).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(steps):
        _, l = sess.run([train_op, loss], feed_dict={x: images[step % 20], y: digits[step % 20]})
    print('loss %.4f' % l)
    print('mean %.4f' % sess.run(tf.reduce_mean(mean2)))
