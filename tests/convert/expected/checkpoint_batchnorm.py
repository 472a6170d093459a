"""Images with batch normalization, Adam, a global step and averages of the weights; restored at the start."""
import numpy as np
import tensorflow as tf


import math
import re


class ExponentialMovingAverage:
    """Averages that move at each `apply`: average -= (average - value) * (1 - decay)."""

    def __init__(self, decay, num_updates=None, zero_debias=False, name="ExponentialMovingAverage"):
        if zero_debias:
            raise ValueError("zero_debias is not computed here")
        self.decay, self.num_updates, self.name = decay, num_updates, name
        self.variables = []
        self._places = {}  # of variables, and of the tensors of the function that is traced, the average

    def build(self, variables):
        """Makes the averages of variables, which begin at their values."""
        for variable in variables:
            if variable.ref() not in self._places:
                name = f"{variable.name.split(':')[0]}/{self.name}"
                self._add(variable, lambda: tf.Variable(variable, trainable=False, name=name))

    def apply(self, values):
        """Moves the averages of values; those of tensors begin at 0."""
        moved = []
        decay = tf.cast(self.decay, tf.float32)
        if self.num_updates is not None:
            number = tf.cast(self.num_updates, tf.float32)
            decay = tf.minimum(decay, (1.0 + number) / (10.0 + number))
        for position, value in enumerate(values):
            if value.ref() not in self._places:
                self._begin(position, value)
            average = self._places[value.ref()]
            moved.append(average.assign_sub((average - value) * tf.cast(1.0 - decay, average.dtype)))
        return moved

    def average(self, value):
        """The average of a value that was handed to `apply`."""
        return self._places[value.ref()]

    def _begin(self, position, value):
        if len(self.variables) > position:
            self._places[value.ref()] = self.variables[position]
        else:
            self._add(value, lambda: tf.Variable(tf.zeros(value.shape, value.dtype), trainable=False))

    def _add(self, value, make):
        with tf.init_scope():
            self.variables.append(make())
        self._places[value.ref()] = self.variables[-1]


COLLECTIONS = {}  # by name, what was added, with its scope


def add_to_collection(names, value, scope=""):
    """Adds a value to a collection, or to several; a variable once. Returns the value."""
    for name in [names] if isinstance(names, str) else names:
        collection = COLLECTIONS.setdefault(name, [])
        if not isinstance(value, tf.Variable) or not any(value is other for other, _ in collection):
            collection.append((value, scope))
    return value


def get_collection(name, scope=None):
    """What was added to a collection, or what of it stands below a scope."""
    return [value for value, place in COLLECTIONS.get(name, ()) if re.match(scope or "", place)]


def clear_collections(*names):
    """Empties collections: each function computes what it adds to them anew."""
    for name in names:
        COLLECTIONS.pop(name, None)


def run_ops(*ops):
    """Runs the updates among ops."""
    for op in tf.nest.flatten(ops):
        if callable(op):
            op()


