"""Seeds: of the graph, of ops, of initializers and of dropout."""
import tensorflow as tf
import numpy as np

tf.set_random_seed(1234)
np.random.seed(1234)

a = tf.random_uniform([4], seed=1)
b = tf.random_normal([3], seed=2)
w = tf.get_variable('w', [5, 4], initializer=tf.truncated_normal_initializer(stddev=0.1, seed=5))
v = tf.Variable(tf.random_normal([4, 2], seed=7))
x = tf.placeholder(tf.float32, [None, 5])
hidden = tf.nn.dropout(tf.nn.relu(tf.matmul(x, w)), keep_prob=0.5, seed=11)
out = tf.matmul(hidden, v)
loss = tf.reduce_mean(tf.square(out - 0.1))
train = tf.train.AdamOptimizer(0.05).minimize(loss)


def fmt(values):
    return ' '.join('%.6f' % t for t in np.ravel(values))


with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('a', fmt(sess.run(a)))
    print('a', fmt(sess.run(a)))
    print('b', fmt(sess.run(b)))
    print('w', fmt(sess.run(w).sum(1)))
    print('v', fmt(sess.run(v)))
    data = np.random.randn(16, 5)
    for i in range(4):
        _, l = sess.run([train, loss], {x: data})
        print('loss %.6f' % l)

# a new session starts the sequences again
with tf.Session() as sess:
    print('a', fmt(sess.run(a)))

# the same seed in a fresh graph gives the same initial values
tf.reset_default_graph()
tf.set_random_seed(1234)
w = tf.get_variable('w', [5, 4], initializer=tf.truncated_normal_initializer(stddev=0.1, seed=5))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('w', fmt(sess.run(w).sum(1)))
