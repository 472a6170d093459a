"""Graph building after the session was opened, and inside loops.

Slow in TF1 (the graph grows), but often seen.
"""
import numpy as np
import tensorflow as tf

np.random.seed(30)

values = [np.random.randn(3, 4) for _ in range(4)]
for v in values:
    print(tf.argmax(v, axis=1).numpy().tolist(), "%.5f" % tf.reduce_logsumexp(v).numpy())

total = tf.Variable(0.0)
table = tf.Variable(np.arange(12, dtype=np.float32).reshape(4, 3))

for i in range(4):
    total.assign(total + i)
    row = table[i].numpy()
    table.scatter_update(tf.IndexedSlices(row[np.newaxis] * 2, [i]))
    print(i, "total %.1f" % total.numpy(), tf.reduce_sum(tf.add(table[i], total)).numpy())

# one op for each step of a Python loop
x = tf.constant(2.0)
x = tf.multiply(x, 1.5)
print("x%d = %.4f" % (1, x.numpy()))
x = tf.multiply(x, 1.5)
print("x%d = %.4f" % (2, x.numpy()))
x = tf.multiply(x, 1.5)
print("x%d = %.4f" % (3, x.numpy()))

w = tf.Variable(tf.random.normal([4, 2]))


@tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
def compute_out(inp):
    out = tf.nn.softmax(tf.matmul(inp, w))
    return out


@tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
def run(inp):
    out = tf.nn.softmax(tf.matmul(inp, w))
    return tf.reduce_max(out, axis=1)


for v in values[:2]:
    p = compute_out(inp=v).numpy()
    best = run(inp=v).numpy()
    entropy = (-tf.reduce_sum(p * np.log(p), axis=1)).numpy()
    print("%.5f" % p[:, 0].sum(), "%.5f" % best.sum(), "%.5f" % entropy.mean())

# python values in, python values out
n = 10
while n > 1:
    n = int(tf.nest.map_structure(lambda value: value.numpy(), tf.cond(tf.equal(tf.math.floormod(n, 2), 0), lambda: tf.math.floordiv(n, 2), lambda: tf.constant(3 * n + 1))))
    if n > 100:
        break
    print(n, end=' ')
print()
