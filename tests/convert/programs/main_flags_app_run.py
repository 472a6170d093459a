"""Flags, tf.app.run, tf.logging and a main function with an unused argument."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import sys
import time

import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_float('learning_rate', 0.1, 'Initial learning rate.')
flags.DEFINE_integer('max_steps', 20, 'Number of steps to run trainer.')
flags.DEFINE_integer('hidden1', 12, 'Number of units in hidden layer 1.')
flags.DEFINE_integer('batch_size', 16, 'Batch size.')
flags.DEFINE_string('mode', 'train', 'What to do.')


def synthetic(n):
    rng = np.random.RandomState(68)
    x = rng.randn(n, 6).astype(np.float32)
    y = np.argmax(x[:, :3] + x[:, 3:], axis=1).astype(np.int32)
    return x, y


def inference(images, hidden1_units):
    with tf.name_scope('hidden1'):
        weights = tf.Variable(tf.truncated_normal([6, hidden1_units], stddev=1.0 / np.sqrt(6.0)), name='weights')
        biases = tf.Variable(tf.zeros([hidden1_units]), name='biases')
        hidden1 = tf.nn.relu(tf.matmul(images, weights) + biases)
    with tf.name_scope('softmax_linear'):
        weights = tf.Variable(tf.truncated_normal([hidden1_units, 3], stddev=0.3), name='weights')
        biases = tf.Variable(tf.zeros([3]), name='biases')
        logits = tf.matmul(hidden1, weights) + biases
    return logits


def run_training():
    x, y = synthetic(80)
    with tf.Graph().as_default():
        images_placeholder = tf.placeholder(tf.float32, shape=(FLAGS.batch_size, 6))
        labels_placeholder = tf.placeholder(tf.int32, shape=(FLAGS.batch_size))
        logits = inference(images_placeholder, FLAGS.hidden1)
        loss = tf.losses.sparse_softmax_cross_entropy(labels=labels_placeholder, logits=logits)
        global_step = tf.Variable(0, name='global_step', trainable=False)
        train_op = tf.train.GradientDescentOptimizer(FLAGS.learning_rate).minimize(loss, global_step=global_step)
        eval_correct = tf.reduce_sum(tf.cast(tf.nn.in_top_k(logits, labels_placeholder, 1), tf.int32))
        init = tf.global_variables_initializer()
        sess = tf.Session()
        sess.run(init)

        start_time = time.time()
        for step in range(FLAGS.max_steps):
            k = step * FLAGS.batch_size % 80
            feed_dict = {images_placeholder: x[k:k + FLAGS.batch_size],
                         labels_placeholder: y[k:k + FLAGS.batch_size]}
            _, loss_value = sess.run([train_op, loss], feed_dict=feed_dict)
            if step % 5 == 0:
                print('Step %d: loss = %.5f' % (step, loss_value))
        assert time.time() >= start_time

        true_count = 0
        for k in range(0, 80, FLAGS.batch_size):
            true_count += sess.run(eval_correct, feed_dict={images_placeholder: x[k:k + FLAGS.batch_size],
                                                            labels_placeholder: y[k:k + FLAGS.batch_size]})
        print('Num correct: %d of 80, step %d' % (true_count, sess.run(global_step)))


def main(_):
    tf.logging.set_verbosity(tf.logging.ERROR)
    if FLAGS.mode == 'train':
        run_training()
    else:
        print('unknown mode')


if __name__ == '__main__':
    tf.app.run(main=main, argv=[sys.argv[0]])
