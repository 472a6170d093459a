"""Lists, scalars, float64 and integer arrays are fed where the graph wants
float32, int32, bool and strings."""
import numpy as np
import tensorflow as tf

v = tf.placeholder(tf.float32, [None, 2])
k = tf.placeholder(tf.int32, [])
flags = tf.placeholder(tf.bool, [None])
names = tf.placeholder(tf.string, [None])
unused = tf.placeholder(tf.float32, [1])  # never needed
anything = tf.placeholder(tf.float32)     # no shape at all

top, where = tf.nn.top_k(tf.reduce_sum(v, axis=1), k=2)
power = tf.pow(v, tf.cast(k, tf.float32))
chosen = tf.boolean_mask(v, flags)
greeting = tf.string_join(['hello ', names])
size = tf.size(anything)
normed = anything / tf.reduce_max(anything)

sess = tf.Session()

t, w = sess.run([top, where], feed_dict={v: [[1, 2], [5, 5], [3, 0]], unused: [0]})
print(t.tolist(), w.tolist())

p = sess.run(power, {v: np.array([[2., 3.]]), k: np.int64(3)})
print(p.tolist())

c = sess.run(chosen, {v: np.arange(6).reshape(3, 2), flags: [True, False, True]})
print(c.tolist())

for g in sess.run(greeting, {names: ['Ann', 'Bob']}):
    print(g.decode('utf-8'))

for array in ([1, 2, 4], np.ones((2, 3, 2)) * 3, 7):
    s, q = sess.run([size, normed], feed_dict={anything: array})
    print(int(s), 'sum %.4f' % np.sum(q), 'ndim', np.ndim(q))

# a fetched placeholder is what was fed, cast
print(sess.run(k, {k: 5}) + 1, sess.run(v, {v: [[1, 2]]}).dtype)
sess.close()
