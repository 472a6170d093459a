"""Towers on devices that a function chooses, each with an optimizer for its gradients; a named flag of the session."""
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


N_TOWERS = 2
BATCH = 16
soft_placement = True
# variables stay with the parameter server, all else goes to the tower
rs = np.random.RandomState(23)
data = rs.randn(128, 5)
target = np.eye(2)[(data[:, 0] * data[:, 1] > 0).astype(int)]


def net(x, reuse):
    with state.scope('net'):
        h = state.new("dense", lambda name: tf.keras.layers.Dense(12, activation=tf.nn.tanh, name=name), x)
        h = state.new("dense", lambda name: tf.keras.layers.Dense(8, activation=tf.nn.tanh, name=name), h)
        return state.new("dense", lambda name: tf.keras.layers.Dense(2, name=name), h)


def mean_gradients(tower_grads):
    averaged = []
    for pairs in zip(*tower_grads):
        stacked = tf.concat([tf.expand_dims(g, 0) for g, _ in pairs], 0)
        averaged.append((tf.reduce_mean(stacked, 0), pairs[0][1]))
    return averaged


optimizer = tf.keras.optimizers.Adam(0.03, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32), tf.TensorSpec([None, 2], tf.float32)])
def compute_loss_and_accuracy(X, Y):
    with tf.device('/cpu:0'):
        tower_grads = []
        reuse_vars = False
        for i in range(N_TOWERS):
            with tf.device('/gpu:{}'.format(i)):
                part_x = X[i * BATCH:(i + 1) * BATCH]
                part_y = Y[i * BATCH:(i + 1) * BATCH]
                logits = net(part_x, reuse_vars)
                loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=part_y))
                # each tower makes one, the last of them moves the variables
                tower_grads.append(list(zip(tf.gradients(loss, state.variables(trainable=True)), state.variables(trainable=True))))
                if i == 0:
                    hits = tf.equal(tf.argmax(logits, 1), tf.argmax(part_y, 1))
                    accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
                reuse_vars = True
    return loss, accuracy


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32), tf.TensorSpec([None, 2], tf.float32)])
def train_step(X, Y):
    with tf.device('/cpu:0'):
        tower_grads = []
        reuse_vars = False
        for i in range(N_TOWERS):
            with tf.device('/gpu:{}'.format(i)):
                part_x = X[i * BATCH:(i + 1) * BATCH]
                part_y = Y[i * BATCH:(i + 1) * BATCH]
                logits = net(part_x, reuse_vars)
                loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=part_y))
                # each tower makes one, the last of them moves the variables
                tower_grads.append(list(zip(tf.gradients(loss, state.variables(trainable=True)), state.variables(trainable=True))))
                if i == 0:
                    hits = tf.equal(tf.argmax(logits, 1), tf.argmax(part_y, 1))
                    accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
                reuse_vars = True
        train_op = optimizer.apply_gradients(mean_gradients(tower_grads))


tf.config.set_soft_device_placement(soft_placement)
for step in range(20):
    k = step % 4 * 32
    train_step(X=data[k:k + 32], Y=target[k:k + 32])
    if step % 5 == 4:
        l, acc = (value.numpy() for value in compute_loss_and_accuracy(X=data[:32], Y=target[:32]))
        print('step %d: loss of the last tower %.5f, accuracy of the first %.4f' % (step, l, acc))
