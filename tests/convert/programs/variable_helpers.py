"""Variables by helpers with get_variable, at the top."""
import numpy as np
import tensorflow as tf

np.random.seed(1)
xs = np.random.randn(30, 4)
ys = np.tanh(xs[:, :1] * 2)


def weight_variable(name, shape):
    return tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=0.3))


def bias_variable(name, shape):
    return tf.get_variable(name, shape, initializer=tf.constant_initializer(0.1))


def fc(x, n_in, n_out, name):
    with tf.variable_scope(name):
        w = weight_variable('w', [n_in, n_out])
        b = bias_variable('b', [n_out])
        return tf.matmul(x, w) + b


x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.float32, [None, 1])
with tf.variable_scope('first'):
    w = weight_variable('w', [4, 8])
    b = bias_variable('b', [8])
h = tf.nn.relu(tf.matmul(x, w) + b)
out = fc(h, 8, 1, 'second')
loss = tf.reduce_mean(tf.square(out - y))
train = tf.train.AdamOptimizer(0.02).minimize(loss)
sess = tf.Session()
sess.run(tf.global_variables_initializer())
for i in range(9):
    _, l = sess.run([train, loss], {x: xs, y: ys})
    if i % 4 == 0:
        print(i, '%.5f' % l)
for v in tf.trainable_variables():
    print(v.name, sess.run(v).sum())
