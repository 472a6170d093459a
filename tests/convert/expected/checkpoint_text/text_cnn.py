"""Convolutions of several widths over the words, max pooling over time."""
import tensorflow as tf


import contextlib
import functools
import math
import re


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



class TextCnnModel(object):
    def __init__(self, config):
        self.state = State()
        self.config = config
        self.loss = 0.0
        self.embedding_w = tf.Variable(tf.keras.initializers.GlorotUniform()([self.config.vocab_size, self.config.embedding_size]), name='embedding_w')
        self.num_filters_total = self.config.num_filters * len(self.config.filter_sizes)
        self.output_w = tf.Variable(tf.keras.initializers.GlorotUniform()([self.num_filters_total, self.config.num_classes]), name='output_w')
        self.output_b = tf.Variable(
            tf.constant(0.1, shape=[self.config.num_classes]), name='output/output_b')
        self.compute_predictions.get_concrete_function()  # makes the variables of its layers

        self.global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
        self.build.get_concrete_function()  # makes the variables of its layers

        self.optimizer = None
        if self.config.optimization == "adam":
            self.optimizer = tf.keras.optimizers.Adam(self.config.learning_rate, epsilon=1e-8)
        if self.config.optimization == "rmsprop":
            self.optimizer = RMSPropOptimizer(self.config.learning_rate)
        if self.config.optimization == "sgd":
            self.optimizer = tf.keras.optimizers.SGD(self.config.learning_rate)
        self.trainable_params = self.state.variables(trainable=True)
        self.train_step.get_concrete_function()  # makes the variables of its layers and optimizer
        self.evaluate.get_concrete_function()  # makes the variables of its layers

        self.saver = TrainingSaver(lambda: [self.embedding_w, self.output_w, self.output_b, self.global_step, *self.state.variables()], [self.optimizer], max_to_keep=3)

    def forward(self, inputs, keep_prob):
        embedded_words = tf.nn.embedding_lookup(self.embedding_w, inputs)
        embedded_words = tf.expand_dims(embedded_words, -1)
        pooled_outputs = []
        with self.state.label("i_2"):
            for i, filter_size in enumerate(self.config.filter_sizes):
                with tf.name_scope("conv-maxpool-%s" % filter_size):
                    filter_shape = [filter_size, self.config.embedding_size, 1,
                                    self.config.num_filters]
                    W = self.state.new("W", lambda _: tf.Variable(
                        tf.random.truncated_normal(filter_shape, stddev=0.1), name="W"))
                    b = self.state.new("b", lambda _: tf.Variable(
                        tf.constant(0.1, shape=[self.config.num_filters]), name="b"))
                    conv = tf.nn.conv2d(embedded_words, W, strides=[1, 1, 1, 1],
                                        padding="VALID", name="conv")
                    h = tf.nn.relu(tf.nn.bias_add(conv, b), name="relu")
                    pooled = tf.nn.max_pool(
                        h,
                        ksize=[1, self.config.sequence_length - filter_size + 1, 1, 1],
                        strides=[1, 1, 1, 1], padding="VALID", name="pool")
                    pooled_outputs.append(pooled)
        h_pool = tf.concat(pooled_outputs, 3)
        h_pool_flat = tf.reshape(h_pool, [-1, self.num_filters_total])
        h_drop = tf.nn.dropout(h_pool_flat, rate=1 - keep_prob)
        return h_drop

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def compute_predictions(self, inputs, keep_prob):
        inputs = tf.ensure_shape(inputs, [None, self.config.sequence_length])
        h_drop = self.forward(inputs, keep_prob)
        logits = tf.nn.bias_add(tf.matmul(h_drop, self.output_w), self.output_b, name="logits")
        predictions = tf.argmax(logits, axis=-1, name="predictions",
                             output_type=tf.int32)
        return predictions

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32)])
    def build(self, inputs):
        inputs = tf.ensure_shape(inputs, [None, self.config.sequence_length])
        self.state.keep(self.embedding_w)
        embedded_words = tf.nn.embedding_lookup(self.embedding_w, inputs)
        embedded_words = tf.expand_dims(embedded_words, -1)
        pooled_outputs = []
        with self.state.label("i_2"):
            for i, filter_size in enumerate(self.config.filter_sizes):
                with tf.name_scope("conv-maxpool-%s" % filter_size):
                    filter_shape = [filter_size, self.config.embedding_size, 1,
                                    self.config.num_filters]
                    W = self.state.new("W", lambda _: tf.Variable(
                        tf.random.truncated_normal(filter_shape, stddev=0.1), name="W"))
                    b = self.state.new("b", lambda _: tf.Variable(
                        tf.constant(0.1, shape=[self.config.num_filters]), name="b"))
                    conv = tf.nn.conv2d(embedded_words, W, strides=[1, 1, 1, 1],
                                        padding="VALID", name="conv")
                    h = tf.nn.relu(tf.nn.bias_add(conv, b), name="relu")
                    pooled = tf.nn.max_pool(
                        h,
                        ksize=[1, self.config.sequence_length - filter_size + 1, 1, 1],
                        strides=[1, 1, 1, 1], padding="VALID", name="pool")
                    pooled_outputs.append(pooled)
        self.state.keep(self.output_w)
        self.state.keep(self.output_b)
        self.state.keep(self.global_step)

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def train_step(self, inputs, labels, keep_prob):
        inputs = tf.ensure_shape(inputs, [None, self.config.sequence_length])
        with tf.GradientTape() as tape:
            l2_loss = tf.constant(0.0)
            h_drop = self.forward(inputs, keep_prob)
            l2_loss += tf.nn.l2_loss(self.output_w)
            l2_loss += tf.nn.l2_loss(self.output_b)
            logits = tf.nn.bias_add(tf.matmul(h_drop, self.output_w), self.output_b, name="logits")
            predictions = tf.argmax(logits, axis=-1, name="predictions",
                                 output_type=tf.int32)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=logits, labels=labels)
            loss = tf.reduce_mean(losses)
            loss += self.config.l2_reg_lambda * l2_loss
            summary_op = dict(scalar={'loss_1': loss})
        gradients = tape.gradient(loss, self.trainable_params)
        clip_gradients, _ = tf.clip_by_global_norm(
            gradients, self.config.max_grad_norm)
        self.optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(clip_gradients, self.trainable_params) if g is not None])
        self.global_step.assign_add(1)
        return summary_op, loss, predictions

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def evaluate(self, inputs, labels, keep_prob):
        inputs = tf.ensure_shape(inputs, [None, self.config.sequence_length])
        l2_loss = tf.constant(0.0)
        h_drop = self.forward(inputs, keep_prob)
        l2_loss += tf.nn.l2_loss(self.output_w)
        l2_loss += tf.nn.l2_loss(self.output_b)
        logits = tf.nn.bias_add(tf.matmul(h_drop, self.output_w), self.output_b, name="logits")
        predictions = tf.argmax(logits, axis=-1, name="predictions",
                             output_type=tf.int32)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            logits=logits, labels=labels)
        loss = tf.reduce_mean(losses)
        loss += self.config.l2_reg_lambda * l2_loss
        summary_op = dict(scalar={'loss_1': loss})
        return summary_op, loss, predictions

    def train(self, batch, dropout_prob):
        feed_dict = dict(inputs=batch["x"], labels=batch["y"], keep_prob=dropout_prob)
        summary, loss, predictions = tf.nest.map_structure(lambda value: value.numpy(), self.train_step(**feed_dict))
        return summary, loss, predictions

    def eval(self, batch):
        feed_dict = dict(inputs=batch["x"], labels=batch["y"], keep_prob=1.0)
        summary, loss, predictions = tf.nest.map_structure(lambda value: value.numpy(), self.evaluate(**feed_dict))
        return summary, loss, predictions

    def infer(self, inputs):
        feed_dict = dict(inputs=inputs, keep_prob=1.0)
        return self.compute_predictions(**feed_dict).numpy()
