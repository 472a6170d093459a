"""Regularizers of tf.layers, tf.losses with weights, and the losses collection."""
import numpy as np
import tensorflow as tf


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


np.random.seed(50)
a = np.random.randn(48, 5).astype(np.float32)
cls = (a.sum(1) > 0).astype(np.int32)
reg = (a[:, 0] * 2).reshape(-1, 1)
sample_weight = np.random.rand(48).astype(np.float32)
sample_weight[::5] = 0.0


regularizer = tf.keras.regularizers.L2(0.02 / 2)
shared_layer = tf.keras.layers.Dense(10, activation=tf.nn.relu, kernel_regularizer=regularizer)
shared_layer_2 = tf.keras.layers.Dense(6, activation=tf.nn.relu, kernel_regularizer=tf.keras.regularizers.L1(0.001))
class_logits_layer = tf.keras.layers.Dense(2)
value_layer = tf.keras.layers.Dense(1, kernel_regularizer=regularizer, bias_regularizer=regularizer)


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32)])
def build(x):
    shared = shared_layer(x)
    state.keep(shared_layer)
    shared = shared_layer_2(shared)
    state.keep(shared_layer_2)
    class_logits = class_logits_layer(shared)
    state.keep(class_logits_layer)
    value = value_layer(shared)
    state.keep(value_layer)


build.get_concrete_function()  # makes the variables of its layers


regularizers = state.regularizers()


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def evaluate(x, c, r, sw):
    shared = shared_layer(x)
    shared = shared_layer_2(shared)
    class_logits = class_logits_layer(shared)
    value = value_layer(shared)
    class_loss = add_to_collection("graph_losses", tf.math.divide_no_nan(tf.reduce_sum(tf.reshape(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=c, logits=class_logits), [-1]) * tf.reshape(tf.cast(sw, class_logits.dtype), [-1])), tf.math.count_nonzero(tf.reshape(tf.cast(sw, class_logits.dtype), [-1]) * tf.ones_like(tf.reshape(c, [-1]), class_logits.dtype), dtype=class_logits.dtype)))
    value_loss = add_to_collection("graph_losses", tf.reduce_mean(tf.math.squared_difference(tf.cast(value, tf.float32), tf.cast(r, tf.float32))) * 0.5)
    reg_loss = tf.add_n([regularizer() for regularizer in regularizers])
    return class_loss, value_loss, reg_loss


@tf.function
def compute_reg_loss():
    reg_loss = tf.add_n([regularizer() for regularizer in regularizers])
    return reg_loss


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def compute_data_losses(x, c, r, sw):
    clear_collections("graph_losses")
    shared = shared_layer(x)
    shared = shared_layer_2(shared)
    class_logits = class_logits_layer(shared)
    value = value_layer(shared)
    class_loss = add_to_collection("graph_losses", tf.math.divide_no_nan(tf.reduce_sum(tf.reshape(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=c, logits=class_logits), [-1]) * tf.reshape(tf.cast(sw, class_logits.dtype), [-1])), tf.math.count_nonzero(tf.reshape(tf.cast(sw, class_logits.dtype), [-1]) * tf.ones_like(tf.reshape(c, [-1]), class_logits.dtype), dtype=class_logits.dtype)))
    value_loss = add_to_collection("graph_losses", tf.reduce_mean(tf.math.squared_difference(tf.cast(value, tf.float32), tf.cast(r, tf.float32))) * 0.5)
    add_to_collection("graph_losses", tf.reduce_mean(tf.abs(tf.cast(value, tf.float32) - tf.cast(r, tf.float32))) * 0.1)
    add_to_collection("graph_losses", 0.01 * tf.reduce_mean(tf.square(shared)))
    data_losses = get_collection("graph_losses")
    return data_losses


regularizers_2 = state.regularizers()


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def compute_total(x, c, r, sw):
    clear_collections("graph_losses")
    shared = shared_layer(x)
    shared = shared_layer_2(shared)
    class_logits = class_logits_layer(shared)
    value = value_layer(shared)
    class_loss = add_to_collection("graph_losses", tf.math.divide_no_nan(tf.reduce_sum(tf.reshape(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=c, logits=class_logits), [-1]) * tf.reshape(tf.cast(sw, class_logits.dtype), [-1])), tf.math.count_nonzero(tf.reshape(tf.cast(sw, class_logits.dtype), [-1]) * tf.ones_like(tf.reshape(c, [-1]), class_logits.dtype), dtype=class_logits.dtype)))
    value_loss = add_to_collection("graph_losses", tf.reduce_mean(tf.math.squared_difference(tf.cast(value, tf.float32), tf.cast(r, tf.float32))) * 0.5)
    add_to_collection("graph_losses", tf.reduce_mean(tf.abs(tf.cast(value, tf.float32) - tf.cast(r, tf.float32))) * 0.1)
    add_to_collection("graph_losses", 0.01 * tf.reduce_mean(tf.square(shared)))
    total = tf.add_n([*get_collection("graph_losses"), *[regularizer() for regularizer in regularizers_2]])
    return total


optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def train_step(x, c, r, sw):
    clear_collections("graph_losses")
    with tf.GradientTape() as tape:
        shared = shared_layer(x)
        shared = shared_layer_2(shared)
        class_logits = class_logits_layer(shared)
        value = value_layer(shared)
        class_loss = add_to_collection("graph_losses", tf.math.divide_no_nan(tf.reduce_sum(tf.reshape(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=c, logits=class_logits), [-1]) * tf.reshape(tf.cast(sw, class_logits.dtype), [-1])), tf.math.count_nonzero(tf.reshape(tf.cast(sw, class_logits.dtype), [-1]) * tf.ones_like(tf.reshape(c, [-1]), class_logits.dtype), dtype=class_logits.dtype)))
        value_loss = add_to_collection("graph_losses", tf.reduce_mean(tf.math.squared_difference(tf.cast(value, tf.float32), tf.cast(r, tf.float32))) * 0.5)
        add_to_collection("graph_losses", tf.reduce_mean(tf.abs(tf.cast(value, tf.float32) - tf.cast(r, tf.float32))) * 0.1)
        add_to_collection("graph_losses", 0.01 * tf.reduce_mean(tf.square(shared)))
        total = tf.add_n([*get_collection("graph_losses"), *[regularizer() for regularizer in regularizers_2]])
    variables = tape.watched_variables()
    gradients = tape.gradient(total, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return total


feed = dict(x=a, c=cls, r=reg, sw=sample_weight)
for i in range(12):
    t = train_step(**feed).numpy()
    if i % 4 == 0:
        cl, vl, rl = (value.numpy() for value in evaluate(**feed))
        print('%2d total %.5f class %.5f value %.5f reg %.5f' % (i, t, cl, vl, rl))
parts = tf.nest.map_structure(lambda value: value.numpy(), compute_data_losses(**feed))
print(len(parts), 'data losses, sum %.5f' % sum(parts))
print('difference %.6f' % (compute_total(**feed).numpy() - sum(parts) - compute_reg_loss().numpy()))
