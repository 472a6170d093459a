"""Trains a small network with a feed dict that a function fills, as TensorFlow's first tutorials did."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import math
import time

import numpy as np
import tensorflow as tf
from absl import app

from absl import flags


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
flags.DEFINE_integer('max_steps', 30, 'Number of steps to run trainer.')
flags.DEFINE_integer('hidden1', 12, 'Number of units in hidden layer 1.')
flags.DEFINE_integer('batch_size', 16, 'Batch size.')

NUM_CLASSES = 3
PIXELS = 9


class DataSet(object):
    def __init__(self, images, labels):
        self.images = images
        self.labels = labels
        self.at = 0

    @property
    def num_examples(self):
        return len(self.images)

    def next_batch(self, size):
        if self.at + size > len(self.images):
            self.at = 0
        batch = self.images[self.at:self.at + size], self.labels[self.at:self.at + size]
        self.at += size
        return batch


def read_data_sets():
    rs = np.random.RandomState(3)
    images = rs.rand(96, PIXELS).astype(np.float32)
    labels = images.reshape(-1, 3, 3).sum(2).argmax(1)
    return DataSet(images[:64], labels[:64]), DataSet(images[64:], labels[64:])


def inference(images, hidden1_units):
    """Build the model up to where it may be used for inference."""
    # Hidden 1
    with tf.name_scope('hidden1'):
        weights = state.new("weights", lambda: tf.Variable(
            tf.random.truncated_normal([PIXELS, hidden1_units], stddev=1.0 / math.sqrt(float(PIXELS))), name='weights'))
        biases = state.new("biases", lambda: tf.Variable(tf.zeros([hidden1_units]), name='biases'))
        hidden1 = tf.nn.relu(tf.matmul(images, weights) + biases)
    # Linear
    with tf.name_scope('softmax_linear'):
        weights = state.new("weights", lambda: tf.Variable(
            tf.random.truncated_normal([hidden1_units, NUM_CLASSES], stddev=1.0 / math.sqrt(float(hidden1_units))),
            name='weights'))
        biases = state.new("biases", lambda: tf.Variable(tf.zeros([NUM_CLASSES]), name='biases'))
        logits = tf.matmul(hidden1, weights) + biases
    return logits


def loss(logits, labels):
    labels = tf.cast(labels, tf.int64)
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name='xentropy')
    return tf.reduce_mean(cross_entropy, name='xentropy_mean')


def evaluation(logits, labels):
    correct = tf.nn.in_top_k(predictions=logits, targets=labels, k=1)
    return tf.reduce_sum(tf.cast(correct, tf.int32))


def fill_feed_dict(data_set):
    images_feed, labels_feed = data_set.next_batch(FLAGS.batch_size)
    feed_dict = dict(
        images_placeholder=images_feed,
        labels_placeholder=labels_feed,
    )
    return feed_dict


def do_eval(compute_eval_correct, data_set):
    """Runs one evaluation against the full epoch of data."""
    true_count = 0
    steps_per_epoch = data_set.num_examples // FLAGS.batch_size
    num_examples = steps_per_epoch * FLAGS.batch_size
    for step in range(steps_per_epoch):
        feed_dict = fill_feed_dict(data_set)
        true_count += compute_eval_correct(**feed_dict).numpy()
    precision = float(true_count) / num_examples
    print('  Num examples: %d  Num correct: %d  Precision @ 1: %0.04f' % (num_examples, true_count, precision))


def run_training():
    """Train for a number of steps."""
    train_data, test_data = read_data_sets()

    # Tell TensorFlow that the model will be built into the default Graph.
    batch_size = FLAGS.batch_size
    learning_rate = FLAGS.learning_rate
    optimizer = tf.keras.optimizers.SGD(learning_rate)
    global_step = tf.Variable(0, name='global_step', trainable=False)

    @tf.function(input_signature=[
        tf.TensorSpec((batch_size, PIXELS), tf.float32),
        tf.TensorSpec(batch_size, tf.int32),
    ])
    def train_step(images_placeholder, labels_placeholder):
        with tf.GradientTape() as tape:
            with state.scope("logits"):
                logits = inference(images_placeholder, FLAGS.hidden1)
            loss_op = loss(logits, labels_placeholder)
        variables = tape.watched_variables()
        gradients = tape.gradient(loss_op, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        global_step.assign_add(1)
        return loss_op

    @tf.function(input_signature=[
        tf.TensorSpec((batch_size, PIXELS), tf.float32),
        tf.TensorSpec(batch_size, tf.int32),
    ])
    def compute_eval_correct(images_placeholder, labels_placeholder):
        with state.scope("logits"):
            logits = inference(images_placeholder, FLAGS.hidden1)
        eval_correct = evaluation(logits, labels_placeholder)
        return eval_correct

    # Start the training loop.
    for step in range(FLAGS.max_steps):
        feed_dict = fill_feed_dict(train_data)
        loss_value = train_step(**feed_dict).numpy()
        if step % 10 == 0:
            print('Step %d: loss = %.5f' % (step, loss_value))
        if (step + 1) % 15 == 0 or (step + 1) == FLAGS.max_steps:
            print('Training Data Eval:')
            do_eval(compute_eval_correct, train_data)
            print('Test Data Eval:')
            do_eval(compute_eval_correct, test_data)


def main(_):
    run_training()


if __name__ == '__main__':
    app.run(main)
