"""Batch normalization with tf.layers: the update ops are a dependency of the
train op; training is a placeholder."""
import tensorflow as tf
import numpy as np


import contextlib
import functools
import re


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


state = State()


rng = np.random.RandomState(77)
X = rng.randn(96, 6) * np.array([1, 5, 0.2, 3, 1, 10]) + 2
t = ((X[:, 0] + X[:, 2] * 5 + X[:, 5] / 10) > 14).astype(np.int32)


net_layer = BatchNormalization(momentum=0.8, name="batch_normalization")
logits_2 = tf.keras.layers.Dense(2, name='logits')


@tf.function(input_signature=[tf.TensorSpec([None, 6], tf.float32)])
def build(x):
    training = False
    net = x
    net = net_layer(net, training=training)
    state.keep(net_layer)
    for i, units in enumerate([12, 8]):
        net = state.get('dense%d' % i, lambda: tf.keras.layers.Dense(units, use_bias=False, name='dense%d' % i), net)
        net = state.get('bn%d' % i, lambda: BatchNormalization(momentum=0.8, name='bn%d' % i), net, training=training)
        net = tf.nn.relu(net)
    logits = logits_2(net)
    state.keep(logits_2)


build.get_concrete_function()  # makes the variables of its layers


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def compute_loss_and_accuracy(x, y):
    training = False
    net = x
    net = net_layer(net, training=training)
    for i, units in enumerate([12, 8]):
        net = state.get('dense%d' % i, lambda: tf.keras.layers.Dense(units, use_bias=False, name='dense%d' % i), net)
        net = state.get('bn%d' % i, lambda: BatchNormalization(momentum=0.8, name='bn%d' % i), net, training=training)
        net = tf.nn.relu(net)
    logits = logits_2(net)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    correct = tf.nn.in_top_k(predictions=logits, targets=y, k=1)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    return loss, accuracy


optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step(x, y):
    training = True
    clear_collections("update_ops")
    with tf.GradientTape() as tape:
        net = x
        net = net_layer(net, training=training)
        for i, units in enumerate([12, 8]):
            net = state.get('dense%d' % i, lambda: tf.keras.layers.Dense(units, use_bias=False, name='dense%d' % i), net)
            net = state.get('bn%d' % i, lambda: BatchNormalization(momentum=0.8, name='bn%d' % i), net, training=training)
            net = tf.nn.relu(net)
        logits = logits_2(net)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    # moving_mean and moving_variance are updated by ops in this collection
    update_ops = get_collection("update_ops")
    run_ops(update_ops)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


for epoch in range(4):
    for i in range(0, 96, 24):
        l = train_step(x=X[i:i + 24], y=t[i:i + 24]).numpy()
    test_loss, acc = (value.numpy() for value in compute_loss_and_accuracy(x=X, y=t))
    print('epoch %d  train %.5f  test %.5f  accuracy %.3f' % (epoch, l, test_loss, acc))

for v in state.variables():
    if 'moving' in v.name and 'bn' in v.name:
        print(v.name.split(":")[0], '%.5f' % v.numpy().sum())
