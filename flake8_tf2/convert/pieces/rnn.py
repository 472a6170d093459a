"""TensorFlow 1's recurrent networks: cells with the same kernels and names, and their loops."""

import hashlib
from collections import namedtuple

import tensorflow as tf

NEEDS = {
    "BasicRNNCell": ["RNNCell"],
    "BasicLSTMCell": ["RNNCell", "LSTMStateTuple"],
    "LSTMCell": ["RNNCell", "LSTMStateTuple"],
    "LayerNormBasicLSTMCell": ["RNNCell", "LSTMStateTuple"],
    "GRUCell": ["RNNCell"],
    "MultiRNNCell": ["RNNCell"],
    "DropoutWrapper": ["RNNCell", "LSTMStateTuple"],
    "ResidualWrapper": ["RNNCell"],
    "InputProjectionWrapper": ["RNNCell"],
    "OutputProjectionWrapper": ["RNNCell"],
    "dynamic_rnn": ["hold_finished"],
    "static_rnn": ["hold_finished"],
    "bidirectional_dynamic_rnn": ["dynamic_rnn"],
    "static_bidirectional_rnn": ["static_rnn"],
}

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


class LSTMCell(RNNCell):
    """An LSTM that may look at its memory (peepholes), clip it and project its output."""

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        cell_clip=None,
        initializer=None,
        num_proj=None,
        proj_clip=None,
        num_unit_shards=None,
        num_proj_shards=None,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
    ):
        super().__init__(name or "lstm_cell")
        self.num_units = num_units
        self.use_peepholes = use_peepholes
        self.cell_clip = cell_clip
        self.initializer = initializer
        self.num_proj = num_proj
        self.proj_clip = proj_clip
        self.forget_bias = forget_bias
        self.state_is_tuple = state_is_tuple
        self.activation = activation or tf.tanh
        self.output_size = num_proj or num_units

    @property
    def state_size(self):
        sizes = self.num_units, self.output_size
        return LSTMStateTuple(*sizes) if self.state_is_tuple else sum(sizes)

    def make(self, input_size, dtype, scope):
        units, start = self.num_units, self.initializer
        self.kernel = self.variable(
            scope + "/kernel", [input_size + self.output_size, 4 * units], dtype, start
        )
        self.bias = self.variable(scope + "/bias", [4 * units], dtype, tf.zeros_initializer())
        if self.use_peepholes:
            self.w_f_diag = self.variable(scope + "/w_f_diag", [units], dtype, start)
            self.w_i_diag = self.variable(scope + "/w_i_diag", [units], dtype, start)
            self.w_o_diag = self.variable(scope + "/w_o_diag", [units], dtype, start)
        if self.num_proj:
            self.projection = self.variable(
                scope + "/projection/kernel", [units, self.num_proj], dtype, start
            )

    def call(self, inputs, state):
        c, h = (
            state if self.state_is_tuple else tf.split(state, [self.num_units, self.output_size], 1)
        )
        i, j, f, o = tf.split(tf.concat([inputs, h], 1) @ self.kernel + self.bias, 4, 1)
        f += self.forget_bias
        if self.use_peepholes:
            f += self.w_f_diag * c
            i += self.w_i_diag * c
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * self.activation(j)
        if self.cell_clip is not None:
            c = tf.clip_by_value(c, -self.cell_clip, self.cell_clip)
        if self.use_peepholes:
            o += self.w_o_diag * c
        h = tf.sigmoid(o) * self.activation(c)
        if self.num_proj:
            h = h @ self.projection
            if self.proj_clip is not None:
                h = tf.clip_by_value(h, -self.proj_clip, self.proj_clip)
        return h, LSTMStateTuple(c, h) if self.state_is_tuple else tf.concat([c, h], 1)


