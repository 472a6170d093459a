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


import contextlib
import functools
import re


class State:
    """Variables and layers with TF1's names: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self.listed = []
        self._scopes, self._places = [], []
        self._counts, self._numbers = [{}], {}
        self._contexts = []
        self._rules = {}

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._scopes.append(name)
        # With a slash TensorFlow takes the name as it is: entered again, it would get a number.
        return self._enter(name, tf.name_scope(self._full("")))

    def label(self, name):
        """A context that tells apart what has no name of its own; it is no part of names."""
        self._scopes.append("")
        return self._enter(f"{name}:", contextlib.nullcontext())

    def _enter(self, place, context):
        self._places.append(place)
        self._counts.append({})
        self._contexts.append(context)
        context.__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._contexts.pop().__exit__(*error)
        self._scopes.pop()
        self._places.pop()
        self._counts.pop()

    def get(self, name, make, *inputs, **options):
        """What has this name; of a layer, what it makes of inputs."""
        return self._called(self._find(self._full(name), make), inputs, options)

    def new(self, name, make, *inputs, **options):
        """The next of this kind: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        made = self._find((*self._places, name, count), lambda: make(self._unique(name)))
        return self._called(made, inputs, options)

    def keep(self, *objects):
        """List variables, and those of layers and cells, that the program made itself."""
        self.listed += [o for o in tf.nest.flatten(objects) if not any(o is other for other in self.listed)]

    def variables(self, scope="", trainable=False):
        """All variables, or those that are trained, whose names begin with a scope, in the order of TF1."""
        found = {}
        for made in self.listed:
            of_made = [made] if isinstance(made, tf.Variable) else made.variables
            if trainable and not isinstance(made, tf.Variable):
                of_made = getattr(made, "trainable_variables", of_made)  # none of a layer that is not trained
            for v in of_made:
                v = v if isinstance(v, tf.Variable) else v.value  # those of Keras hold one
                if re.match(scope or "", v.name) and (v.trainable or not trainable):
                    found[v.ref()] = v
        return list(found.values())

    def regularize(self, variable, regularizer):
        """Note that a variable has a regularizer; gives back the variable."""
        self._rules.setdefault(variable.ref(), (variable, regularizer))
        return variable

    def regularizers(self, scope=""):
        """The regularization losses of what was made below a scope, as functions."""
        found = dict(self._rules)
        for made in self.listed:
            for v in [] if isinstance(made, tf.Variable) else made.variables:
                if getattr(v, "regularizer", None) is not None:
                    found[v.value.ref()] = (v.value, v.regularizer)
        rules = [(v, rule) for v, rule in found.values() if rule is not None and re.match(scope or "", v.name)]
        return [functools.partial(rule, v) for v, rule in rules]

    def _full(self, name):
        return "/".join([*filter(None, self._scopes), name])

    def _find(self, key, make):
        if key not in self.made:
            with tf.init_scope():
                self.made[key] = make()
            self.listed += [m for m in [self.made[key]] if hasattr(m, "variables") or isinstance(m, tf.Variable)]
        return self.made[key]

    @staticmethod
    def _called(made, inputs, options):
        if not inputs:
            return made
        if isinstance(made, tf.keras.layers.Layer) and not made.built:
            with tf.init_scope():  # in the graph of a function the names of its variables would get numbers
                made.build(inputs[0].shape)
        return made(*inputs, **options)

    def _unique(self, name):
        number = self._numbers.get(self._full(name), 0)
        self._numbers[self._full(name)] = number + 1
        return f"{name}_{number}" if number else name


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
        weights = state.new("weights", lambda _: tf.Variable(
            tf.random.truncated_normal([PIXELS, hidden1_units], stddev=1.0 / math.sqrt(float(PIXELS))), name='weights'))
        biases = state.new("biases", lambda _: tf.Variable(tf.zeros([hidden1_units]), name='biases'))
        hidden1 = tf.nn.relu(tf.matmul(images, weights) + biases)
    # Linear
    with tf.name_scope('softmax_linear'):
        weights = state.new("weights", lambda _: tf.Variable(
            tf.random.truncated_normal([hidden1_units, NUM_CLASSES], stddev=1.0 / math.sqrt(float(hidden1_units))),
            name='weights'))
        biases = state.new("biases", lambda _: tf.Variable(tf.zeros([NUM_CLASSES]), name='biases'))
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
    feed_dict = dict(images_placeholder=images_feed, labels_placeholder=labels_feed)
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
            with state.label("logits"):
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
        with state.label("logits"):
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
