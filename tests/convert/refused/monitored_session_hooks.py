# refused: tf.train.MonitoredTrainingSession
"""A monitored session with hooks, one of them written here."""
import numpy as np
import tensorflow as tf


class LossHook(tf.train.SessionRunHook):
    def __init__(self, loss):
        self.loss = loss

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self.loss)

    def after_run(self, run_context, run_values):
        print('loss %.5f' % run_values.results)


data = np.random.RandomState(3).randn(20, 2).astype(np.float32)
step = tf.train.get_or_create_global_step()
w = tf.Variable([[1.0], [1.0]])
loss = tf.reduce_mean(tf.square(tf.matmul(tf.constant(data), w)))
train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step)

with tf.train.MonitoredTrainingSession(hooks=[tf.train.StopAtStepHook(last_step=5), LossHook(loss)]) as sess:
    while not sess.should_stop():
        sess.run(train_op)
