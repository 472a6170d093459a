"""dynamic_rnn over padded sequences with lengths; the last relevant output is
gathered by index."""
from __future__ import print_function

import random

import numpy as np
import tensorflow as tf


from collections import namedtuple
import contextlib
import functools
import re


LSTMStateTuple = namedtuple("LSTMStateTuple", ["c", "h"])


class RNNCell(tf.Module):
    """One step of a recurrent network: cell(inputs, state) gives the output and the new state.

    A subclass makes its variables in `make`, computes in `call`, has `state_size`, `output_size`.
    """

    def __init__(self, scope):
        super().__init__()
        self.scope = scope
        self.built = False

    def __call__(self, inputs, state, scope=None):
        if not self.built:
            self.build(inputs.shape[-1], inputs.dtype, scope or self.scope)
        return self.call(inputs, state)

    def build(self, input_size, dtype=tf.float32, scope=None):
        """Makes the variables, named below this scope, also while a function is being traced."""
        if not self.built:
            self.built = True
            with tf.init_scope():
                self.make(input_size, dtype, self.scope if scope is None else scope)

    def make(self, input_size, dtype, scope):
        """A wrapper has none of its own."""

    def variable(self, name, shape, dtype, initializer=None):
        """A new variable; its initial value is glorot uniform if nothing else is said."""
        initializer = initializer or tf.keras.initializers.GlorotUniform()
        return tf.Variable(initializer(shape, dtype=dtype), name=name)

    def zero_state(self, batch_size, dtype):
        """The state before the first step."""
        return tf.nest.map_structure(
            lambda size: tf.zeros([batch_size, size], dtype), self.state_size
        )


class BasicLSTMCell(RNNCell):
    """An LSTM; the gates lie in the kernel in the order input, new, forget, output."""

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
        initializer=None,
    ):
        super().__init__(name or "basic_lstm_cell")
        self.output_size = num_units
        self.forget_bias = forget_bias
        self.state_is_tuple = state_is_tuple
        self.activation = activation or tf.tanh
        self.initializer = initializer

    @property
    def state_size(self):
        size = self.output_size
        return LSTMStateTuple(size, size) if self.state_is_tuple else 2 * size

    def make(self, input_size, dtype, scope):
        units = self.output_size
        self.kernel = self.variable(
            scope + "/kernel", [input_size + units, 4 * units], dtype, self.initializer
        )
        self.bias = self.variable(scope + "/bias", [4 * units], dtype, tf.zeros_initializer())

    def call(self, inputs, state):
        c, h = state if self.state_is_tuple else tf.split(state, 2, 1)
        i, j, f, o = tf.split(tf.concat([inputs, h], 1) @ self.kernel + self.bias, 4, 1)
        c = c * tf.sigmoid(f + self.forget_bias) + tf.sigmoid(i) * self.activation(j)
        h = self.activation(c) * tf.sigmoid(o)
        return h, LSTMStateTuple(c, h) if self.state_is_tuple else tf.concat([c, h], 1)


def hold_finished(step, lengths, output, state, last):
    """Output and state of a step; sequences that have ended give zeros and keep their state."""
    going = tf.expand_dims(step < lengths, 1)
    output = tf.where(going, output, tf.zeros_like(output))
    return output, tf.nest.map_structure(lambda new, old: tf.where(going, new, old), state, last)


def dynamic_rnn(
    cell,
    inputs,
    sequence_length=None,
    initial_state=None,
    dtype=None,
    parallel_iterations=None,
    swap_memory=False,
    time_major=False,
    scope=None,
):
    """Runs a cell along axis 1 of inputs (0, if time_major); the outputs and the last state."""
    cell.build(inputs.shape[-1], inputs.dtype, f"{scope or 'rnn'}/{cell.scope}")
    inputs = inputs if time_major else tf.transpose(inputs, [1, 0, 2])
    steps, batch = (known or tf.shape(inputs)[axis] for axis, known in enumerate(inputs.shape[:2]))
    state = (
        cell.zero_state(batch, dtype or inputs.dtype) if initial_state is None else initial_state
    )
    bound = steps
    if sequence_length is not None:
        sequence_length = tf.cast(sequence_length, tf.int32)
        # Nothing is drawn or computed behind the longest sequence; the outputs there stay zero.
        bound = tf.minimum(steps, tf.maximum(1, tf.reduce_max(sequence_length)))
    each = tf.TensorArray(inputs.dtype, steps).unstack(inputs)
    outputs = tf.TensorArray(
        dtype or inputs.dtype, steps, element_shape=[inputs.shape[1], cell.output_size]
    )

    def step(number, outputs, last):
        output, state = cell(each.read(number), last)
        if sequence_length is not None:
            output, state = hold_finished(number, sequence_length, output, state, last)
        return number + 1, outputs.write(number, output), state

    _, outputs, state = tf.while_loop(
        lambda number, *_: number < bound,
        step,
        (0, outputs, state),
        parallel_iterations=parallel_iterations or 32,
        maximum_iterations=steps,
    )
    outputs = outputs.stack()
    outputs.set_shape([inputs.shape[0], inputs.shape[1], cell.output_size])
    return outputs if time_major else tf.transpose(outputs, [1, 0, 2]), state


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


