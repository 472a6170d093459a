"""Batch normalization of many repositories: an ExponentialMovingAverage under tf.cond; CIFAR style collections of losses."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(5)
xs = rs.rand(60, 6, 6, 2) * 2
ys = (xs[:, :3].mean(axis=(1, 2, 3)) > xs[:, 3:].mean(axis=(1, 2, 3))).astype(np.int64)


def batch_norm(x, n_out, phase_train):
    with tf.variable_scope('bn'):
        beta = tf.Variable(tf.constant(0.0, shape=[n_out]), name='beta', trainable=True)
        gamma = tf.Variable(tf.constant(1.0, shape=[n_out]), name='gamma', trainable=True)
        batch_mean, batch_var = tf.nn.moments(x, [0, 1, 2], name='moments')
        ema = tf.train.ExponentialMovingAverage(decay=0.5)

        def mean_var_with_update():
            ema_apply_op = ema.apply([batch_mean, batch_var])
            with tf.control_dependencies([ema_apply_op]):
                return tf.identity(batch_mean), tf.identity(batch_var)

        mean, var = tf.cond(phase_train, mean_var_with_update,
                            lambda: (ema.average(batch_mean), ema.average(batch_var)))
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, 1e-3)


def _variable_with_weight_decay(name, shape, stddev, wd):
    var = tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=stddev, dtype=tf.float32))
    if wd is not None:
        weight_decay = tf.multiply(tf.nn.l2_loss(var), wd, name='weight_loss')
        tf.add_to_collection('losses', weight_decay)
    return var


def inference(images, phase_train):
    with tf.variable_scope('conv1') as scope:
        kernel = _variable_with_weight_decay('weights', shape=[3, 3, 2, 4], stddev=5e-2, wd=None)
        conv = tf.nn.conv2d(images, kernel, [1, 1, 1, 1], padding='SAME')
        biases = tf.get_variable('biases', [4], initializer=tf.constant_initializer(0.0))
        conv1 = tf.nn.relu(batch_norm(tf.nn.bias_add(conv, biases), 4, phase_train), name=scope.name)
    with tf.variable_scope('local2') as scope:
        reshape = tf.reshape(conv1, [-1, 6 * 6 * 4])
        weights = _variable_with_weight_decay('weights', shape=[6 * 6 * 4, 8], stddev=0.04, wd=0.004)
        local2 = tf.nn.relu(tf.matmul(reshape, weights))
    with tf.variable_scope('softmax_linear'):
        weights = _variable_with_weight_decay('weights', [8, 2], stddev=1 / 8.0, wd=0.001)
        softmax_linear = tf.matmul(local2, weights)
    return softmax_linear


def loss(logits, labels):
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    cross_entropy_mean = tf.reduce_mean(cross_entropy, name='cross_entropy')
    tf.add_to_collection('losses', cross_entropy_mean)
    return tf.add_n(tf.get_collection('losses'), name='total_loss')


x = tf.placeholder(tf.float32, [None, 6, 6, 2])
y = tf.placeholder(tf.int64, [None])
phase = tf.placeholder(tf.bool, name='phase_train')
logits = inference(x, phase)
total = loss(logits, y)
global_step = tf.Variable(0, trainable=False)
lr = tf.train.exponential_decay(0.1, global_step, 4, 0.5, staircase=True)
opt = tf.train.GradientDescentOptimizer(lr)
grads = opt.compute_gradients(total)
apply_gradient_op = opt.apply_gradients(grads, global_step=global_step)
variable_averages = tf.train.ExponentialMovingAverage(0.9, global_step)
with tf.control_dependencies([apply_gradient_op]):
    variables_averages_op = variable_averages.apply(tf.trainable_variables())

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(4):
        for i in range(0, 60, 20):
            _, t = sess.run([variables_averages_op, total], feed_dict={x: xs[i:i + 20], y: ys[i:i + 20], phase: True})
        print('epoch %d loss %.5f test %.5f' % (epoch, t, sess.run(total, {x: xs, y: ys, phase: False})))