class BatchNormalization:
    """Batch normalisation whose moving averages move only where the updates that it collects are run.

    fused: as TF1's fused kernel computes, whose moving variance is of a sample; None: where inputs have four axes.
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer=tf.zeros_initializer(),
        gamma_initializer=tf.ones_initializer(),
        moving_mean_initializer=tf.zeros_initializer(),
        moving_variance_initializer=tf.ones_initializer(),
        fused=None,
        trainable=True,
        updates="update_ops",
        name="batch_normalization",
    ):
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.initializers = {
            "gamma": gamma_initializer if scale else None,
            "beta": beta_initializer if center else None,
            "moving_mean": moving_mean_initializer,
            "moving_variance": moving_variance_initializer,
        }
        self.fused, self.trainable, self.updates, self.name = fused, trainable, updates, name
        self.variables = []
        self.gamma = self.beta = None

    @property
    def trainable_variables(self):
        """Its scale and shift."""
        return [v for v in self.variables if v.trainable]

    def build(self, size):
        """Makes the variables, also while a function is being traced."""
        with tf.init_scope(), tf.name_scope(self.name):
            for name, initializer in self.initializers.items():
                if initializer is not None:
                    trained = self.trainable and not name.startswith("moving")
                    variable = tf.Variable(initializer([size]), trainable=trained, name=name)
                    setattr(self, name, variable)
                    self.variables.append(variable)

    def __call__(self, inputs, training=False):
        axis = self.axis[0] if isinstance(self.axis, (list, tuple)) else self.axis
        axis %= len(inputs.shape)
        if not self.variables:
            self.build(inputs.shape[axis])
        fused = self.fused is not False and len(inputs.shape) == 4 or self.fused and len(inputs.shape) == 2
        compute = self._fused if fused and axis == len(inputs.shape) - 1 else self._plain
        if isinstance(training, (bool, int, type(None))):
            outputs, mean, variance = compute(inputs, axis, bool(training))
        else:
            outputs, mean, variance = tf.cond(
                tf.cast(training, tf.bool),
                lambda: compute(inputs, axis, True),
                lambda: compute(inputs, axis, False),
            )
        if not isinstance(training, (bool, int, type(None))) or training:
            self._collect(mean, variance)
        return outputs

    def _collect(self, mean, variance):
        """Collects the updates of both averages; or runs them, where they are collected nowhere."""

        def update(average, value):
            return lambda: average.assign_sub((average - value) * (1.0 - self.momentum))

        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            if self.updates is None:
                update(average, value)()
            else:
                add_to_collection(self.updates, update(average, value), average.name)

    def _plain(self, inputs, axis, training):
        mean, variance = self.moving_mean + 0.0, self.moving_variance + 0.0
        if training:
            mean, variance = tf.nn.moments(inputs, [a for a in range(len(inputs.shape)) if a != axis])
        shape = [-1 if a == axis else 1 for a in range(len(inputs.shape))]
        arguments = [
            None if v is None else tf.reshape(v, shape) for v in (mean, variance, self.beta, self.gamma)
        ]
        return tf.nn.batch_normalization(inputs, *arguments, self.epsilon), mean, variance

    def _fused(self, inputs, axis, training):
        images = inputs if len(inputs.shape) == 4 else inputs[:, None, None, :]
        ones, zeros = tf.ones_like(self.moving_variance), tf.zeros_like(self.moving_mean)
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=images,
            scale=ones if self.gamma is None else self.gamma,
            offset=zeros if self.beta is None else self.beta,
            mean=tf.zeros([0]) if training else self.moving_mean,
            variance=tf.zeros([0]) if training else self.moving_variance,
            epsilon=self.epsilon,
            is_training=training,
        )
        if not training:
            mean, variance = self.moving_mean + 0.0, self.moving_variance + 0.0
        return outputs if images is inputs else outputs[:, 0, 0, :], mean, variance


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


rng = np.random.RandomState(23)
images = rng.rand(24, 8, 8, 1).astype(np.float32)
labels = rng.randint(0, 3, 24)
images[labels == 1, 2:4] += 0.5
images[labels == 2, :, 5] += 0.5


conv = tf.keras.layers.Conv2D(4, 3, use_bias=False, name='conv')
bn = BatchNormalization(momentum=0.8, name='bn')
net_layer = tf.keras.layers.Dense(6, activation=tf.nn.relu, name="dense")
net_layer_2 = BatchNormalization(momentum=0.8, name="batch_normalization")
logits_layer = tf.keras.layers.Dense(3, name="dense_1")


@tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 1], tf.float32)])
def build(x):
    training = False
    with tf.name_scope('block/'):
        net = conv(x)
        net = tf.nn.relu(bn(net, training=training))
    net = net_layer(tf.keras.layers.Flatten()(net))
    net = net_layer_2(net, training=training)
    logits = logits_layer(net)


build.get_concrete_function()  # makes the variables of its layers


@tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 1], tf.float32)])
def compute_logits(x):
    training = False
    with tf.name_scope('block/'):
        net = conv(x)
        net = tf.nn.relu(bn(net, training=training))
    net = net_layer(tf.keras.layers.Flatten()(net))
    net = net_layer_2(net, training=training)
    logits = logits_layer(net)
    return logits


compute_logits.get_concrete_function()  # makes the variables of its layers


global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)
ema = ExponentialMovingAverage(0.9)
trained_variables = [*(v.value for v in conv.trainable_variables), *bn.trainable_variables, *(v.value for v in net_layer.trainable_variables), *net_layer_2.trainable_variables, *(v.value for v in logits_layer.trainable_variables)]
ema.build(trained_variables)


@tf.function(input_signature=[
    tf.TensorSpec([None, 8, 8, 1], tf.float32),
    tf.TensorSpec([None], tf.int64),
])
def train_step(x, y):
    training = True
    clear_collections("update_ops")
    with tf.GradientTape() as tape:
        with tf.name_scope('block/'):
            net = conv(x)
            net = tf.nn.relu(bn(net, training=training))
        net = net_layer(tf.keras.layers.Flatten()(net))
        net = net_layer_2(net, training=training)
        logits = logits_layer(net)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    update_ops = get_collection("update_ops")
    run_ops(update_ops)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    global_step.assign_add(1)
    train = ema.apply(trained_variables)
    return loss


train_step.get_concrete_function()  # makes the variables of its layers and optimizer


saver = TrainingSaver(lambda: [*conv.variables, *bn.variables, *net_layer.variables, *net_layer_2.variables, *logits_layer.variables, global_step], [optimizer, ema])


def main():
    checkpoint = tf.train.latest_checkpoint('model')
    if checkpoint:
        saver.restore(checkpoint)
        print('restored')
    else:
        pass
    print(compute_logits(x=images[:3]).numpy())
    for i in range(0, 24, 6):
        found = train_step(x=images[i:i + 6], y=labels[i:i + 6]).numpy()
        print('step %d loss %.6f' % (global_step.numpy(), found))
    print(compute_logits(x=images[:3]).numpy())
    saver.save('model/net', global_step)


if __name__ == '__main__':
    main()
