"""The value of a variable is fed for one run; the variable keeps its own."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(44)
grid = np.linspace(-1, 1, 5)

x = tf.placeholder(tf.float32, [None, 2], name='x')
y = tf.placeholder(tf.float32, [None], name='y')
w = tf.Variable([0.5, -0.5], name='w')
b = tf.Variable(0.1, name='b')
pred = tf.reduce_sum(x * w, axis=1) + b
loss = tf.reduce_mean(tf.square(pred - y))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

data = rs.randn(20, 2)
goal = data[:, 0] - 2 * data[:, 1] + 0.5

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(6):
        sess.run(train, feed_dict={x: data, y: goal})
    print('loss %.6f' % sess.run(loss, {x: data, y: goal}))

    # the surface of the loss over the bias
    for value in grid:
        print('b %+.1f loss %.5f' % (value, sess.run(loss, feed_dict={x: data, y: goal, b: value})))

    # both weights fed
    print('perfect %.5f' % sess.run(loss, {x: data, y: goal, w: [1.0, -2.0], b: 0.5}))
    print('kept w %s b %.5f' % (' '.join('%.5f' % v for v in sess.run(w)), sess.run(b)))
