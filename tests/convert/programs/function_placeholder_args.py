"""Placeholders and tensors travel through functions as arguments, return values,
tuples, lists and dicts."""
import numpy as np
import tensorflow as tf


def make_placeholders(n_in, n_out):
    x = tf.placeholder(tf.float32, [None, n_in], name='x')
    y = tf.placeholder(tf.float32, [None, n_out], name='y')
    return x, y


def make_weights(sizes):
    params = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        params.append({'w': tf.Variable(tf.random_normal([a, b], stddev=0.4)), 'b': tf.Variable(tf.zeros([b]))})
    return params


def forward(x, params, activation=tf.nn.relu):
    for i, p in enumerate(params):
        x = tf.matmul(x, p['w']) + p['b']
        if i < len(params) - 1:
            x = activation(x)
    return x


def make_losses(pred, y):
    mse = tf.reduce_mean(tf.square(pred - y))
    mae = tf.reduce_mean(tf.abs(pred - y))
    return {'mse': mse, 'mae': mae}


def l2(params):
    total = 0.
    for p in params:
        total = total + tf.reduce_sum(p['w'] ** 2)
    return total


def feed_for(placeholders, arrays):
    x, y = placeholders
    return {x: arrays[0], y: arrays[1]}


rs = np.random.RandomState(38)
X = rs.uniform(-1, 1, (40, 3))
Y = np.stack([X[:, 0] * X[:, 1], X[:, 2] ** 2], axis=1)

inputs = make_placeholders(3, 2)
params = make_weights([3, 12, 2])
pred = forward(inputs[0], params, activation=tf.nn.tanh)
linear = forward(inputs[0], params, activation=tf.identity)
losses = make_losses(pred, inputs[1])
objective = losses['mse'] + 0.001 * l2(params)
train_op = tf.train.AdamOptimizer(0.02).minimize(objective)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(16):
        sess.run(train_op, feed_for(inputs, (X, Y)))
        if step % 5 == 0:
            out = sess.run(losses, feed_dict=feed_for(inputs, (X, Y)))
            print('step %d mse %.6f mae %.6f' % (step, out['mse'], out['mae']))
    a, b = sess.run([pred, linear], feed_dict={inputs[0]: X[:2]})
    print('pred %.5f linear %.5f' % (a.sum(), b.sum()))
    values = sess.run(params)
    print('params', ['%.4f' % v['w'].sum() for v in values], ['%.4f' % v['b'].sum() for v in values])
