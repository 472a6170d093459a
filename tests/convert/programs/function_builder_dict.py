"""A graph builder with optional arguments, called twice; *args and **kwargs; tensors in dicts."""
import numpy as np
import tensorflow as tf


def dense(x, size, name, activation=None, **kwargs):
    with tf.variable_scope(name):
        w = tf.get_variable("w", [x.shape[1].value, size], **kwargs)
        b = tf.get_variable("b", [size], initializer=tf.constant_initializer(0.0))
        out = tf.matmul(x, w) + b
    if activation is not None:
        out = activation(out)
    return out


def build_graph(size=8, rate=None, skip=False, scope="net"):
    tensors = {}
    with tf.variable_scope(scope):
        tensors['x'] = x = tf.placeholder(tf.float32, [None, 4])
        tensors['y'] = y = tf.placeholder(tf.float32, [None])
        h = dense(x, size, "h", tf.nn.relu, initializer=tf.random_normal_initializer(stddev=0.5))
        if skip:
            h = tf.concat([h, x], axis=1)
        o = dense(h, 1, "o", initializer=tf.random_normal_initializer(stddev=0.1))
        tensors['out'] = tf.reshape(o, [-1])
        tensors['cost'] = tf.reduce_mean(tf.square(tensors['out'] - y))
        if rate is not None:
            tensors['step'] = tf.train.RMSPropOptimizer(rate).minimize(tensors['cost'])
    return tensors


def fit(sess, net, x, y, *checkpoints):
    for i in range(max(checkpoints) + 1):
        c, _ = sess.run([net['cost'], net['step']], {net['x']: x, net['y']: y})
        if i in checkpoints:
            print("  step %d cost %.6f" % (i, c))


rs = np.random.RandomState(26)
X = rs.randn(50, 4)
Y = X[:, 0] * 2 - np.maximum(X[:, 1], 0)

nets = {'plain': build_graph(rate=0.01, scope='plain'),
        'skip': build_graph(size=5, rate=0.02, skip=True, scope='skip')}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for name in ('plain', 'skip'):
        print(name)
        fit(sess, nets[name], X, Y, 0, 5, 11)
    print("%.5f" % sess.run(nets['skip']['out'], {nets['skip']['x']: X[:5]}).sum())
    print(sorted(v.op.name for v in tf.trainable_variables()))
