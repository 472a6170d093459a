"""Recurrent networks of several kinds, one upon the other; restored at the start where there is a checkpoint."""
import numpy as np
import tensorflow as tf


from collections import namedtuple
import math
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


class Saver:
    """Saves variables by their names, and restores them, also from what TensorFlow 1 saved."""

    def __init__(self, variables, max_to_keep=5, keep_checkpoint_every_n_hours=10000.0):
        """variables: a function that gives them in the order in which they were made, or by names."""
        self.variables = variables
        self.max_to_keep = max_to_keep
        self.seconds = keep_checkpoint_every_n_hours * 3600
        self.next_kept = float(tf.timestamp()) + self.seconds
        self.saved = []  # paths and times of what is not deleted yet

    def by_name(self):
        """The variables by names that are their own: those that TensorFlow 1 gave them."""
        given = self.variables()
        if isinstance(given, dict):
            return {name: self.plain(variable) for name, variable in given.items()}
        named, names = {}, {}
        for wanted, variable in self.parts(given, names):
            variable = self.plain(variable)
            name, number = wanted, 1
            while name in named and variable.ref() not in names:
                name = f"{wanted}_{number}"
                number += 1
            named[names.setdefault(variable.ref(), name)] = variable
        return named

    def parts(self, given, names):
        """Each variable, with the name that TensorFlow 1 gave the first of its kind.

        names: by their references, those of the variables that have been taken already.
        """
        for variable in given:
            yield self.name_of(variable), variable

    @staticmethod
    def plain(variable):
        """The variable of TensorFlow that one of Keras holds."""
        return variable if isinstance(variable, tf.Variable) else variable.value

    def name_of(self, variable):
        """The name of a variable, with the scopes in which it was made."""
        full = self.plain(variable).name.split(":")[0].split("/")
        own = getattr(variable, "path", full[-1]).split("/")  # of a layer: within `full` it may have got a number
        return "/".join(full[: -len(own)] + own)

    def save(self, path, step=None):
        """Saves to a path, with the number of the step behind it; returns the whole path."""
        path = str(path) if step is None else f"{path}-{int(step)}"
        tf.train.Checkpoint(variables=self.by_name()).write(path)
        self.saved = [(old, time) for old, time in self.saved if old != path]
        self.saved.append((path, float(tf.timestamp())))
        if self.max_to_keep and len(self.saved) > self.max_to_keep:
            old, time = self.saved.pop(0)
            if time > self.next_kept:
                self.next_kept += self.seconds
            else:
                for name in tf.io.gfile.glob(f"{old}.index") + tf.io.gfile.glob(f"{old}.data-*"):
                    tf.io.gfile.remove(name)
        folder = path.rpartition("/")[0]
        saved = [path] + [old for old, _ in self.saved if old.rpartition("/")[0] == folder]
        names = [name if name.startswith("/") else name.rpartition("/")[2] for name in saved]
        lines = [f'model_checkpoint_path: "{names[0]}"']
        lines += [f'all_model_checkpoint_paths: "{name}"' for name in names[1:]]
        with tf.io.gfile.GFile(f"{folder}/checkpoint" if folder else "checkpoint", "w") as state:
            state.write("\n".join(lines) + "\n")  # for tf.train.latest_checkpoint
        return path

    def restore(self, path):
        """Gives the variables the values that a file has."""
        reader = tf.train.load_checkpoint(path)
        named = self.by_name()
        if reader.has_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"):
            status = tf.train.Checkpoint(variables=named).read(path)
            status.assert_existing_objects_matched().expect_partial()
            return
        for name, (keys, value) in self.of_tf1(named, reader).items():
            named[name].assign(tf.cast(value(*map(reader.get_tensor, keys)), named[name].dtype))

    def of_tf1(self, named, reader):
        """For each variable by its name, what of a checkpoint of TensorFlow 1 it gets: keys, and what makes the value.

        Whether the checkpoint has the keys is not looked at.
        """
        keys = reader.get_variable_to_shape_map()
        return {name: ([self.key_of(name, keys)], lambda value: value) for name in named}

    @staticmethod
    def key_of(name, keys):
        """The key of a name: layers of tf.contrib had weights and biases, no kernel and bias."""
        old = re.sub("/kernel(?=/|$)", "/weights", re.sub("/bias(?=/|$)", "/biases", name))
        return old if name not in keys and old in keys else name


