"""The order of reads and writes under tf.control_dependencies."""
import tensorflow as tf
import numpy as np

rs = np.random.RandomState(72)

# a queue in a variable: shift, then put, then read
history = tf.get_variable('history', [5], initializer=tf.zeros_initializer(), use_resource=True, trainable=False)
value = tf.placeholder(tf.float32, [], name='value')
shifted = tf.concat([history[1:], [value]], axis=0)
push = history.assign(shifted)
with tf.control_dependencies([push]):
    mean = tf.reduce_mean(history.read_value())
    spread = tf.reduce_max(history.read_value()) - tf.reduce_min(history.read_value())

# a running mean and variance (Welford), one after the other
count = tf.Variable(0.0, use_resource=True, trainable=False)
mu = tf.Variable(0.0, use_resource=True, trainable=False)
m2 = tf.Variable(0.0, use_resource=True, trainable=False)
delta = value - mu
with tf.control_dependencies([delta]):
    inc = count.assign_add(1.0)
    with tf.control_dependencies([inc]):
        new_mu = mu.assign_add(delta / inc)
        with tf.control_dependencies([new_mu]):
            new_m2 = m2.assign_add(delta * (value - new_mu))
variance = new_m2 / inc

# a loss that is evaluated after the step
w = tf.Variable([[1.0], [-1.0]], use_resource=True)
x = tf.placeholder(tf.float32, [None, 2])
y = tf.placeholder(tf.float32, [None, 1])


def mse():
    return tf.reduce_mean(tf.square(tf.matmul(x, w) - y))


before = mse()
step = tf.train.GradientDescentOptimizer(0.2).minimize(before)
with tf.control_dependencies([step]):
    after = mse()
checked = tf.identity(before)
with tf.control_dependencies([tf.assert_non_negative(before)]):
    checked = tf.identity(checked)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in rs.rand(7):
        m, s = sess.run([mean, spread], {value: v})
        var = sess.run(variance, {value: v})
        print('mean %.5f spread %.5f variance %.6f' % (m, s, var))
    print('history %.5f' % sess.run(history).sum(), 'count', sess.run(count))

    data = rs.randn(20, 2)
    goal = data.dot([[3.0], [0.5]])
    for i in range(4):
        a, b = sess.run([after, before], {x: data, y: goal})
        print('before %.5f after %.5f' % (b, a))
    print('checked %.5f' % sess.run(checked, {x: data, y: goal}))
    print('w', ' '.join('%.5f' % v for v in sess.run(w).ravel()))