class LayerNormBasicLSTMCell(RNNCell):
    """An LSTM whose gates and memory are normalised, with dropout of what is new in the memory."""

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        input_size=None,
        activation=tf.tanh,
        layer_norm=True,
        norm_gain=1.0,
        norm_shift=0.0,
        dropout_keep_prob=1.0,
        dropout_prob_seed=None,
        reuse=None,
        initializer=None,
    ):
        super().__init__("layer_norm_basic_lstm_cell")
        self.output_size = num_units
        self.forget_bias = forget_bias
        self.activation = activation
        self.layer_norm = layer_norm
        self.norm_gain = norm_gain
        self.norm_shift = norm_shift
        self.keep_prob = dropout_keep_prob
        self.seed = dropout_prob_seed
        self.initializer = initializer

    @property
    def state_size(self):
        return LSTMStateTuple(self.output_size, self.output_size)

    def make(self, input_size, dtype, scope):
        units = self.output_size
        self.kernel = self.variable(
            scope + "/kernel", [input_size + units, 4 * units], dtype, self.initializer
        )
        if not self.layer_norm:
            self.bias = self.variable(scope + "/bias", [4 * units], dtype, tf.zeros_initializer())
            return
        gain, shift = (
            tf.constant_initializer(self.norm_gain),
            tf.constant_initializer(self.norm_shift),
        )
        self.gamma, self.beta = {}, {}
        for name in ["input", "transform", "forget", "output", "state"]:
            self.gamma[name] = self.variable(f"{scope}/{name}/gamma", [units], dtype, gain)
            self.beta[name] = self.variable(f"{scope}/{name}/beta", [units], dtype, shift)

    def norm(self, x, name):
        mean, variance = tf.nn.moments(x, [1], keepdims=True)
        return tf.nn.batch_normalization(
            x, mean, variance, self.beta[name], self.gamma[name], 1e-12
        )

    def call(self, inputs, state):
        c, h = state
        gates = tf.concat([inputs, h], 1) @ self.kernel
        i, j, f, o = tf.split(gates if self.layer_norm else gates + self.bias, 4, 1)
        if self.layer_norm:
            i, j = self.norm(i, "input"), self.norm(j, "transform")
            f, o = self.norm(f, "forget"), self.norm(o, "output")
        new = self.activation(j)
        if tf.is_tensor(self.keep_prob) or self.keep_prob < 1:
            new = tf.nn.dropout(new, rate=1 - self.keep_prob, seed=self.seed)
        c = c * tf.sigmoid(f + self.forget_bias) + tf.sigmoid(i) * new
        if self.layer_norm:
            c = self.norm(c, "state")
        h = self.activation(c) * tf.sigmoid(o)
        return h, LSTMStateTuple(c, h)


class GRUCell(RNNCell):
    """A gated recurrent unit; the gates lie in the kernel in the order reset, update."""

    def __init__(
        self,
        num_units,
        activation=None,
        reuse=None,
        kernel_initializer=None,
        bias_initializer=None,
        name=None,
        dtype=None,
    ):
        super().__init__(name or "gru_cell")
        self.output_size = self.state_size = num_units
        self.activation = activation or tf.tanh
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer

    def make(self, input_size, dtype, scope):
        units, start, bias = self.output_size, self.kernel_initializer, self.bias_initializer
        size = input_size + units
        self.gate_kernel = self.variable(scope + "/gates/kernel", [size, 2 * units], dtype, start)
        self.gate_bias = self.variable(
            scope + "/gates/bias", [2 * units], dtype, bias or tf.ones_initializer()
        )
        self.kernel = self.variable(scope + "/candidate/kernel", [size, units], dtype, start)
        self.bias = self.variable(
            scope + "/candidate/bias", [units], dtype, bias or tf.zeros_initializer()
        )

    def call(self, inputs, state):
        gates = tf.sigmoid(tf.concat([inputs, state], 1) @ self.gate_kernel + self.gate_bias)
        reset, update = tf.split(gates, 2, 1)
        new = self.activation(tf.concat([inputs, reset * state], 1) @ self.kernel + self.bias)
        output = update * state + (1 - update) * new
        return output, output


