"""Translation of reversed digits: an encoder, attention by hand and an unrolled decoder with teacher forcing."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
import re


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


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    sum_over_timesteps=False,
    sum_over_batch=False,
    softmax_loss_function=None,
    name=None,
):
    """Cross entropy of each step, weighted, then averaged over steps and batch, or as asked.

    A sum is divided by the number of weights that are not zero, an average by their sum.
    """
    function = softmax_loss_function or tf.nn.sparse_softmax_cross_entropy_with_logits
    flat = tf.reshape(logits, [-1, logits.shape[2]])
    loss = function(labels=tf.reshape(targets, [-1]), logits=flat) * tf.reshape(weights, [-1])
    loss = tf.reshape(loss, tf.shape(logits)[:2])
    averaged = average_across_batch, average_across_timesteps
    summed = sum_over_batch, sum_over_timesteps
    axes = [axis for axis in (0, 1) if (averaged if any(averaged) else summed)[axis]]
    if not axes:
        return loss
    size = tf.reduce_sum(weights, axes)
    if not any(averaged):
        size = tf.cast(tf.math.count_nonzero(weights, axes), loss.dtype)
    return tf.math.divide_no_nan(tf.reduce_sum(loss, axes), size)


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


state_2 = State()


np.random.seed(31)
VOCAB, T, EMB, UNITS, GO = 8, 5, 6, 10, 0
source_np = np.random.randint(1, VOCAB, (48, T))
target_np = source_np[:, ::-1]


embeddings = tf.Variable(tf.random_uniform_initializer(-1.0, 1.0)([VOCAB, EMB]), name='embedding/table')

enc_cell = GRUCell(UNITS)

dec_cell = GRUCell(UNITS)


def attend(state, memory):
    with state_2.scope('attention'):
        wq = state_2.get('wq', lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([UNITS, UNITS]), name='wq'))
        wk = state_2.get('wk', lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([UNITS, UNITS]), name='wk'))
        v = state_2.get('v', lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([UNITS]), name='v'))
        keys = tf.tensordot(memory, wk, axes=1)
        query = tf.expand_dims(tf.matmul(state, wq), 1)
        scores = tf.reduce_sum(v * tf.tanh(keys + query), axis=2)
        weights = tf.nn.softmax(scores)
        return tf.reduce_sum(tf.expand_dims(weights, 2) * memory, axis=1), weights


@tf.function(input_signature=[tf.TensorSpec([None, T], tf.int32), tf.TensorSpec([None, T], tf.int32)])
def build(source, decoder_in):
    state_2.keep(embeddings)
    enc_out, enc_state = dynamic_rnn(enc_cell, tf.nn.embedding_lookup(embeddings, source), dtype=tf.float32)
    state_2.keep(enc_cell)
    state = enc_state
    step_logits = []
    dec_emb = tf.nn.embedding_lookup(embeddings, decoder_in)
    with state_2.scope('decoder'):
        for t in range(T):
            if t > 0:
                pass
            context, weights = attend(state, enc_out)
            output, state = dec_cell(tf.concat([dec_emb[:, t], context], 1), state)
            step_logits.append(state_2.get('projection', lambda: tf.keras.layers.Dense(VOCAB, name='projection'), output))
    state_2.keep(dec_cell)


build.get_concrete_function()  # makes the variables of its layers


def forward(source, decoder_in):
    enc_out, enc_state = dynamic_rnn(enc_cell, tf.nn.embedding_lookup(embeddings, source), dtype=tf.float32)
    state = enc_state
    step_logits = []
    dec_emb = tf.nn.embedding_lookup(embeddings, decoder_in)
    with state_2.scope('decoder'):
        for t in range(T):
            if t > 0:
                pass
            context, weights = attend(state, enc_out)
            output, state = dec_cell(tf.concat([dec_emb[:, t], context], 1), state)
            step_logits.append(state_2.get('projection', lambda: tf.keras.layers.Dense(VOCAB, name='projection'), output))
    logits = tf.stack(step_logits, axis=1)
    return logits


@tf.function(input_signature=[tf.TensorSpec([None, T], tf.int32), tf.TensorSpec([None, T], tf.int32)])
def compute_predictions(source, decoder_in):
    logits = forward(source, decoder_in)
    predictions = tf.argmax(logits, 2)
    return predictions


params = state_2.variables(trainable=True)
global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, T], tf.int32),
    tf.TensorSpec([None, T], tf.int32),
    tf.TensorSpec([None, T], tf.int32),
])
def train_step(source, decoder_in, target):
    with tf.GradientTape() as tape:
        logits = forward(source, decoder_in)
        loss = sequence_loss(logits, target, tf.ones([tf.shape(target)[0], T]))
    gradients = tape.gradient(loss, params)
    clipped, norm = tf.clip_by_global_norm(gradients, 1.0)
    optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(clipped, params) if g is not None])
    global_step.assign_add(1)
    return loss, norm, global_step


for epoch in range(4):
    for i in range(0, 48, 16):
        tgt = target_np[i:i + 16]
        go = np.concatenate([np.full((16, 1), GO), tgt[:, :-1]], axis=1)
        l, n, step = (value.numpy() for value in train_step(source=source_np[i:i + 16], decoder_in=go, target=tgt))
    print('step %d loss %.5f norm %.5f' % (step, l, n))
go = np.concatenate([np.full((48, 1), GO), target_np[:, :-1]], axis=1)
p = compute_predictions(source=source_np, decoder_in=go).numpy()
print('right %.4f' % (p == target_np).mean())
