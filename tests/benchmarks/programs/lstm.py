"""An LSTM of 128 units reads pictures row by row, unrolled over 28 steps, Adam."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
timesteps = 28
num_hidden = 128
rs = np.random.RandomState(4)
images = rs.rand(20, batch_size, timesteps, 28).astype(np.float32)
labels = np.eye(10, dtype=np.float32)[rs.randint(0, 10, (20, batch_size))]

X = tf.placeholder(tf.float32, [None, timesteps, 28])
Y = tf.placeholder(tf.float32, [None, 10])

with tf.variable_scope('lstm'):
    kernel = tf.get_variable('kernel', [28 + num_hidden, 4 * num_hidden],
                             initializer=tf.random_normal_initializer(stddev=0.08))
    bias = tf.get_variable('bias', [4 * num_hidden], initializer=tf.zeros_initializer())
with tf.variable_scope('out'):
    W = tf.get_variable('W', [num_hidden, 10], initializer=tf.random_normal_initializer(stddev=0.1))
    b = tf.get_variable('b', [10], initializer=tf.zeros_initializer())


def lstm(inputs):
    h = tf.zeros([tf.shape(inputs)[0], num_hidden])
    c = tf.zeros([tf.shape(inputs)[0], num_hidden])
    for x in tf.unstack(inputs, timesteps, 1):
        gates = tf.matmul(tf.concat([x, h], 1), kernel) + bias
        i, j, f, o = tf.split(gates, 4, axis=1)
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
    return h


logits = tf.matmul(lstm(X), W) + b
loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=Y))
train_op = tf.train.AdamOptimizer(0.001).minimize(loss_op)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(steps):
        _, loss = sess.run([train_op, loss_op], feed_dict={X: images[step % 20], Y: labels[step % 20]})
    print('loss %.4f' % loss)