class MultiRNNCell(RNNCell):
    """Cells in layers: each gets the output of the one before."""

    def __init__(self, cells, state_is_tuple=True):
        super().__init__("multi_rnn_cell")
        self.cells = list(cells)
        self.state_is_tuple = state_is_tuple

    @property
    def state_size(self):
        sizes = tuple(cell.state_size for cell in self.cells)
        return sizes if self.state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self.cells[-1].output_size

    def make(self, input_size, dtype, scope):
        for number, cell in enumerate(self.cells):
            cell.build(input_size, dtype, f"{scope}/cell_{number}/{cell.scope}")
            input_size = cell.output_size

    def call(self, inputs, state):
        if not self.state_is_tuple:
            state = tf.split(state, [cell.state_size for cell in self.cells], 1)
        new = []
        for cell, part in zip(self.cells, state):
            inputs, part = cell(inputs, part)
            new.append(part)
        return inputs, tuple(new) if self.state_is_tuple else tf.concat(new, 1)


class DropoutWrapper(RNNCell):
    """Drops inputs, outputs or state of a cell, anew at each step; never an LSTM's memory c."""

    def __init__(
        self,
        cell,
        input_keep_prob=1.0,
        output_keep_prob=1.0,
        state_keep_prob=1.0,
        variational_recurrent=False,
        input_size=None,
        dtype=None,
        seed=None,
    ):
        super().__init__(cell.scope)
        if variational_recurrent:
            raise NotImplementedError("one mask for all steps")
        self.cell = cell
        self.input_keep_prob = input_keep_prob
        self.output_keep_prob = output_keep_prob
        self.state_keep_prob = state_keep_prob
        self.seed = seed

    @property
    def state_size(self):
        return self.cell.state_size

    @property
    def output_size(self):
        return self.cell.output_size

    def make(self, input_size, dtype, scope):
        self.cell.build(input_size, dtype, scope)

    def drop(self, value, keep_prob, salt):
        """Nothing is dropped where all is kept for sure."""
        if isinstance(keep_prob, (int, float)) and keep_prob >= 1:
            return value
        seed = None
        if self.seed is not None:  # TF1 took these seeds for its masks
            seed = int(hashlib.md5(f"{self.seed}{salt}".encode()).hexdigest()[:8], 16) & 0x7FFFFFFF
        return tf.nn.dropout(value, rate=1 - keep_prob, seed=seed)

    def memories(self, state):
        """For each tensor of a state, whether it is the memory of an LSTM."""
        if isinstance(state, LSTMStateTuple):
            return [True, False]
        return (
            [m for part in state for m in self.memories(part)]
            if isinstance(state, tuple)
            else [False]
        )

    def call(self, inputs, state):
        output, state = self.cell(self.drop(inputs, self.input_keep_prob, "input_0"), state)
        parts = enumerate(zip(tf.nest.flatten(state), self.memories(state)))
        parts = [
            v if memory else self.drop(v, self.state_keep_prob, f"state_{n}")
            for n, (v, memory) in parts
        ]
        state = tf.nest.pack_sequence_as(state, parts)
        return self.drop(output, self.output_keep_prob, "output_0"), state


class ResidualWrapper(RNNCell):
    """Adds a cell's inputs to its outputs."""

    def __init__(self, cell, residual_fn=None):
        super().__init__(cell.scope)
        self.cell = cell
        self.residual_fn = residual_fn or tf.add

    @property
    def state_size(self):
        return self.cell.state_size

    @property
    def output_size(self):
        return self.cell.output_size

    def make(self, input_size, dtype, scope):
        self.cell.build(input_size, dtype, scope)

    def call(self, inputs, state):
        output, state = self.cell(inputs, state)
        return self.residual_fn(inputs, output), state


