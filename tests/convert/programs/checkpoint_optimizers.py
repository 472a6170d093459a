"""Every optimizer with slots, each for a line of its own; restored at the start where there is a checkpoint."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(17)
xs = rng.rand(20, 3).astype(np.float32)
ys = xs.dot([[1.0], [-2.0], [0.5]]) + 0.3

x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])


def line(name):
    with tf.variable_scope(name):
        w = tf.get_variable('w', [3, 1], initializer=tf.constant_initializer(0.2))
        b = tf.get_variable('b', [1], initializer=tf.zeros_initializer())
        return tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y))


adam = line('adam')
adam_2 = line('adam_2')
momentum = line('momentum')
nesterov = line('nesterov')
adagrad = line('adagrad')
adadelta = line('adadelta')
rmsprop = line('rmsprop')
centered = line('centered')
ftrl = line('ftrl')

train_adam = tf.train.AdamOptimizer(0.05).minimize(adam)
train_adam_2 = tf.train.AdamOptimizer(0.02, beta1=0.5, name='Second').minimize(adam_2)
train_momentum = tf.train.MomentumOptimizer(0.05, 0.9).minimize(momentum)
train_nesterov = tf.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True).minimize(nesterov)
train_adagrad = tf.train.AdagradOptimizer(0.1).minimize(adagrad)
train_adadelta = tf.train.AdadeltaOptimizer(1.0).minimize(adadelta)
train_rmsprop = tf.train.RMSPropOptimizer(0.02, momentum=0.5).minimize(rmsprop)
train_centered = tf.train.RMSPropOptimizer(0.02, centered=True).minimize(centered)
train_ftrl = tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01).minimize(ftrl)
losses = [adam, adam_2, momentum, nesterov, adagrad, adadelta, rmsprop, centered, ftrl]
saver = tf.train.Saver()

with tf.Session() as sess:
    checkpoint = tf.train.latest_checkpoint('model')
    if checkpoint:
        saver.restore(sess, checkpoint)
        print('restored')
    else:
        sess.run(tf.global_variables_initializer())
    for step in range(5):
        found = sess.run([
            losses, train_adam, train_adam_2, train_momentum, train_nesterov,
            train_adagrad, train_adadelta, train_rmsprop, train_centered,
            train_ftrl,
        ], feed_dict={x: xs, y: ys})[0]
        print(step, ' '.join('%.6f' % loss for loss in found))
    saver.save(sess, 'model/lines')
