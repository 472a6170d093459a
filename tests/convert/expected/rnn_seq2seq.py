"""An encoder and a decoder that turns words around, with shared embeddings as one-hot."""
import numpy as np
import tensorflow as tf


from collections import namedtuple
import hashlib


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


# S: start of decoding, E: end, P: padding
char_arr = [c for c in 'SEPabcdeht']
num_dic = {n: i for i, n in enumerate(char_arr)}
dic_len = len(num_dic)
seq_data = [['abcd', 'dcba'], ['heat', 'taeh'], ['tabe', 'ebat'], ['cade', 'edac'], ['bead', 'daeb']]


def make_batch(seq_data):
    input_batch = []
    output_batch = []
    target_batch = []
    for seq in seq_data:
        inp = [num_dic[n] for n in seq[0]]
        output = [num_dic[n] for n in ('S' + seq[1])]
        target = [num_dic[n] for n in (seq[1] + 'E')]
        input_batch.append(np.eye(dic_len)[inp])
        output_batch.append(np.eye(dic_len)[output])
        # sparse_softmax_cross_entropy: no one-hot
        target_batch.append(target)
    return input_batch, output_batch, target_batch


learning_rate = 0.02
n_hidden = 16
total_epoch = 15
n_class = n_input = dic_len


enc_cell = BasicRNNCell(n_hidden)
enc_cell = DropoutWrapper(enc_cell, output_keep_prob=0.9)

dec_cell = BasicRNNCell(n_hidden)

model_layer = tf.keras.layers.Dense(n_class, activation=None)


def forward(enc_input, dec_input):
    outputs, enc_states = dynamic_rnn(enc_cell, enc_input, dtype=tf.float32)
    # the final state of the encoder is the initial state of the decoder
    outputs, dec_states = dynamic_rnn(dec_cell, dec_input, initial_state=enc_states, dtype=tf.float32)
    model = model_layer(outputs)
    return model


@tf.function(input_signature=[
    tf.TensorSpec([None, None, n_input], tf.float32),
    tf.TensorSpec([None, None, n_input], tf.float32),
])
def compute_prediction(enc_input, dec_input):
    model = forward(enc_input, dec_input)
    prediction = tf.argmax(model, 2)
    return prediction


optimizer = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, None, n_input], tf.float32),
    tf.TensorSpec([None, None, n_input], tf.float32),
    tf.TensorSpec([None, None], tf.int64),
])
def train_step(enc_input, dec_input, targets):
    with tf.GradientTape() as tape:
        model = forward(enc_input, dec_input)
        cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=model, labels=targets))
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return cost


input_batch, output_batch, target_batch = make_batch(seq_data)

for epoch in range(total_epoch):
    loss = train_step(enc_input=input_batch, dec_input=output_batch, targets=target_batch).numpy()
    if epoch % 5 == 0:
        print('Epoch:', '%04d' % (epoch + 1), 'cost =', '{:.6f}'.format(loss))


def translate(word):
    # the decoder does not know the answer: P for every place
    seq = [word, 'P' * len(word)]
    input_batch, output_batch, target_batch = make_batch([seq])
    result = compute_prediction(enc_input=input_batch, dec_input=output_batch).numpy()
    decoded = [char_arr[i] for i in result[0]]
    return ''.join(decoded)


for w in ('abcd', 'heat', 'bade'):
    print(w, '->', translate(w))
