# refused: hooks of tf.estimator.Estimator.train
"""An Estimator with a hook of the program's own."""
import numpy as np
import tensorflow as tf

data = np.random.RandomState(3).randn(20, 2).astype(np.float32)


class LossHook(tf.train.SessionRunHook):
    def before_run(self, run_context):
        return tf.train.SessionRunArgs('loss:0')

    def after_run(self, run_context, run_values):
        print('loss %.5f' % run_values.results)


def input_fn():
    return tf.data.Dataset.from_tensor_slices((data, data[:, 0])).batch(5)


def model_fn(features, labels, mode):
    outputs = tf.layers.dense(features, 1)[:, 0]
    loss = tf.reduce_mean(tf.square(outputs - labels), name='loss')
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


tf.estimator.Estimator(model_fn).train(input_fn, hooks=[LossHook()])
