"""Sentiment LSTM: embedding, cells made by a function, clipped gradients in a comprehension, two phases of training."""
import numpy as np
import tensorflow as tf


from collections import namedtuple
import contextlib
import functools
import hashlib
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


state_2 = State()


np.random.seed(6)
VOCAB, T, EMB, UNITS, LAYERS = 25, 7, 6, 8, 2
x_np = np.random.randint(1, VOCAB, (60, T))
len_np = np.random.randint(3, T + 1, 60)
y_np = (x_np[:, 0] > VOCAB // 2).astype(np.int64)


def make_cell(size, keep):
    cell = state_2.new("cell", lambda _: LSTMCell(size))
    return DropoutWrapper(cell, output_keep_prob=keep)


def build_model(ids, lengths, keep):
    with state_2.scope('model'):
        table = state_2.get('embedding', lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([VOCAB, EMB]), name='embedding'))
        inputs = tf.nn.embedding_lookup(table, ids)
        cell = MultiRNNCell([make_cell(UNITS, keep) for _ in range(LAYERS)])
        outputs, state = dynamic_rnn(cell, inputs, sequence_length=lengths, dtype=tf.float32)
        return state_2.get('softmax', lambda: tf.keras.layers.Dense(2, name='softmax'), state[-1].h)


def main():

    @tf.function(input_signature=[tf.TensorSpec([None, T], tf.int32), tf.TensorSpec([None], tf.int32)])
    def build(ids, lengths):
        keep = tf.convert_to_tensor(1.0)
        with state_2.label("logits"):
            logits = build_model(ids, lengths, keep)


    build.get_concrete_function()  # makes the variables of its layers

    @tf.function(input_signature=[
        tf.TensorSpec([None, T], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.int64),
    ])
    def compute_accuracy(ids, lengths, labels):
        keep = tf.convert_to_tensor(1.0)
        with state_2.label("logits"):
            logits = build_model(ids, lengths, keep)
        accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), labels), tf.float32))
        return accuracy

    optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec([None, T], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.int64),
        tf.TensorSpec((), tf.float32),
    ])
    def train_step(ids, lengths, labels, keep):
        with tf.GradientTape() as tape:
            with state_2.label("logits"):
                logits = build_model(ids, lengths, keep)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
        variables = tape.watched_variables()
        grads_and_vars = list(zip(tape.gradient(loss, variables), variables))
        capped = [(tf.clip_by_value(grad, -1., 1.), var) for grad, var in grads_and_vars if grad is not None]
        optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in capped if g is not None])
        return loss

    n_params = np.sum([np.prod(v.shape.as_list()) for v in state_2.variables(trainable=True)])
    print('parameters', n_params)

    for epoch in range(4):
        order = np.random.permutation(60)
        losses = []
        for i in range(0, 60, 20):
            b = order[i:i + 20]
            l = train_step(ids=x_np[b], lengths=len_np[b], labels=y_np[b], keep=1.0).numpy()
            losses.append(l)
        acc = compute_accuracy(ids=x_np, lengths=len_np, labels=y_np).numpy()
        print('epoch %d loss %.5f accuracy %.3f' % (epoch, np.mean(losses), acc))


if __name__ == '__main__':
    main()
