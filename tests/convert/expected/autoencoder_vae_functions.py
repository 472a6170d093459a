"""A VAE with encoder and decoder functions; the decoder is built again for samples."""
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
data = (np.random.rand(64, 12) < np.linspace(0.1, 0.9, 12)).astype(np.float32)
n_hidden, n_z = 10, 2


def encoder(x, n_hidden, n_output, keep_prob):
    with state.scope("encoder"):
        b_init = tf.constant_initializer(0.)
        w0 = state.get('w0', lambda: tf.Variable(tf.keras.initializers.VarianceScaling(2.0 * 1.3 * 0.87962566**2, "fan_in", "truncated_normal")([x.shape[1], n_hidden]), name='w0'))
        b0 = state.get('b0', lambda: tf.Variable(b_init([n_hidden]), name='b0'))
        h0 = tf.nn.elu(tf.matmul(x, w0) + b0)
        h0 = tf.nn.dropout(h0, rate=1 - keep_prob)
        wo = state.get('wo', lambda: tf.Variable(tf.keras.initializers.VarianceScaling(2.0 * 1.3 * 0.87962566**2, "fan_in", "truncated_normal")([h0.shape[1], n_output * 2]), name='wo'))
        bo = state.get('bo', lambda: tf.Variable(b_init([n_output * 2]), name='bo'))
        params = tf.matmul(h0, wo) + bo
        mean = params[:, :n_output]
        stddev = 1e-6 + tf.nn.softplus(params[:, n_output:])
    return mean, stddev


def decoder(z, n_hidden, n_output, keep_prob, reuse=False):
    with state.scope("decoder"):
        w0 = state.get('w0', lambda: tf.Variable(tf.keras.initializers.VarianceScaling(2.0 * 1.3 * 0.87962566**2, "fan_in", "truncated_normal")([z.shape[1], n_hidden]), name='w0'))
        b0 = state.get('b0', lambda: tf.Variable(tf.constant_initializer(0.)([n_hidden]), name='b0'))
        h0 = tf.nn.dropout(tf.nn.tanh(tf.matmul(z, w0) + b0), rate=1 - keep_prob)
        wo = state.get('wo', lambda: tf.Variable(tf.keras.initializers.VarianceScaling(2.0 * 1.3 * 0.87962566**2, "fan_in", "truncated_normal")([n_hidden, n_output]), name='wo'))
        bo = state.get('bo', lambda: tf.Variable(tf.constant_initializer(0.)([n_output]), name='bo'))
        y = tf.sigmoid(tf.matmul(h0, wo) + bo)
    return y


def autoencoder(x_hat, x, dim_img, dim_z, n_hidden, keep_prob):
    mu, sigma = encoder(x_hat, n_hidden, dim_z, keep_prob)
    z = mu + sigma * tf.random.normal(tf.shape(mu), 0, 1, dtype=tf.float32)
    y = decoder(z, n_hidden, dim_img, keep_prob)
    y = tf.clip_by_value(y, 1e-8, 1 - 1e-8)
    marginal_likelihood = tf.reduce_sum(x * tf.math.log(y) + (1 - x) * tf.math.log(1 - y), 1)
    KL_divergence = 0.5 * tf.reduce_sum(tf.square(mu) + tf.square(sigma) - tf.math.log(1e-8 + tf.square(sigma)) - 1, 1)
    marginal_likelihood = tf.reduce_mean(marginal_likelihood)
    KL_divergence = tf.reduce_mean(KL_divergence)
    ELBO = marginal_likelihood - KL_divergence
    loss = -ELBO
    return y, z, loss, -marginal_likelihood, KL_divergence


@tf.function(input_signature=[tf.TensorSpec([None, n_z], tf.float32), tf.TensorSpec(None, tf.float32)])
def compute_decoded(z_in, keep_prob):
    decoded = decoder(z_in, n_hidden, 12, keep_prob, reuse=True)
    return decoded


optimizer = tf.keras.optimizers.Adam(1e-2, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 12], tf.float32),
    tf.TensorSpec([None, 12], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def train_step(x_hat, x, keep_prob):
    with tf.GradientTape() as tape:
        y, z, loss, neg_marginal_likelihood, KL_divergence = autoencoder(x_hat, x, 12, n_z, n_hidden, keep_prob)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss, neg_marginal_likelihood, KL_divergence


for epoch in range(4):
    np.random.shuffle(data)
    for i in range(0, 64, 16):
        batch = data[i:i + 16]
        tot_loss, loss_likelihood, loss_divergence = (value.numpy() for value in train_step(x_hat=batch, x=batch, keep_prob=0.9))
    print("epoch %d: L_tot %03.4f L_likelihood %03.4f L_divergence %03.4f" % (
        epoch, tot_loss, loss_likelihood, loss_divergence))
grid = compute_decoded(z_in=np.eye(2), keep_prob=1).numpy()
print('decoded', grid.shape, grid.sum())
