# refused: gradient_override_map
"""A gradient of our own is registered by name and put over an operation."""
import tensorflow as tf


@tf.RegisterGradient('StraightThrough')
def _straight_through(op, grad):
    return grad


x = tf.placeholder(tf.float32, [None])
w = tf.Variable(0.7)
with tf.get_default_graph().gradient_override_map({'Round': 'StraightThrough'}):
    y = tf.round(x * w)
loss = tf.reduce_sum(tf.square(y - 1.0))
train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        _, l = sess.run([train, loss], {x: [1.0, 2.0, 3.0]})
        print('%.4f' % l)
    print('%.4f' % sess.run(w))
