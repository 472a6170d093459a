"""Graph building after the session was opened, and inside loops.

Slow in TF1 (the graph grows), but often seen.
"""
import numpy as np
import tensorflow as tf

np.random.seed(30)
sess = tf.Session()

values = [np.random.randn(3, 4) for _ in range(4)]
for v in values:
    print(sess.run(tf.argmax(v, axis=1)).tolist(), "%.5f" % sess.run(tf.reduce_logsumexp(v)))

total = tf.Variable(0.0)
table = tf.Variable(np.arange(12, dtype=np.float32).reshape(4, 3))
sess.run(tf.global_variables_initializer())

for i in range(4):
    sess.run(tf.assign(total, total + i))
    row = sess.run(table[i])
    sess.run(tf.scatter_update(table, [i], row[np.newaxis] * 2))
    print(i, "total %.1f" % sess.run(total), sess.run(tf.reduce_sum(tf.add(table[i], total))))

# one op for each step of a Python loop
x = tf.constant(2.0)
for power in range(1, 4):
    x = tf.multiply(x, 1.5)
    print("x%d = %.4f" % (power, sess.run(x)))

# build a layer late
inp = tf.placeholder(tf.float32, [None, 4])
w = tf.Variable(tf.random_normal([4, 2]))
sess.run(w.initializer)
out = tf.nn.softmax(tf.matmul(inp, w))
for v in values[:2]:
    p = sess.run(out, {inp: v})
    best = sess.run(tf.reduce_max(out, axis=1), {inp: v})
    entropy = sess.run(-tf.reduce_sum(p * np.log(p), axis=1))
    print("%.5f" % p[:, 0].sum(), "%.5f" % best.sum(), "%.5f" % entropy.mean())

# python values in, python values out
n = 10
while n > 1:
    n = int(sess.run(tf.cond(tf.equal(tf.mod(n, 2), 0), lambda: tf.floordiv(n, 2), lambda: tf.constant(3 * n + 1))))
    if n > 100:
        break
    print(n, end=' ')
print()