class TrainingSaver(Saver):
    """A saver that saves also what optimizers and moving averages keep."""

    # By Keras' classes: TensorFlow 1's name of an optimizer, and Keras' of its slots in the order of TensorFlow 1.
    KERAS = {
        "Adam": ("Adam", ["momentum", "velocity"]),
        "SGD": ("Momentum", ["momentum"]),
        "Adagrad": ("Adagrad", ["accumulator"]),
        "Adadelta": ("Adadelta", ["accumulated_grad", "accumulated_delta_var"]),
        "Ftrl": ("Ftrl", ["accumulator", "linear"]),
    }

    def __init__(self, variables, owners, **options):
        """owners: the optimizers and averages, in the order in which they were applied."""
        super().__init__(variables, **options)
        self.owners = owners

    def parts(self, given, names):
        """Each variable, and what is kept for it."""
        yield from super().parts(given, names)
        for owner in self.owners:
            for variable, kind, part in self.kept(owner):
                yield f"{names.get(self.plain(variable).ref(), self.name_of(variable))}/{kind}", part
            for variable in owner.variables:
                if variable is not getattr(owner, "learning_rate", None):
                    yield self.name_of(variable), variable

    def kept(self, owner):
        """(a variable, TensorFlow 1's name of what is kept, that) for all variables that an owner knows."""
        if hasattr(owner, "average"):
            averages = [(ref.deref(), average) for ref, average in owner._places.items()]
            return [(v, owner.name, average) for v, average in averages if isinstance(v, tf.Variable)]
        if hasattr(owner, "slots"):
            known = {name: ref.deref() for ref, name in owner._names.items()}
            return [(known[key.rpartition("/")[0]], owner.slot_name, slot) for key, slot in owner.slots.items()]
        kind, slots = self.KERAS.get(type(owner).__name__, ("", []))
        if re.sub(r"_\d+$", "", owner.name).lower() != type(owner).__name__.lower():
            kind = owner.name  # the program gave it one
        every = [[v for v in owner.variables if re.search(f"[_/]{slot}$", v.path)] for slot in slots]
        known = owner._trainable_variables
        return [(known[number], kind, of[number]) for number in range(len(known)) for of in every if of]

    def of_tf1(self, named, reader):
        """As for all savers. Raises ValueError where it is not known which optimizer counted what."""
        keys = reader.get_variable_to_shape_map()
        names = {variable.ref(): name for name, variable in named.items()}
        sources = super().of_tf1(named, reader)
        powers = [key for key in keys if re.search(r"(^|/)beta1_power(_\d+)?$", key)]
        powers.sort(key=lambda key: (len(key), key))  # in the order in which they were made
        for owner in self.owners:
            kept = [names[self.plain(part).ref()] for *_, part in self.kept(owner)]
            scope = self.scope_of([key for name in kept for key in sources[name][0]], keys)
            for name in kept:
                key = scope + sources[name][0][0]
                if type(owner).__name__ == "SGD":  # Keras keeps the step that it will take
                    sources[name] = ([key], lambda value, sgd=owner: -sgd.learning_rate * value)
                else:
                    sources[name] = ([key], lambda value: value)
            if hasattr(owner, "beta1_power"):
                pair = self.next_powers(powers, scope, reader)
                for power, key in zip((owner.beta1_power, owner.beta2_power), pair):
                    sources[names[power.ref()]] = ([key], lambda value: value)
            elif hasattr(owner, "beta_1"):
                pair = self.next_powers(powers, scope, reader)
                sources[names[owner.iterations.value.ref()]] = (pair, lambda *pair, adam=owner: self.steps(pair, adam))
            elif hasattr(owner, "iterations"):  # TensorFlow 1 does not count the steps of others, nor does it matter
                sources[names[owner.iterations.value.ref()]] = ([], lambda: 0)
        return sources

    @staticmethod
    def scope_of(names, keys):
        """Where a checkpoint has what was made for variables: below the scope in which that was, as "scope/", or ""."""
        if not names or names[0] in keys:
            return ""
        ends = [key for key in keys if key.endswith("/" + names[0])]
        longer = ["/" + name for name in names if name.endswith("/" + names[0])]
        scopes = [key[: -len(names[0])] for key in ends if not any(map(key.endswith, longer))]
        scopes = [scope for scope in scopes if all(scope + name in keys for name in names)]
        return scopes[0] if len(scopes) == 1 else ""

    @staticmethod
    def next_powers(powers, scope, reader):
        """The keys of the powers of the betas of the next Adam; they are taken from the list."""
        own = [key for key in powers if key.rpartition("/")[0] == scope[:-1]] or powers
        if not own:
            return ["beta1_power", "beta2_power"]
        if len({key.rpartition("/")[0] for key in own}) > 1 and len({float(reader.get_tensor(key)) for key in own}) > 1:
            raise ValueError(f"which optimizers have {' and '.join(own)} is not known")
        first = own[0]
        powers.remove(first)
        return [first, re.sub(r"beta1(_power(_\d+)?)$", r"beta2\1", first)]

    @staticmethod
    def steps(powers, adam):
        """How many steps Adam has taken, by the powers of its betas: small ones are not exact."""
        for power, beta in zip(map(float, powers), (adam.beta_1, adam.beta_2)):
            if power > 1e-30:
                return round(math.log(power) / math.log(tf.constant(beta, tf.float32).numpy())) - 1
        return math.ceil(math.log(1e-38) / math.log(adam.beta_2))  # so many that they make no difference


