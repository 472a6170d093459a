"""map_fn, scan, foldl, tensor arrays of results, and gradients through scan."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(70)

elems = tf.placeholder(tf.float32, [None, 3])
decay = tf.Variable(0.8, name='decay')

norms = tf.map_fn(lambda row: tf.norm(row), elems)
pairs = tf.map_fn(lambda row: (tf.reduce_max(row), tf.argmax(row)), elems, dtype=(tf.float32, tf.int64))
running = tf.scan(lambda acc, row: acc * decay + row, elems, initializer=tf.zeros([3]))
cumulative = tf.scan(lambda a, v: a + v, elems)
total = tf.foldl(lambda acc, row: acc + tf.reduce_sum(row), elems, initializer=0.0)
backwards = tf.foldr(lambda acc, row: acc * 0.5 + row[0], elems, initializer=0.0)
zipped = tf.map_fn(lambda t: t[0] * t[1][0], (norms, elems), dtype=tf.float32)

# an RNN by scan
Wx = tf.Variable(tf.random_normal([3, 5], stddev=0.4))
Wh = tf.Variable(tf.random_normal([5, 5], stddev=0.4))


def step(h, row):
    h = tf.reshape(h, [1, 5])
    h = tf.tanh(tf.matmul(h, Wh) + tf.matmul(tf.reshape(row, [1, 3]), Wx))
    return tf.reshape(h, [5])


states = tf.scan(step, elems, initializer=tf.zeros([5]))
loss = tf.reduce_mean(tf.square(tf.reduce_sum(states, 1) - running[:, 0]))
train = tf.train.AdamOptimizer(0.05).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
data = rng.randn(7, 3)
print('norms', ' '.join('%.4f' % v for v in sess.run(norms, {elems: data})))
m, a = sess.run(pairs, {elems: data})
print('max', '%.5f' % m.sum(), a.tolist())
r, c = sess.run([running, cumulative], {elems: data})
print('running %.5f cumulative %.5f' % (r[-1].sum(), c[-1].sum()))
print('total %.5f backwards %.5f zipped %.5f' % tuple(
    [sess.run(total, {elems: data}), sess.run(backwards, {elems: data}), sess.run(zipped, {elems: data}).sum()]))
for i in range(8):
    _, l = sess.run([train, loss], feed_dict={elems: data})
    if i % 2 == 0:
        print('loss %d %.6f' % (i, l))
print('decay %.6f, last state %.5f' % (sess.run(decay), sess.run(states, {elems: data[:3]})[-1].sum()))
