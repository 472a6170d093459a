"""One function trains and saves, another builds the net again in an empty graph and restores it."""
import os
import shutil
import numpy as np
import tensorflow as tf

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

points = np.linspace(-1, 1, 40)[:, np.newaxis]
values = points ** 2 - 0.3 * points
folder = './two_functions'


def save():
    print('training')
    inputs = tf.placeholder(tf.float32, points.shape)
    targets = tf.placeholder(tf.float32, values.shape)
    hidden = tf.layers.dense(inputs, 8, tf.nn.tanh)
    outputs = tf.layers.dense(hidden, 1)
    loss = tf.losses.mean_squared_error(targets, outputs)
    train_op = tf.train.AdamOptimizer(0.05).minimize(loss)

    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    saver = tf.train.Saver()
    for step in range(20):
        sess.run(train_op, {inputs: points, targets: values})
    saver.save(sess, os.path.join(folder, 'params'), write_meta_graph=False)

    result, hidden = sess.run([outputs, loss], {inputs: points, targets: values})
    print('saved loss %.5f, first %.5f' % (hidden, result[0, 0]))


def reload():
    print('restoring')
    # the same net again
    inputs = tf.placeholder(tf.float32, points.shape)
    targets = tf.placeholder(tf.float32, values.shape)
    hidden_ = tf.layers.dense(inputs, 8, tf.nn.tanh)
    outputs_ = tf.layers.dense(hidden_, 1)
    loss_ = tf.losses.mean_squared_error(targets, outputs_)

    sess = tf.Session()
    # no initializer: all variables are restored
    saver = tf.train.Saver()
    saver.restore(sess, os.path.join(folder, 'params'))
    result, loss = sess.run([outputs_, loss_], {inputs: points, targets: values})
    print('restored loss %.5f, first %.5f' % (loss, result[0, 0]))


if not os.path.isdir(folder):
    os.makedirs(folder)
save()
# the first net goes
tf.reset_default_graph()
reload()
shutil.rmtree(folder)
