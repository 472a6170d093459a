"""Early in the file a function trains, later the same op is run at module level, in an if
and in a comprehension; the session is closed in a finally."""
import numpy as np
import tensorflow as tf

VERBOSE = True
np.random.seed(24)
X = np.random.randn(40, 3)
T = (X ** 2).sum(1)

inputs = tf.placeholder(tf.float32, [None, 3])
targets = tf.placeholder(tf.float32, [None])
h = tf.layers.dense(inputs, 10, tf.nn.relu, name='h')
pred = tf.squeeze(tf.layers.dense(h, 1, name='o'), -1)
per_example = tf.square(pred - targets)
cost = tf.reduce_mean(per_example)
step = tf.Variable(0, trainable=False)
op = tf.train.AdamOptimizer(0.02).minimize(cost, step)
init = tf.global_variables_initializer()
session = tf.Session()


def warm_up(n, quiet=False):
    """Runs n steps on the first half."""
    for _ in range(n):
        session.run(op, {inputs: X[:20], targets: T[:20]})
    if not quiet:
        print('after warm-up: %.5f' % session.run(cost, {inputs: X, targets: T}))


try:
    session.run(init)
    warm_up(5)
    warm_up(3, quiet=True)
    if VERBOSE:
        s, c = session.run([step, cost], {inputs: X, targets: T})
        print('step %d cost %.5f' % (s, c))
    else:
        session.run(op, {inputs: X, targets: T})
    losses = [session.run([cost, op], feed_dict={inputs: X[k:k + 10], targets: T[k:k + 10]})[0]
              for k in range(0, 40, 10)]
    print(' '.join('%.5f' % v for v in losses))
    worst = int(np.argmax(session.run(per_example, {inputs: X, targets: T})))
    print('worst', worst, '%.5f' % session.run(pred, {inputs: X[worst:worst + 1]})[0])
    best = min(range(40), key=lambda k: session.run(cost, {inputs: X[k:k + 1], targets: T[k:k + 1]}))
    print('best', best)
finally:
    session.close()
