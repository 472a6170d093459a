"""Flags, tf.app.run, tf.logging and a main function with an unused argument."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import sys
import time

import numpy as np
import tensorflow as tf
from absl import logging

from absl import flags
from absl import app


class State:
    """Variables and layers by name: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self._path = []
        self._counts = [{}]
        self._names = []

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._path.append(name)
        self._counts.append({})
        self._names.append(tf.keras.name_scope(name))
        self._names[-1].__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._names.pop().__exit__(*error)
        self._path.pop()
        self._counts.pop()

    def get(self, name, make):
        """What has this name."""
        path = "/".join([*self._path, name])
        if path not in self.made:
            with tf.init_scope():
                self.made[path] = make()
        return self.made[path]

    def new(self, name, make):
        """The next of this name: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        return self.get(f"{name}_{count}" if count else name, make)

    def variables(self, prefix="", trainable=False):
        """All variables below a path, or those that are trained, in the order in which they were made."""
        found = []
        for path, made in self.made.items():
            if path.startswith(prefix):
                found += [made] if isinstance(made, tf.Variable) else made.variables
        found = [v if isinstance(v, tf.Variable) else v.value for v in found]  # those of Keras hold one
        return [v for v in found if v.trainable or not trainable]


state = State()

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
        weights = state.new("weights", lambda: tf.Variable(tf.random.truncated_normal([6, hidden1_units], stddev=1.0 / np.sqrt(6.0)), name='weights'))
        biases = state.new("biases", lambda: tf.Variable(tf.zeros([hidden1_units]), name='biases'))
        hidden1 = tf.nn.relu(tf.matmul(images, weights) + biases)
    with tf.name_scope('softmax_linear'):
        weights = state.new("weights", lambda: tf.Variable(tf.random.truncated_normal([hidden1_units, 3], stddev=0.3), name='weights'))
        biases = state.new("biases", lambda: tf.Variable(tf.zeros([3]), name='biases'))
        logits = tf.matmul(hidden1, weights) + biases
    return logits


def run_training():
    x, y = synthetic(80)
    global_step = tf.Variable(0, name='global_step', trainable=False)
    optimizer = tf.keras.optimizers.SGD(FLAGS.learning_rate)

    @tf.function(input_signature=[
        tf.TensorSpec((FLAGS.batch_size, 6), tf.float32),
        tf.TensorSpec(FLAGS.batch_size, tf.int32),
    ])
    def train_step(images_placeholder, labels_placeholder):
        with tf.GradientTape() as tape:
            with state.scope("logits"):
                logits = inference(images_placeholder, FLAGS.hidden1)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_placeholder, logits=logits))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        global_step.assign_add(1)
        return loss

    @tf.function(input_signature=[
        tf.TensorSpec((FLAGS.batch_size, 6), tf.float32),
        tf.TensorSpec(FLAGS.batch_size, tf.int32),
    ])
    def compute_eval_correct(images_placeholder, labels_placeholder):
        with state.scope("logits"):
            logits = inference(images_placeholder, FLAGS.hidden1)
        eval_correct = tf.reduce_sum(tf.cast(tf.nn.in_top_k(predictions=logits, targets=labels_placeholder, k=1), tf.int32))
        return eval_correct

    start_time = time.time()
    for step in range(FLAGS.max_steps):
        k = step * FLAGS.batch_size % 80
        feed_dict = dict(images_placeholder=x[k:k + FLAGS.batch_size],
                     labels_placeholder=y[k:k + FLAGS.batch_size])
        loss_value = train_step(**feed_dict).numpy()
        if step % 5 == 0:
            print('Step %d: loss = %.5f' % (step, loss_value))
    assert time.time() >= start_time

    true_count = 0
    for k in range(0, 80, FLAGS.batch_size):
        true_count += compute_eval_correct(images_placeholder=x[k:k + FLAGS.batch_size], labels_placeholder=y[k:k + FLAGS.batch_size]).numpy()
    print('Num correct: %d of 80, step %d' % (true_count, global_step.numpy()))


def main(_):
    logging.set_verbosity(logging.ERROR)
    if FLAGS.mode == 'train':
        run_training()
    else:
        print('unknown mode')


if __name__ == '__main__':
    app.run(main, argv=[sys.argv[0]])