random.seed(1)
np.random.seed(1)


class ToySequenceData(object):
    """Rising sequences (class 0) and jumping ones (class 1), padded with zeros."""

    def __init__(self, n_samples=60, max_seq_len=8, min_seq_len=3):
        self.data = []
        self.labels = []
        self.seqlen = []
        for i in range(n_samples):
            n = random.randint(min_seq_len, max_seq_len)
            self.seqlen.append(n)
            if random.random() < .5:
                start = random.random()
                s = [[start + 0.1 * k] for k in range(n)]
                self.labels.append([1., 0.])
            else:
                s = [[random.random() * 2] for k in range(n)]
                self.labels.append([0., 1.])
            s += [[0.] for k in range(max_seq_len - n)]
            self.data.append(s)
        self.batch_id = 0

    def next(self, batch_size):
        """Return a batch of data; start over when the end is reached."""
        if self.batch_id == len(self.data):
            self.batch_id = 0
        end = min(self.batch_id + batch_size, len(self.data))
        batch = (self.data[self.batch_id:end], self.labels[self.batch_id:end], self.seqlen[self.batch_id:end])
        self.batch_id = end
        return batch


# Parameters
learning_rate = 0.05
training_steps = 15
batch_size = 25
seq_max_len = 8
n_hidden = 10
n_classes = 2

trainset = ToySequenceData()
testset = ToySequenceData(n_samples=30)


weights = {'out': tf.Variable(tf.random.normal([n_hidden, n_classes]))}
biases = {'out': tf.Variable(tf.random.normal([n_classes]))}


def dynamicRNN(x, seqlen, weights, biases):
    cell = state.new("cell", lambda _: BasicLSTMCell(n_hidden))
    outputs, states = dynamic_rnn(cell, x, dtype=tf.float32, sequence_length=seqlen)

    # Retrieve the last relevant output of each sequence
    n = tf.shape(outputs)[0]
    index = tf.range(0, n) * seq_max_len + (seqlen - 1)
    outputs = tf.gather(tf.reshape(outputs, [-1, n_hidden]), index)
    return tf.matmul(outputs, weights['out']) + biases['out']


optimizer = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, seq_max_len, 1], tf.float32),
    tf.TensorSpec([None, n_classes], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step(x, y, seqlen):
    with tf.GradientTape() as tape:
        with state.label("pred"):
            pred = dynamicRNN(x, seqlen, weights, biases)
        cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=pred, labels=y))
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(gradients, variables) if g is not None])


@tf.function(input_signature=[
    tf.TensorSpec([None, seq_max_len, 1], tf.float32),
    tf.TensorSpec([None, n_classes], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def compute_accuracy_and_cost(x, y, seqlen):
    with state.label("pred"):
        pred = dynamicRNN(x, seqlen, weights, biases)
    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=pred, labels=y))
    correct_pred = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return accuracy, cost


@tf.function(input_signature=[
    tf.TensorSpec([None, seq_max_len, 1], tf.float32),
    tf.TensorSpec([None, n_classes], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def compute_accuracy(x, y, seqlen):
    with state.label("pred"):
        pred = dynamicRNN(x, seqlen, weights, biases)
    correct_pred = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return accuracy


for step in range(1, training_steps + 1):
    batch_x, batch_y, batch_seqlen = trainset.next(batch_size)
    train_step(x=batch_x, y=batch_y, seqlen=batch_seqlen)
    if step % 5 == 0 or step == 1:
        acc, loss = (value.numpy() for value in compute_accuracy_and_cost(x=batch_x, y=batch_y, seqlen=batch_seqlen))
        print("Step " + str(step) + ", Minibatch Loss= " + "{:.5f}".format(loss) +
              ", Training Accuracy= " + "{:.4f}".format(acc))

test_data, test_label, test_seqlen = testset.data, testset.labels, testset.seqlen
print("Testing Accuracy: %.4f" %
      compute_accuracy(x=test_data, y=test_label, seqlen=test_seqlen).numpy())
