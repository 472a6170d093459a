"""placeholder_with_default: a keep probability, a mode and a batch of noise
that need not be fed."""
import tensorflow as tf
import numpy as np

np.random.seed(61)
samples = np.random.randn(48, 5).astype(np.float32)
target = np.sin(samples[:, 0]) + samples[:, 1] * 0.3

x = tf.placeholder(tf.float32, [None, 5], 'x')
t = tf.placeholder(tf.float32, [None], 't')
is_training = tf.placeholder_with_default(False, shape=(), name='is_training')
keep_prob = tf.placeholder_with_default(tf.constant(1.0), shape=[], name='keep_prob')
gain = tf.placeholder_with_default([1.0, 1.0, 1.0, 1.0, 1.0], shape=[5])

net = x * gain
net = tf.layers.dense(net, 14, activation=tf.nn.selu, name='d1')
net = tf.layers.batch_normalization(net, training=is_training, name='bn')
net = tf.nn.dropout(net, keep_prob)
y = tf.squeeze(tf.layers.dense(net, 1, name='d2'), axis=1)

mse = tf.losses.mean_squared_error(labels=t, predictions=y)
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    minimize = tf.train.GradientDescentOptimizer(0.05).minimize(mse)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for epoch in range(12):
    sess.run(minimize, {x: samples, t: target, is_training: True, keep_prob: 0.9})
    if epoch % 4 == 3:
        # everything at its default
        print(epoch, 'mse %.5f' % sess.run(mse, {x: samples, t: target}))

print('training mode: %.5f' % sess.run(mse, {x: samples, t: target, is_training: True}))
print('first input off: %.5f' % sess.run(mse, {x: samples, t: target, gain: [0, 1, 1, 1, 1]}))
print('keep_prob is %.1f' % sess.run(keep_prob), 'and fed %.2f' % sess.run(keep_prob, {keep_prob: 0.25}))
