"""py_func, tf.Print, tf.Assert and tf.identity in the middle of a graph."""
import numpy as np
import tensorflow as tf

np.random.seed(81)
calls = []


def clip_rows(a, limit):
    """Plain numpy, called by the graph."""
    calls.append(a.shape)
    n = np.sqrt((a ** 2).sum(axis=1, keepdims=True))
    return (a * np.minimum(1.0, limit / n)).astype(np.float32)


def two_results(a):
    order = np.argsort(a).astype(np.int64)
    return order, a[order]


x = tf.placeholder(tf.float32, [None, 3])
limit = tf.constant(1.5)
clipped = tf.py_func(clip_rows, [x, limit], tf.float32)
clipped.set_shape([None, 3])

w = tf.Variable(tf.random_normal([3, 1]))
out = tf.matmul(clipped, w)
out = tf.Print(out, [tf.shape(out), tf.reduce_mean(out)], message='out: ', first_n=2)
check = tf.Assert(tf.reduce_all(tf.is_finite(out)), [out])
with tf.control_dependencies([check]):
    out = tf.identity(out, name='checked')
loss = tf.reduce_mean(tf.square(out - 1.0))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

order, ordered = tf.py_func(two_results, [tf.reshape(x, [-1])], [tf.int64, tf.float32], stateful=False)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    data = np.random.randn(12, 3) * 2
    for i in range(5):
        _, l = sess.run([train, loss], {x: data})
        print('step %d loss %.6f' % (i, l))
    o, s = sess.run([order, ordered], {x: data[:2]})
    print(o.tolist(), '%.4f' % s[0])
    print('calls', len(calls), 'w %.5f' % sess.run(w).sum())
