"""A sequence regression: the final state of one run is fed as the initial state of
the next, and at the end the net runs alone on its own outputs."""
import tensorflow as tf
import numpy as np


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


class BasicRNNCell(RNNCell):
    """activation(W [x, h] + b)"""

    def __init__(
        self, num_units, activation=None, reuse=None, name=None, dtype=None, initializer=None
    ):
        super().__init__(name or "basic_rnn_cell")
        self.output_size = self.state_size = num_units
        self.activation = activation or tf.tanh
        self.initializer = initializer

    def make(self, input_size, dtype, scope):
        units = self.output_size
        self.kernel = self.variable(
            scope + "/kernel", [input_size + units, units], dtype, self.initializer
        )
        self.bias = self.variable(scope + "/bias", [units], dtype, tf.zeros_initializer())

    def call(self, inputs, state):
        output = self.activation(tf.concat([inputs, state], 1) @ self.kernel + self.bias)
        return output, output


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


# Hyper parameters
TIME_STEP = 8
INPUT_SIZE = 1
CELL_SIZE = 12
LR = 0.02


# RNN
rnn_cell = BasicRNNCell(num_units=CELL_SIZE)
net_outs2D_layer = tf.keras.layers.Dense(INPUT_SIZE)


@tf.function
def compute_outs_and_final_s(tf_x, init_s):
    tf_x = tf.cast(tf_x, tf.float32)
    outputs, final_s = dynamic_rnn(
        rnn_cell,                   # cell you have chosen
        tf_x,                       # input
        initial_state=init_s,       # the initial hidden state
        time_major=False,           # False: (batch, time step, input); True: (time step, batch, input)
    )
    outs2D = tf.reshape(outputs, [-1, CELL_SIZE])                       # reshape 3D output to 2D for fully connected layer
    net_outs2D = net_outs2D_layer(outs2D)
    outs = tf.reshape(net_outs2D, [1, -1, INPUT_SIZE])                  # reshape back to 3D
    return outs, final_s


optimizer = tf.keras.optimizers.Adam(LR, epsilon=1e-8)


@tf.function
def train_step(tf_x, tf_y, init_s=None):
    tf_x = tf.cast(tf_x, tf.float32)
    tf_y = tf.cast(tf_y, tf.float32)
    with tf.GradientTape() as tape:
        if init_s is None:
            init_s = rnn_cell.zero_state(batch_size=1, dtype=tf.float32)    # very first hidden state
        outputs, final_s = dynamic_rnn(
            rnn_cell,                   # cell you have chosen
            tf_x,                       # input
            initial_state=init_s,       # the initial hidden state
            time_major=False,           # False: (batch, time step, input); True: (time step, batch, input)
        )
        outs2D = tf.reshape(outputs, [-1, CELL_SIZE])                       # reshape 3D output to 2D for fully connected layer
        net_outs2D = net_outs2D_layer(outs2D)
        outs = tf.reshape(net_outs2D, [1, -1, INPUT_SIZE])                  # reshape back to 3D
        loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(outs, tf.float32), tf.cast(tf_y, tf.float32)))  # compute cost
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return outs, final_s


for step in range(20):
    start, end = step * np.pi, (step+1)*np.pi   # time range
    # use sin predicts cos
    steps = np.linspace(start, end, TIME_STEP)
    x = np.sin(steps)[np.newaxis, :, np.newaxis]    # shape (batch, time_step, input_size)
    y = np.cos(steps)[np.newaxis, :, np.newaxis]
    if 'final_s_' not in globals():                 # first state, no any hidden state
        feed_dict = dict(tf_x=x, tf_y=y)
    else:                                           # has hidden state, so pass it to rnn
        feed_dict = dict(tf_x=x, tf_y=y, init_s=final_s_)
    pred_, final_s_ = tf.nest.map_structure(lambda value: value.numpy(), train_step(**feed_dict))     # train
    if step % 5 == 4:
        print('step %d error %.5f state %.5f' % (step, np.abs(pred_ - y).mean(), final_s_.sum()))

# one step at a time
state = final_s_
value = [[[0.5]]]
for _ in range(4):
    value, state = tf.nest.map_structure(lambda value: value.numpy(), compute_outs_and_final_s(tf_x=value, init_s=state))
    print('alone %.5f' % value[0, 0, 0])
