"""A perceptron of three layers whose gradients are clipped by their norm, Momentum."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
rs = np.random.RandomState(9)
rows = rs.randn(20, batch_size, 64).astype(np.float32)
targets = rs.randn(20, batch_size, 1).astype(np.float32)

x = tf.placeholder(tf.float32, [None, 64], name='x')
y = tf.placeholder(tf.float32, [None, 1], name='y')
h = x
for i, (inputs, units) in enumerate([(64, 512), (512, 512), (512, 512)]):
    w = tf.Variable(tf.truncated_normal([inputs, units], stddev=0.05), name='w%d' % i)
    b = tf.Variable(tf.zeros([units]), name='b%d' % i)
    h = tf.nn.tanh(tf.matmul(h, w) + b)
w_out = tf.Variable(tf.truncated_normal([512, 1], stddev=0.05), name='w_out')
b_out = tf.Variable(tf.zeros([1]), name='b_out')
prediction = tf.matmul(h, w_out) + b_out
loss = tf.reduce_mean(tf.square(prediction - y))

global_step = tf.Variable(0, trainable=False, name='global_step')
optimizer = tf.train.MomentumOptimizer(0.01, 0.9)
gradients, variables = zip(*optimizer.compute_gradients(loss))
gradients, norm = tf.clip_by_global_norm(gradients, 5.0)
train_op = optimizer.apply_gradients(zip(gradients, variables), global_step=global_step)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(steps):
        _, l, n = sess.run([train_op, loss, norm], feed_dict={x: rows[step % 20], y: targets[step % 20]})
    print('loss %.4f, norm %.4f' % (l, n))
