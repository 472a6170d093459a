"""An LSTM reads a small picture row by row (static_rnn over unstacked rows)."""
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


def static_rnn(cell, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
    """Runs a cell along a list of inputs; the list of outputs, and the last state."""
    cell.build(inputs[0].shape[-1], inputs[0].dtype, f"{scope or 'rnn'}/{cell.scope}")
    batch = inputs[0].shape[0] or tf.shape(inputs[0])[0]
    state = (
        cell.zero_state(batch, dtype or inputs[0].dtype) if initial_state is None else initial_state
    )
    outputs = []
    for number, value in enumerate(inputs):
        last = state
        output, state = cell(value, last)
        if sequence_length is not None:
            output, state = hold_finished(
                number, tf.cast(sequence_length, tf.int32), output, state, last
            )
        outputs.append(output)
    return outputs, state


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


# pictures whose rows slope up, down or stay
r = np.random.RandomState(8)
timesteps = 7
num_input = 5
num_classes = 3
slopes = r.randint(0, 3, 90)
base = r.rand(90, 1, num_input)
ramp = np.linspace(0, 1, timesteps).reshape(1, timesteps, 1)
pictures = base + ramp * (slopes - 1).reshape(-1, 1, 1) + 0.1 * r.randn(90, timesteps, num_input)
onehot = np.eye(num_classes)[slopes]

# Training Parameters
learning_rate = 0.5
training_steps = 15
batch_size = 30
display_step = 5
num_hidden = 12 # hidden layer num of features


# Define weights
weights = {
    'out': tf.Variable(tf.random.normal([num_hidden, num_classes]))
}
biases = {
    'out': tf.Variable(tf.random.normal([num_classes]))
}


def RNN(x, weights, biases):

    # From shape (batch_size, timesteps, n_input) to a list of
    # 'timesteps' tensors of shape (batch_size, n_input)
    x = tf.unstack(x, timesteps, 1)

    # Define a lstm cell with tensorflow
    lstm_cell = state.new("lstm_cell", lambda _: BasicLSTMCell(num_hidden, forget_bias=1.0))

    # Get lstm cell output
    outputs, states = static_rnn(lstm_cell, x, dtype=tf.float32)

    # Linear activation, using rnn inner loop last output
    return tf.matmul(outputs[-1], weights['out']) + biases['out']


@tf.function(input_signature=[tf.TensorSpec([None, timesteps, num_input], tf.float32)])
def compute_prediction(X):
    with state.label("logits"):
        logits = RNN(X, weights, biases)
    prediction = tf.nn.softmax(logits)
    return prediction


optimizer = tf.keras.optimizers.SGD(learning_rate)


@tf.function(input_signature=[
    tf.TensorSpec([None, timesteps, num_input], tf.float32),
    tf.TensorSpec([None, num_classes], tf.float32),
])
def train_step(X, Y):
    with tf.GradientTape() as tape:
        with state.label("logits"):
            logits = RNN(X, weights, biases)
        # Define loss and optimizer
        loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(Y), logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss_op, variables)
    optimizer.apply_gradients(zip(gradients, variables))


@tf.function(input_signature=[
    tf.TensorSpec([None, timesteps, num_input], tf.float32),
    tf.TensorSpec([None, num_classes], tf.float32),
])
def compute_loss_op_and_accuracy(X, Y):
    with state.label("logits"):
        logits = RNN(X, weights, biases)
    prediction = tf.nn.softmax(logits)
    # Define loss and optimizer
    loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(Y), logits=logits))
    # Evaluate model (with test logits, for dropout to be disabled)
    correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return loss_op, accuracy


@tf.function(input_signature=[
    tf.TensorSpec([None, timesteps, num_input], tf.float32),
    tf.TensorSpec([None, num_classes], tf.float32),
])
def compute_accuracy(X, Y):
    with state.label("logits"):
        logits = RNN(X, weights, biases)
    prediction = tf.nn.softmax(logits)
    # Evaluate model (with test logits, for dropout to be disabled)
    correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return accuracy


# Start training

# Run the initializer

for step in range(1, training_steps+1):
    begin = (step * batch_size) % 60
    batch_x = pictures[begin:begin + batch_size]
    batch_y = onehot[begin:begin + batch_size]
    # Run optimization op (backprop)
    train_step(X=batch_x, Y=batch_y)
    if step % display_step == 0 or step == 1:
        # Calculate batch loss and accuracy
        loss, acc = (value.numpy() for value in compute_loss_op_and_accuracy(X=batch_x, Y=batch_y))
        print("Step %d, minibatch loss = %.5f, accuracy = %.3f" % (step, loss, acc))

print("Testing Accuracy: %.3f" % \
    compute_accuracy(X=pictures[60:], Y=onehot[60:]).numpy())
print("Sum of probabilities of class 0: %.5f" %
      compute_prediction(X=pictures[60:]).numpy()[:, 0].sum())
