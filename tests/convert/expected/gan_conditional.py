"""A conditional GAN: labels joined to both inputs, label smoothing, logits losses."""
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


tf.random.set_seed(1)
np.random.seed(1)

# Hyper Parameters
BATCH_SIZE = 20
LR_G = 0.003           # learning rate for generator
LR_D = 0.003           # learning rate for discriminator
N_NOISE = 4
N_POINTS = 9
PAINT = np.vstack([np.linspace(-1, 1, N_POINTS) for _ in range(BATCH_SIZE)])


def artist_works_with_labels():     # two kinds of curves
    a = np.random.uniform(1, 2, size=BATCH_SIZE)[:, np.newaxis]
    paintings = a * np.power(PAINT, 2) + (a-1)
    labels = (a - 1) > 0.5          # upper paintings (1), lower paintings (0)
    return paintings, labels.astype(np.float32)


G_l1_layer = tf.keras.layers.Dense(24, activation=tf.nn.relu, name="dense")
G_out_layer = tf.keras.layers.Dense(N_POINTS, name="dense_1")


@tf.function(input_signature=[
    tf.TensorSpec([None, N_NOISE], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_g_out(G_in, art_labels):
    G_art = tf.concat((G_in, art_labels), 1)
    with tf.name_scope('Generator/'):
        G_l1 = G_l1_layer(G_art)
        G_out = G_out_layer(G_l1)
    return G_out


@tf.function(input_signature=[
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([None, N_NOISE], tf.float32),
    tf.TensorSpec([None, N_POINTS], tf.float32),
])
def build(art_labels, G_in, real_art):
    G_art = tf.concat((G_in, art_labels), 1)
    with tf.name_scope('Generator/'):
        G_l1 = G_l1_layer(G_art)
    state.keep(G_l1_layer)
    with tf.name_scope('Generator/'):
        G_out = G_out_layer(G_l1)
    state.keep(G_out_layer)
    def discriminator(art, reuse=False):
        with state.scope('Discriminator'):
            both = tf.concat((art, art_labels), 1)
            l0 = state.get('l', lambda: tf.keras.layers.Dense(24, activation=tf.nn.leaky_relu, name='l'), both)
            return state.get('out', lambda: tf.keras.layers.Dense(1, name='out'), l0)
    logit_real = discriminator(real_art)
    logit_fake = discriminator(G_out, reuse=True)


build.get_concrete_function()  # makes the variables of its layers


t_vars = state.variables(trainable=True)
d_vars = [var for var in t_vars if var.name.startswith('Discriminator')]
g_vars = [var for var in t_vars if var.name.startswith('Generator')]
optimizer = tf.keras.optimizers.Adam(LR_D, beta_1=0.5, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, N_NOISE], tf.float32),
    tf.TensorSpec([None, N_POINTS], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(G_in, real_art, art_labels):
    with tf.GradientTape() as tape:
        G_art = tf.concat((G_in, art_labels), 1)
        with tf.name_scope('Generator/'):
            G_l1 = G_l1_layer(G_art)
            G_out = G_out_layer(G_l1)
        def discriminator(art, reuse=False):
            with state.scope('Discriminator'):
                both = tf.concat((art, art_labels), 1)
                l0 = state.get('l', lambda: tf.keras.layers.Dense(24, activation=tf.nn.leaky_relu, name='l'), both)
                return state.get('out', lambda: tf.keras.layers.Dense(1, name='out'), l0)
        logit_real = discriminator(real_art)
        logit_fake = discriminator(G_out, reuse=True)
        D_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(tf.ones_like(logit_real), logit_real.dtype) * (1 - 0.1) + 0.5 * 0.1, logits=logit_real)) + \
            tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(tf.zeros_like(logit_fake), logit_fake.dtype), logits=logit_fake))
    gradients = tape.gradient(D_loss, d_vars)
    optimizer.apply_gradients(zip(gradients, d_vars))
    return D_loss


optimizer_2 = tf.keras.optimizers.Adam(LR_G, beta_1=0.5, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, N_NOISE], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(G_in, art_labels):
    with tf.GradientTape() as tape:
        G_art = tf.concat((G_in, art_labels), 1)
        with tf.name_scope('Generator/'):
            G_l1 = G_l1_layer(G_art)
            G_out = G_out_layer(G_l1)
        def discriminator(art, reuse=False):
            with state.scope('Discriminator'):
                both = tf.concat((art, art_labels), 1)
                l0 = state.get('l', lambda: tf.keras.layers.Dense(24, activation=tf.nn.leaky_relu, name='l'), both)
                return state.get('out', lambda: tf.keras.layers.Dense(1, name='out'), l0)
        logit_fake = discriminator(G_out, reuse=True)
        G_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(tf.ones_like(logit_fake), logit_fake.dtype), logits=logit_fake))
    gradients = tape.gradient(G_loss, g_vars)
    optimizer_2.apply_gradients(zip(gradients, g_vars))
    return G_loss


for step in range(12):
    artist_paintings, labels = artist_works_with_labels()
    G_ideas = np.random.randn(BATCH_SIZE, N_NOISE)
    Dl = train_step(G_in=G_ideas, real_art=artist_paintings, art_labels=labels).numpy()
    for _ in range(2):
        Gl = train_step_2(G_in=G_ideas, art_labels=labels).numpy()
    if step % 4 == 3:
        print('step %d D loss %.5f G loss %.5f' % (step, Dl, Gl))

# one picture of each kind from the same noise
z = np.random.randn(1, N_NOISE)
for label in (0, 1):
    art = compute_g_out(G_in=z, art_labels=[[label]]).numpy()
    print('label', label, ' '.join('%.3f' % v for v in art[0, ::4]))