rng = np.random.RandomState(31)
words = rng.randint(0, 12, (16, 6))
lengths = rng.randint(3, 7, 16)
targets = (words[:, 0] > 5).astype(np.int64)


table = tf.Variable(tf.keras.initializers.GlorotUniform()([12, 5]), name='model/embedding')
cells = [BasicLSTMCell(6), LSTMCell(5, use_peepholes=True)]
both_object = GRUCell(4)
both_object_2 = GRUCell(4)
softmax = tf.keras.layers.Dense(2, name='softmax')


def forward(ids, length):
    inputs = tf.nn.embedding_lookup(table, ids)
    with tf.name_scope('model/'):
        outputs, _ = dynamic_rnn(MultiRNNCell(cells), inputs, length, dtype=tf.float32)
    with tf.name_scope('model/both/'):
        both, _ = bidirectional_dynamic_rnn(
            both_object_2, both_object, outputs, length, dtype=tf.float32)
    with tf.name_scope('model/'):
        logits = softmax(tf.reduce_mean(tf.concat(both, 2), 1))
    return logits


@tf.function(input_signature=[tf.TensorSpec([None, 6], tf.int32), tf.TensorSpec([None], tf.int32)])
def compute_logits(ids, length):
    return forward(ids, length)


compute_logits.get_concrete_function()  # makes the variables of its layers


global_step = tf.Variable(0, trainable=False, name='global_step')
optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.int32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.int64),
])
def train_step(ids, length, labels):
    with tf.GradientTape() as tape:
        logits = forward(ids, length)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    variables = tape.watched_variables()
    gradients, variables = zip(*list(zip(tape.gradient(loss, variables), variables)))
    gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
    optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(gradients, variables) if g is not None])
    global_step.assign_add(1)
    return loss, global_step


train_step.get_concrete_function()  # makes the variables of its layers and optimizer


saver = TrainingSaver(lambda: [table, *(v for part in tf.nest.flatten(cells) for v in part.variables), *both_object.variables, *both_object_2.variables, *softmax.variables, global_step], [optimizer], max_to_keep=1)

state = tf.train.get_checkpoint_state('model')
if state and state.model_checkpoint_path:
    saver.restore(state.model_checkpoint_path)
    print('restored')
else:
    pass
feed = dict(ids=words, length=lengths, labels=targets)
print(compute_logits(ids=words[:4], length=lengths[:4]).numpy())
for _ in range(5):
    found, step = (value.numpy() for value in train_step(**feed))
    print('step %d loss %.6f' % (step, found))
saver.save('model/rnn', step)
