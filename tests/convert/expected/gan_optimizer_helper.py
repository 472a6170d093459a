"""A small GAN with linear and optimizer helpers that are called for each net, as in a well-known tutorial."""
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


np.random.seed(3)
BATCH, HIDDEN, STEPS = 12, 6, 12


def sample(n):
    return np.sort(np.random.normal(4, 0.5, n)).reshape(-1, 1)


def noise(n):
    return np.linspace(-8, 8, n).reshape(-1, 1) + np.random.random((n, 1)) * 0.01


def linear(inputs, output_dim, scope=None, stddev=1.0):
    with state.scope(scope or 'linear'):
        w = state.get('w', lambda: tf.Variable(tf.random_normal_initializer(stddev=stddev)([inputs.shape[1], output_dim]), name='w'))
        b = state.get('b', lambda: tf.Variable(tf.constant_initializer(0.0)([output_dim]), name='b'))
        return tf.matmul(inputs, w) + b


def generator(inputs, h_dim):
    h0 = tf.nn.softplus(linear(inputs, h_dim, 'g0'))
    return linear(h0, 1, 'g1')


def discriminator(inputs, h_dim):
    h0 = tf.nn.relu(linear(inputs, h_dim * 2, 'd0'))
    h1 = tf.nn.relu(linear(h0, h_dim * 2, 'd1'))
    return tf.sigmoid(linear(h1, 1, scope='d2'))


def log(x):
    return tf.math.log(tf.maximum(x, 1e-5))


@tf.function(input_signature=[tf.TensorSpec((BATCH, 1), tf.float32)])
def compute_g(z):
    with state.scope('G'):
        G = generator(z, HIDDEN)
    return G


@tf.function(input_signature=[
    tf.TensorSpec((BATCH, 1), tf.float32),
    tf.TensorSpec((BATCH, 1), tf.float32),
])
def build(z, x):
    with state.scope('G'):
        G = generator(z, HIDDEN)
    with state.scope('D'):
        D1 = discriminator(x, HIDDEN)
    with state.scope('D'):
        D2 = discriminator(G, HIDDEN)


build.get_concrete_function()  # makes the variables of its layers


vars = state.variables(trainable=True)
d_params = [v for v in vars if v.name.startswith('D/')]
g_params = [v for v in vars if v.name.startswith('G/')]

learning_rate = 0.001
step_2 = tf.Variable(0, trainable=False, name='Variable')
opt_d = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec((BATCH, 1), tf.float32),
    tf.TensorSpec((BATCH, 1), tf.float32),
])
def train_step(x, z):
    with tf.GradientTape() as tape:
        with state.scope('G'):
            G = generator(z, HIDDEN)
        with state.scope('D'):
            D1 = discriminator(x, HIDDEN)
        with state.scope('D'):
            D2 = discriminator(G, HIDDEN)
        loss_d = tf.reduce_mean(-log(D1) - log(1 - D2))
    gradients = tape.gradient(loss_d, d_params)
    opt_d.apply_gradients(zip(gradients, d_params))
    step_2.assign_add(1)
    return loss_d


learning_rate_2 = 0.001
step_3 = tf.Variable(0, trainable=False, name='Variable_1')
opt_g = tf.keras.optimizers.Adam(learning_rate_2, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec((BATCH, 1), tf.float32)])
def train_step_2(z):
    with tf.GradientTape() as tape:
        with state.scope('G'):
            G = generator(z, HIDDEN)
        with state.scope('D'):
            D2 = discriminator(G, HIDDEN)
        loss_g = tf.reduce_mean(-log(D2))
    gradients = tape.gradient(loss_g, g_params)
    opt_g.apply_gradients(zip(gradients, g_params))
    step_3.assign_add(1)
    return loss_g


for step in range(STEPS):
    loss_d_value = train_step(x=sample(BATCH), z=noise(BATCH)).numpy()
    loss_g_value = train_step_2(z=noise(BATCH)).numpy()
    if step % 3 == 0:
        print('{}: {:.4f}\t{:.4f}'.format(step, loss_d_value, loss_g_value))
print(compute_g(z=noise(BATCH)).numpy().mean())
