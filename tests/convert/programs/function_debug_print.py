"""Debugging as it was done: tf.Print into the graph, tf.py_func for what numpy does better, tf.assert_*."""
import numpy as np
import tensorflow as tf


def augment(batch):
    """Mirrors every second row; numpy code in the graph."""
    out = batch.copy()
    out[::2] = out[::2, ::-1]
    return out


def pairwise(a):
    d = np.sqrt(((a[:, None] - a[None]) ** 2).sum(-1) + 1e-6)
    return d.astype(np.float32), np.int64(len(a))


x = tf.placeholder(tf.float32, shape=[None, 4], name='x')
y = tf.placeholder(tf.float32, shape=[None, 1], name='y')
aug = tf.py_func(augment, [x], tf.float32, name='augment')
aug.set_shape([None, 4])
aug = tf.Print(aug, [tf.shape(aug)], 'shape: ')

w = tf.Variable(tf.zeros([4, 1]))
b = tf.Variable(tf.zeros([1]))
pred = tf.matmul(aug, w) + b
pred = tf.Print(pred, [pred, w], message='This is pred: ', summarize=3)
with tf.control_dependencies([tf.assert_non_negative(y)]):
    loss = tf.reduce_mean(tf.square(pred - y))
opt = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
dist, count = tf.py_func(pairwise, [x], [tf.float32, tf.int64])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    rs = np.random.RandomState(2)
    X = rs.rand(10, 4).astype(np.float32)
    Y = X[:, :1] * 3
    for i in range(6):
        _, l = sess.run([opt, loss], feed_dict={x: X, y: Y})
        print(i, '%.6f' % l)
    d, n = sess.run([dist, count], feed_dict={x: X[:3]})
    print(n, np.round(d, 4).tolist())
    try:
        sess.run(loss, feed_dict={x: X, y: -Y})
    except tf.errors.InvalidArgumentError:
        print('negative')
