"""A class whose constructor has functions of its own: one makes cells, one computes with names that it shadows."""
import numpy as np
import tensorflow as tf


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


class Tagger(tf.Module):
    def __init__(self, n_tags, steps, size=6, n_layers=2):
        super().__init__()
        self.size = size
        self.steps = steps
        self.cell = MultiRNNCell([self.make_cell() for _ in range(n_layers)])
        self.softmax_w = tf.Variable(tf.keras.initializers.GlorotUniform()([self.size, n_tags]), name='softmax_w')
        self.softmax_b = tf.Variable(tf.zeros_initializer()([n_tags]), name='softmax_b')
        self.optimizer = tf.keras.optimizers.Adam(0.03, epsilon=1e-8)

    def make_cell(self):
        return GRUCell(self.size)

    def project(self, outputs, scale=1.0):
        outputs = tf.reshape(outputs, [-1, self.size])
        return scale * (tf.matmul(outputs, self.softmax_w) + self.softmax_b)

    @tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.float32)])
    def compute_best(self, inputs):
        inputs = tf.ensure_shape(inputs, [None, self.steps, 3])
        outputs, state = dynamic_rnn(self.cell, inputs, dtype=tf.float32)
        scores = self.project(outputs)
        best = tf.reshape(tf.argmax(scores, 1), [-1, self.steps])
        return best

    @tf.function(input_signature=[
        tf.TensorSpec([None, None, 3], tf.float32),
        tf.TensorSpec([None, None], tf.int32),
    ])
    def train_step(self, inputs, tags):
        inputs = tf.ensure_shape(inputs, [None, self.steps, 3])
        tags = tf.ensure_shape(tags, [None, self.steps])
        with tf.GradientTape() as tape:
            outputs, state = dynamic_rnn(self.cell, inputs, dtype=tf.float32)
            scores = self.project(outputs)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=scores, labels=tf.reshape(tags, [-1])))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return loss

    def train(self, inputs, tags):
        loss = self.train_step(inputs=inputs, tags=tags).numpy()
        return loss

    def tag(self, inputs):
        return self.compute_best(inputs=inputs).numpy()


def main():
    rs = np.random.RandomState(12)
    inputs = rs.randn(24, 5, 3)
    tags = (inputs.sum(2) > 0).astype(int) + (inputs[:, :, 0] > 1)
    model = Tagger(3, 5)
    for epoch in range(12):
        loss = model.train(inputs, tags)
        if epoch % 3 == 2:
            right = np.mean(model.tag(inputs) == tags)
            print('epoch %d loss %.5f right %.3f' % (epoch, loss, right))


if __name__ == '__main__':
    main()