class InputProjectionWrapper(RNNCell):
    """A dense layer before a cell."""

    def __init__(
        self, cell, num_proj, activation=None, input_size=None, reuse=None, initializer=None
    ):
        super().__init__("input_projection_wrapper")
        self.cell = cell
        self.num_proj = num_proj
        self.activation = activation or tf.identity
        self.initializer = initializer

    @property
    def state_size(self):
        return self.cell.state_size

    @property
    def output_size(self):
        return self.cell.output_size

    def make(self, input_size, dtype, scope):
        self.kernel = self.variable(
            scope + "/kernel", [input_size, self.num_proj], dtype, self.initializer
        )
        self.bias = self.variable(scope + "/bias", [self.num_proj], dtype, tf.zeros_initializer())
        self.cell.build(self.num_proj, dtype, f"{scope}/{self.cell.scope}")

    def call(self, inputs, state):
        return self.cell(self.activation(inputs @ self.kernel + self.bias), state)


class OutputProjectionWrapper(RNNCell):
    """A dense layer behind a cell."""

    def __init__(self, cell, output_size, activation=None, reuse=None, initializer=None):
        super().__init__("output_projection_wrapper")
        self.cell = cell
        self.output_size = output_size
        self.activation = activation or tf.identity
        self.initializer = initializer

    @property
    def state_size(self):
        return self.cell.state_size

    def make(self, input_size, dtype, scope):
        self.cell.build(input_size, dtype, f"{scope}/{self.cell.scope}")
        shape = [self.cell.output_size, self.output_size]
        self.kernel = self.variable(scope + "/kernel", shape, dtype, self.initializer)
        self.bias = self.variable(
            scope + "/bias", [self.output_size], dtype, tf.zeros_initializer()
        )

    def call(self, inputs, state):
        output, state = self.cell(inputs, state)
        return self.activation(output @ self.kernel + self.bias), state


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


def bidirectional_dynamic_rnn(
    cell_fw,
    cell_bw,
    inputs,
    sequence_length=None,
    initial_state_fw=None,
    initial_state_bw=None,
    dtype=None,
    parallel_iterations=None,
    swap_memory=False,
    time_major=False,
    scope=None,
):
    """Runs one cell forward and one backward; the two outputs, and the two last states."""
    scope, time = scope or "bidirectional_rnn", 0 if time_major else 1

    def reverse(values):
        if sequence_length is None:
            return tf.reverse(values, [time])
        return tf.reverse_sequence(values, sequence_length, seq_axis=time, batch_axis=1 - time)

    kept = dtype, parallel_iterations, swap_memory, time_major
    forward, state_fw = dynamic_rnn(
        cell_fw, inputs, sequence_length, initial_state_fw, *kept, scope=scope + "/fw"
    )
    backward, state_bw = dynamic_rnn(
        cell_bw, reverse(inputs), sequence_length, initial_state_bw, *kept, scope=scope + "/bw"
    )
    return (forward, reverse(backward)), (state_fw, state_bw)


def static_bidirectional_rnn(
    cell_fw,
    cell_bw,
    inputs,
    initial_state_fw=None,
    initial_state_bw=None,
    dtype=None,
    sequence_length=None,
    scope=None,
):
    """Runs one cell forward and one backward; the outputs side by side, and the two last states."""
    scope = scope or "bidirectional_rnn"

    def reverse(values):
        if sequence_length is None:
            return values[::-1]
        return tf.unstack(
            tf.reverse_sequence(tf.stack(values), sequence_length, seq_axis=0, batch_axis=1)
        )

    forward, state_fw = static_rnn(
        cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope + "/fw"
    )
    backward, state_bw = static_rnn(
        cell_bw, reverse(inputs), initial_state_bw, dtype, sequence_length, scope + "/bw"
    )
    outputs = [tf.concat(pair, 1) for pair in zip(forward, reverse(backward))]
    return outputs, state_fw, state_bw
