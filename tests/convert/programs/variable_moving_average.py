"""ExponentialMovingAverage of the weights and of the loss; the shadow values are
used for the evaluation."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(15)
xs = rng.randn(60, 3)
ys = xs.dot([[1.0], [2.0], [-1.0]]) + 0.1 * rng.randn(60, 1)

global_step = tf.Variable(0, trainable=False)
x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
w = tf.Variable(tf.random_normal([3, 1], stddev=0.1), name='w')
b = tf.Variable(tf.zeros([1]), name='b')


def inference(inp, averages=None):
    if averages is None:
        return tf.matmul(inp, w) + b
    return tf.matmul(inp, averages.average(w)) + averages.average(b)


out = inference(x)
loss = tf.reduce_mean(tf.square(out - y))

variable_averages = tf.train.ExponentialMovingAverage(0.9, global_step)
variables_averages_op = variable_averages.apply(tf.trainable_variables())
average_out = inference(x, variable_averages)
average_loss = tf.reduce_mean(tf.square(average_out - y))

train_step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=global_step)
with tf.control_dependencies([train_step, variables_averages_op]):
    train_op = tf.no_op(name='train')

# an average without num_updates, over a variable that is assigned
v = tf.Variable(5.0, trainable=False)
ema = tf.train.ExponentialMovingAverage(decay=0.8)
maintain = ema.apply([v])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(16):
        batch = slice(i % 3 * 20, i % 3 * 20 + 20)
        # the averages may be updated before or after the weights: run them apart
        sess.run(train_step, {x: xs[batch], y: ys[batch]})
        sess.run(variables_averages_op)
        if i % 5 == 0:
            l, a = sess.run([loss, average_loss], {x: xs, y: ys})
            print('step %d loss %.6f with averages %.6f' % (sess.run(global_step), l, a))
    print('w %.5f average %.5f' % (sess.run(w).sum(), sess.run(variable_averages.average(w)).sum()))

    for value in (5.0, 10.0, 10.0, 0.0):
        sess.run(tf.assign(v, value))
        sess.run(maintain)
        print('v %.2f average %.5f' % tuple(sess.run([v, ema.average(v)])))
