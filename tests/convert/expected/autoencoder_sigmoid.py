""" Auto encoder: squeezes waves of 32 samples into 4 numbers, with encoder()
and decoder() as functions over dicts of weights.
"""
from __future__ import division, print_function, absolute_import

import numpy as np
import tensorflow as tf


class Optimizer(tf.Module):
    """What the optimizers share: a learning rate that may be assigned, and the variables' slots.

    A subclass says in `dense` how a gradient moves a variable, and in `sparse` how the gradient
    of some rows does.
    """

    def __init__(self, learning_rate, name, starts=()):
        super().__init__()
        if not isinstance(learning_rate, tf.Variable):
            learning_rate = tf.Variable(
                learning_rate, trainable=False, dtype=tf.float32, name="learning_rate"
            )
        self.learning_rate = learning_rate
        self.slot_name = name
        self.starts = starts  # of each slot, the value before the first step
        self.slots = {}  # by their names in TF1's checkpoints: <variable>/Adam, <variable>/Adam_1
        self._names = {}

    def apply_gradients(self, grads_and_vars, global_step=None):
        """Moves each variable that has a gradient, then counts the step."""
        self.move(grads_and_vars)
        self.finish()
        if global_step is not None:
            global_step.assign_add(1)

    def move(self, grads_and_vars):
        """Moves each variable that has a gradient. Several moves of one step come before `finish`."""
        grads_and_vars = [
            (gradient, variable) for gradient, variable in grads_and_vars if gradient is not None
        ]
        if not grads_and_vars:
            raise ValueError("No gradients provided for any variable.")
        for gradient, variable in grads_and_vars:
            variable = self._known(variable)
            if isinstance(gradient, tf.IndexedSlices):
                # A row that was looked up twice has one gradient, the sum.
                rows, places = tf.unique(gradient.indices)
                self.sparse(
                    variable,
                    tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows)),
                    rows,
                )
            else:
                self.dense(variable, gradient)

    def finish(self):
        """Called when all variables were moved."""
        return None

    def build(self, variables):
        """Makes all slots now, as for a checkpoint to be loaded; else the first step does."""
        for variable in map(self._known, variables):
            for number in range(len(self.starts)):
                self.slot(variable, number)

    def slot(self, variable, number=0):
        """The variable's slot with this number, made at its first use."""
        key = f"{self._names[variable.ref()]}/{self.slot_name}" + (f"_{number}" if number else "")
        if key not in self.slots:
            with tf.init_scope(), tf.name_scope(""):
                value = tf.fill(variable.shape, tf.cast(self.starts[number], variable.dtype))
                self.slots[key] = tf.Variable(value, trainable=False, name=key)
        return self.slots[key]

    def _known(self, variable):
        """The variable, or that of a Keras layer, with a name that no other variable has."""
        name = getattr(variable, "path", variable.name).split(":")[0]
        if not isinstance(variable, tf.Variable):
            variable = variable.value
        if variable.ref() not in self._names:
            while name in self._names.values():
                name += "_1"
            self._names[variable.ref()] = name
        return variable

    def put(self, variable, rows, value):
        """Writes the rows of a variable or slot; the rows that were written."""
        variable.scatter_update(tf.IndexedSlices(value, rows))
        return value


class RMSPropOptimizer(Optimizer):
    """RMSProp whose mean of squares starts at 1, with epsilon under the root."""

    def __init__(
        self,
        learning_rate,
        decay=0.9,
        momentum=0.0,
        epsilon=1e-10,
        use_locking=False,
        centered=False,
        name="RMSProp",
    ):
        super().__init__(learning_rate, name, [1.0, 0.0, 0.0] if centered else [1.0, 0.0])
        self.decay = decay
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def dense(self, variable, gradient):
        arguments = {
            "var": variable.handle,
            "ms": self.slot(variable, 0).handle,
            "lr": tf.cast(self.learning_rate, variable.dtype),
            "rho": tf.cast(self.decay, variable.dtype),
            "momentum": tf.cast(self.momentum, variable.dtype),
            "epsilon": tf.cast(self.epsilon, variable.dtype),
            "grad": gradient,
        }
        if self.centered:
            mg, mom = self.slot(variable, 1), self.slot(variable, 2)
            tf.raw_ops.ResourceApplyCenteredRMSProp(mg=mg.handle, mom=mom.handle, **arguments)
        else:
            tf.raw_ops.ResourceApplyRMSProp(mom=self.slot(variable, 1).handle, **arguments)

    def sparse(self, variable, gradient, rows):
        rate, rho = tf.cast(self.learning_rate, variable.dtype), tf.cast(self.decay, variable.dtype)
        squares = self.slot(variable, 0)
        square = self.put(
            squares, rows, tf.gather(squares, rows) * rho + gradient * gradient * (1 - rho)
        )
        if self.centered:
            means = self.slot(variable, 1)
            mean = self.put(means, rows, tf.gather(means, rows) * rho + gradient * (1 - rho))
            square -= mean * mean
        moves = self.slot(variable, 2 if self.centered else 1)
        move = rate * gradient * tf.math.rsqrt(square + tf.cast(self.epsilon, variable.dtype))
        move = self.put(
            moves, rows, tf.gather(moves, rows) * tf.cast(self.momentum, variable.dtype) + move
        )
        variable.scatter_sub(tf.IndexedSlices(move, rows))


