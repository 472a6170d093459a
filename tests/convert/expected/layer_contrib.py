"""tf.contrib.layers: convolutions, pooling, flatten, fully_connected, arg scopes."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
import re


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


rng = np.random.RandomState(66)
signals = rng.randn(40, 10, 10, 2)
y_np = (signals[:, 3:6, 3:6, 0].mean(axis=(1, 2)) > 0).astype(np.int64)


conv1 = tf.keras.layers.Conv2D(4, 3, name="conv1", activation=tf.nn.relu, padding='same')
conv2 = tf.keras.layers.Conv2D(6, [3, 3], strides=2, padding='VALID', activation=tf.nn.elu, kernel_initializer=tf.keras.initializers.GlorotUniform(), name="conv2")


def forward(X):
    net = conv1(X)
    net = tf.nn.max_pool2d(net, 2, 2, "VALID")
    net = conv2(net)
    flat = tf.keras.layers.Flatten(dtype=net.dtype)(net)
    return flat


@tf.function(input_signature=[tf.TensorSpec((None, 10, 10, 2), tf.float32)])
def compute_flat(X):
    return forward(X)


hidden1_2 = tf.keras.layers.Dense(12, name="hidden1", kernel_initializer=tf.keras.initializers.VarianceScaling(2.0 * 1.3 * 0.87962566**2, "fan_in", "truncated_normal"), activation=tf.nn.relu)
hidden2_2 = tf.keras.layers.Dense(8, name="hidden2", activation=tf.nn.tanh, kernel_regularizer=tf.keras.regularizers.L2(0.01 / 2))
hidden3_2 = tf.keras.layers.Dense(8, name="hidden3", activation=tf.nn.tanh, kernel_regularizer=tf.keras.regularizers.L2(0.01 / 2))
outputs = tf.keras.layers.Dense(2, name="outputs", activation=None, kernel_initializer=tf.keras.initializers.GlorotUniform(), bias_initializer=tf.constant_initializer(0.05))


@tf.function(input_signature=[tf.TensorSpec((None, 10, 10, 2), tf.float32)])
def build(X):
    net = conv1(X)
    state.keep(conv1)
    net = tf.nn.max_pool2d(net, 2, 2, "VALID")
    net = conv2(net)
    state.keep(conv2)
    flat = tf.keras.layers.Flatten(dtype=net.dtype)(net)
    hidden1 = hidden1_2(flat)
    state.keep(hidden1_2)
    hidden2 = hidden2_2(hidden1)
    state.keep(hidden2_2)
    hidden3 = hidden3_2(hidden2)
    state.keep(hidden3_2)
    logits = outputs(hidden3)
    state.keep(outputs)


build.get_concrete_function()  # makes the variables of its layers


regularizers = state.regularizers()


@tf.function
def compute_reg_losses():
    reg_losses = [regularizer() for regularizer in regularizers]
    return reg_losses


optimizer = tf.keras.optimizers.SGD(0.1)


def forward_2(X, y):
    flat = forward(X)
    hidden1 = hidden1_2(flat)
    hidden2 = hidden2_2(hidden1)
    hidden3 = hidden3_2(hidden2)
    logits = outputs(hidden3)
    xentropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    base_loss = tf.reduce_mean(xentropy, name="base_loss")
    reg_losses = [regularizer() for regularizer in regularizers]
    loss = tf.add_n([base_loss] + reg_losses, name="loss")
    return logits, base_loss, loss


@tf.function(input_signature=[tf.TensorSpec((None, 10, 10, 2), tf.float32), tf.TensorSpec(None, tf.int64)])
def train_step(X, y):
    with tf.GradientTape() as tape:
        _, _, loss = forward_2(X, y)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))


@tf.function(input_signature=[tf.TensorSpec((None, 10, 10, 2), tf.float32), tf.TensorSpec(None, tf.int64)])
def evaluate(X, y):
    logits, base_loss, loss = forward_2(X, y)
    correct = tf.nn.in_top_k(predictions=logits, targets=y, k=1)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    return accuracy, loss, base_loss


for epoch in range(8):
    for i in range(2):
        train_step(X=signals[i * 20:i * 20 + 20], y=y_np[i * 20:i * 20 + 20])
    if epoch % 2 == 1:
        acc, l, base = (value.numpy() for value in evaluate(X=signals, y=y_np))
        print(epoch, "accuracy: %.3f" % acc, "loss: %.5f" % l, "without weights: %.5f" % base)
print("regularizers", ["%.5f" % r for r in tf.nest.map_structure(lambda value: value.numpy(), compute_reg_losses())])
print("flat", compute_flat(X=signals[:2]).numpy().shape)
