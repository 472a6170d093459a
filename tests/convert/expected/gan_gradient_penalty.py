"""WGAN-GP: the critic's gradient penalty, variables told apart by their names."""
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


np.random.seed(4)
BATCH, Z_DIM, X_DIM, LAMBDA, CRITIC_ITERS = 16, 4, 6, 10.0, 2


def generator(z, reuse=False):
    with state.scope('generator'):
        h = state.get('fc1', lambda: tf.keras.layers.Dense(16, activation=tf.nn.relu, name='fc1'), z)
        h = state.get('fc2', lambda: tf.keras.layers.Dense(16, activation=tf.nn.relu, name='fc2'), h)
        return state.get('out', lambda: tf.keras.layers.Dense(X_DIM, name='out'), h)


def critic(x, reuse=False):
    with state.scope('critic'):
        h = state.get('fc1', lambda: tf.keras.layers.Dense(16, activation=tf.nn.leaky_relu, name='fc1'), x)
        h = state.get('fc2', lambda: tf.keras.layers.Dense(16, activation=tf.nn.leaky_relu, name='fc2'), h)
        return state.get('out', lambda: tf.keras.layers.Dense(1, name='out'), h)


def sample_data(n):
    a = np.random.randn(n, 1)
    return np.tanh(a * np.arange(1, X_DIM + 1)).astype(np.float32)


@tf.function(input_signature=[tf.TensorSpec([None, Z_DIM], tf.float32)])
def compute_fake(z):
    fake = generator(z)
    return fake


@tf.function(input_signature=[
    tf.TensorSpec([None, X_DIM], tf.float32),
    tf.TensorSpec([None, Z_DIM], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def build(real, z, alpha):
    with tf.GradientTape() as tape:
        fake = generator(z)
        d_real = critic(real)
        d_fake = critic(fake, reuse=True)
        # gradient penalty
        interpolates = real + alpha * (fake - real)
        tape.watch(interpolates)
        loss = critic(interpolates, reuse=True)
    gradients = tape.gradient(loss, [interpolates])[0]


build.get_concrete_function()  # makes the variables of its layers and optimizer


t_vars = state.variables(trainable=True)
g_vars = [v for v in t_vars if v.name.startswith('generator')]
d_vars = [v for v in t_vars if v.name.startswith('critic')]

d_opt = tf.keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, X_DIM], tf.float32),
    tf.TensorSpec([None, Z_DIM], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(real, z, alpha):
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner_tape:
            fake = generator(z)
            d_real = critic(real)
            d_fake = critic(fake, reuse=True)
            d_loss = tf.reduce_mean(d_fake) - tf.reduce_mean(d_real)
            # gradient penalty
            interpolates = real + alpha * (fake - real)
            inner_tape.watch(interpolates)
            loss = critic(interpolates, reuse=True)
        gradients = inner_tape.gradient(loss, [interpolates])[0]
        slopes = tf.sqrt(tf.reduce_sum(tf.square(gradients), axis=1) + 1e-8)
        penalty = tf.reduce_mean((slopes - 1.0) ** 2)
        d_loss += LAMBDA * penalty
    d_opt_gradients = tape.gradient(d_loss, d_vars)
    d_opt.apply_gradients(zip(d_opt_gradients, d_vars))
    return d_loss, penalty


g_opt = tf.keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, Z_DIM], tf.float32)])
def train_step_2(z):
    with tf.GradientTape() as tape:
        fake = generator(z)
        d_fake = critic(fake, reuse=True)
        g_loss = -tf.reduce_mean(d_fake)
    gradients = tape.gradient(g_loss, g_vars)
    g_opt.apply_gradients(zip(gradients, g_vars))
    return g_loss


for step in range(6):
    for _ in range(CRITIC_ITERS):
        feed = dict(real=sample_data(BATCH), z=np.random.randn(BATCH, Z_DIM),
                alpha=np.random.uniform(size=(BATCH, 1)))
        dl, gp = (value.numpy() for value in train_step(**feed))
    gl = train_step_2(z=np.random.randn(BATCH, Z_DIM)).numpy()
    print('step %d  d_loss %.5f  penalty %.5f  g_loss %.5f' % (step, dl, gp, gl))
print('samples', compute_fake(z=np.ones((2, Z_DIM))).numpy().sum())
