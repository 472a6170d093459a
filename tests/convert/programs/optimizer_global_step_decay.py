"""global_step and learning rates that decay with it."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(44)
X = rng.randn(50, 4)
y = X.dot(np.array([[0.5], [-1.5], [2.0], [0.0]])) + 1.0

inputs = tf.placeholder(tf.float32, [None, 4])
target = tf.placeholder(tf.float32, [None, 1])
w0 = rng.randn(4, 1).astype(np.float32)

runs = {}
for kind in ['exponential', 'staircase', 'piecewise', 'polynomial', 'inverse', 'natural', 'cosine']:
    with tf.variable_scope(kind):
        step = tf.Variable(0, trainable=False, name='step')
        if kind == 'exponential':
            lr = tf.train.exponential_decay(0.2, step, decay_steps=4, decay_rate=0.7)
        elif kind == 'staircase':
            lr = tf.train.exponential_decay(0.2, step, 4, 0.7, staircase=True)
        elif kind == 'piecewise':
            lr = tf.train.piecewise_constant(step, [4, 8], [0.2, 0.05, 0.01])
        elif kind == 'polynomial':
            lr = tf.train.polynomial_decay(0.2, step, 10, end_learning_rate=0.01, power=2.0)
        elif kind == 'inverse':
            lr = tf.train.inverse_time_decay(0.2, step, 2, 0.5)
        elif kind == 'natural':
            lr = tf.train.natural_exp_decay(0.2, step, 5, 0.6)
        else:
            lr = tf.train.cosine_decay(0.2, step, 12)
        w = tf.get_variable('w', initializer=w0)
        b = tf.get_variable('b', [1], initializer=tf.zeros_initializer())
        loss = tf.reduce_mean(tf.square(tf.matmul(inputs, w) + b - target))
        train = tf.train.GradientDescentOptimizer(lr).minimize(loss, global_step=step)
        runs[kind] = (step, lr, loss, train)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for kind in sorted(runs):
        step, lr, loss, train = runs[kind]
        rates = []
        for _ in range(12):
            rate, _ = sess.run([lr, train], {inputs: X, target: y})
            rates.append(rate)
        s, l = sess.run([step, loss], {inputs: X, target: y})
        print('%-12s %2d steps  first %.4f last %.5f sum %.5f  loss %.6f' % (
            kind, s, rates[0], sess.run(lr), sum(rates[1:]), l))