# sine waves of different frequency and phase, scaled to [0, 1]
t = np.linspace(0, 1, 32)
waves = np.array([0.5 + 0.5 * np.sin(2 * np.pi * (f * t + ph))
                  for f in (1, 2, 3) for ph in np.arange(0, 1, 0.05)])
order = np.random.RandomState(0).permutation(len(waves))
waves = waves[order]

# Training Parameters
learning_rate = 0.01
num_steps = 24
batch_size = 20

display_step = 6

# Network Parameters
num_hidden_1 = 16 # 1st layer num features
num_hidden_2 = 4 # 2nd layer num features (the latent dim)
num_input = 32


weights = {
    'encoder_h1': tf.Variable(tf.random.normal([num_input, num_hidden_1])),
    'encoder_h2': tf.Variable(tf.random.normal([num_hidden_1, num_hidden_2])),
    'decoder_h1': tf.Variable(tf.random.normal([num_hidden_2, num_hidden_1])),
    'decoder_h2': tf.Variable(tf.random.normal([num_hidden_1, num_input])),
}
biases = {
    'encoder_b1': tf.Variable(tf.random.normal([num_hidden_1])),
    'encoder_b2': tf.Variable(tf.random.normal([num_hidden_2])),
    'decoder_b1': tf.Variable(tf.random.normal([num_hidden_1])),
    'decoder_b2': tf.Variable(tf.random.normal([num_input])),
}

# Building the encoder
def encoder(x):
    # Encoder Hidden layer with sigmoid activation #1
    layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, weights['encoder_h1']),
                                   biases['encoder_b1']))
    # Encoder Hidden layer with sigmoid activation #2
    layer_2 = tf.nn.sigmoid(tf.add(tf.matmul(layer_1, weights['encoder_h2']),
                                   biases['encoder_b2']))
    return layer_2


# Building the decoder
def decoder(x):
    layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, weights['decoder_h1']),
                                   biases['decoder_b1']))
    layer_2 = tf.nn.sigmoid(tf.add(tf.matmul(layer_1, weights['decoder_h2']),
                                   biases['decoder_b2']))
    return layer_2


@tf.function(input_signature=[
    tf.TensorSpec([None, num_input], tf.float32),
])
def compute_encoder_op(X):
    # Construct model
    encoder_op = encoder(X)
    return encoder_op


@tf.function(input_signature=[
    tf.TensorSpec([None, num_input], tf.float32),
])
def compute_decoder_op(X):
    # Construct model
    encoder_op = encoder(X)
    decoder_op = decoder(encoder_op)
    return decoder_op


@tf.function
def compute_decoder_op_2(encoder_op):
    encoder_op = tf.cast(encoder_op, tf.float32)
    decoder_op = decoder(encoder_op)
    return decoder_op


optimizer = RMSPropOptimizer(learning_rate)


@tf.function(input_signature=[
    tf.TensorSpec([None, num_input], tf.float32),
])
def train_step(X):
    with tf.GradientTape() as tape:
        # Construct model
        encoder_op = encoder(X)
        decoder_op = decoder(encoder_op)
        # Prediction
        y_pred = decoder_op
        # Targets (Labels) are the input data.
        y_true = X
        # Define loss and optimizer, minimize the squared error
        loss = tf.reduce_mean(tf.pow(y_true - y_pred, 2))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


# Training
for i in range(1, num_steps+1):
    k = (i - 1) % 3
    batch_x = waves[k * batch_size:(k + 1) * batch_size]

    # Run optimization op (backprop) and cost op (to get loss value)
    l = train_step(X=batch_x).numpy()
    # Display logs per step
    if i % display_step == 0 or i == 1:
        print('Step %i: Minibatch Loss: %f' % (i, l))

# Testing: codes, and the waves that come back
codes = compute_encoder_op(X=waves[:2]).numpy()
print('Codes:', ['%.4f' % v for v in codes.ravel()])
back = compute_decoder_op(X=waves[:5]).numpy()
print('Mean error: %.5f' % np.abs(back - waves[:5]).mean())
# decode a code of our own: the middle tensor is fed
mine = compute_decoder_op_2(encoder_op=[[0.1, 0.9, 0.5, 0.5]]).numpy()
print('Decoded: %.5f %.5f' % (mine[0, 0], mine.sum()))
