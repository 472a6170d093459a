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


def lrelu(x, leak=0.2):
    return tf.maximum(x, leak * x)


def linear(input_, output_size, scope=None, stddev=0.1, bias_start=0.0):
    shape = input_.shape.as_list()
    with state.scope(scope or "Linear"):
        matrix = state.get("Matrix", lambda: tf.Variable(tf.random_normal_initializer(stddev=stddev)([shape[1], output_size]), name='Matrix'))
        bias = state.get("bias", lambda: tf.Variable(tf.constant_initializer(bias_start)([output_size]), name='bias'))
        return tf.matmul(input_, matrix) + bias


class GAN(object):
    def __init__(self, batch_size=16, z_dim=4, x_dim=6):
        self.batch_size = batch_size
        self.z_dim = z_dim
        self.x_dim = x_dim
        self.build.get_concrete_function()  # makes the variables of its layers
        t_vars = state.variables(trainable=True)
        self.d_vars = [var for var in t_vars if 'd_' in var.name]
        self.g_vars = [var for var in t_vars if 'g_' in var.name]

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_g(self, z):
        z = tf.ensure_shape(z, [None, self.z_dim])
        G = self.generator(z)
        return G

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def build(self, inputs, z):
        inputs = tf.ensure_shape(inputs, [self.batch_size, self.x_dim])
        z = tf.ensure_shape(z, [None, self.z_dim])
        G = self.generator(z)
        D, D_logits = self.discriminator(inputs, reuse=False)
        D_, D_logits_ = self.discriminator(G, reuse=True)

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_d_loss_real(self, inputs):
        inputs = tf.ensure_shape(inputs, [self.batch_size, self.x_dim])
        D, D_logits = self.discriminator(inputs, reuse=False)
        d_loss_real = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits, labels=tf.ones_like(D)))
        return d_loss_real

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_d_loss_fake(self, z):
        z = tf.ensure_shape(z, [None, self.z_dim])
        G = self.generator(z)
        D_, D_logits_ = self.discriminator(G, reuse=True)
        d_loss_fake = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits_, labels=tf.zeros_like(D_)))
        return d_loss_fake

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def train_step(self, z):
        z = tf.ensure_shape(z, [None, self.z_dim])
        with tf.GradientTape() as tape:
            G = self.generator(z)
            D_, D_logits_ = self.discriminator(G, reuse=True)
            g_loss = tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits_, labels=tf.ones_like(D_)))
        gradients = tape.gradient(g_loss, self.g_vars)
        g_optim.apply_gradients(zip(gradients, self.g_vars))

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_g_loss(self, z):
        z = tf.ensure_shape(z, [None, self.z_dim])
        G = self.generator(z)
        D_, D_logits_ = self.discriminator(G, reuse=True)
        g_loss = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits_, labels=tf.ones_like(D_)))
        return g_loss

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def train_step_2(self, inputs, z):
        inputs = tf.ensure_shape(inputs, [self.batch_size, self.x_dim])
        z = tf.ensure_shape(z, [None, self.z_dim])
        with tf.GradientTape() as tape:
            G = self.generator(z)
            D, D_logits = self.discriminator(inputs, reuse=False)
            D_, D_logits_ = self.discriminator(G, reuse=True)
            d_loss_real = tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits, labels=tf.ones_like(D)))
            d_loss_fake = tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits_, labels=tf.zeros_like(D_)))
            d_loss = d_loss_real + d_loss_fake
        gradients = tape.gradient(d_loss, self.d_vars)
        d_optim.apply_gradients(zip(gradients, self.d_vars))
        return [None]

    def discriminator(self, x, reuse=False):
        with state.scope("discriminator"):
            h0 = lrelu(linear(x, 8, 'd_h0_lin'))
            h1 = linear(h0, 1, 'd_h1_lin')
            return tf.nn.sigmoid(h1), h1

    def generator(self, z):
        with state.scope("generator"):
            h0 = tf.nn.relu(linear(z, 8, 'g_h0_lin'))
            return tf.nn.tanh(linear(h0, self.x_dim, 'g_h1_lin'))

    def sample(self, z):
        return self.compute_g(z=z).numpy()


def main():
    data = np.random.RandomState(5).normal(0, 0.5, (64, 6)).astype(np.float32)
    gan = GAN()
    epochs = 3
    global d_optim
    d_optim = tf.keras.optimizers.Adam(0.01, beta_1=0.5, epsilon=1e-8)
    global g_optim
    g_optim = tf.keras.optimizers.Adam(0.01, beta_1=0.5, epsilon=1e-8)
    rng = np.random.RandomState(0)
    for epoch in range(epochs):
        for i in range(len(data) // gan.batch_size):
            batch = data[i * gan.batch_size:(i + 1) * gan.batch_size]
            batch_z = rng.uniform(-1, 1, [gan.batch_size, gan.z_dim]).astype(np.float32)
            # Update D network
            _ = [None if value is None else value.numpy() for value in gan.train_step_2(inputs=batch, z=batch_z)]
            # Update G network
            gan.train_step(z=batch_z)
            errD_fake = gan.compute_d_loss_fake(z=batch_z).numpy()
            errD_real = gan.compute_d_loss_real(inputs=batch).numpy()
            errG = gan.compute_g_loss(z=batch_z).numpy()
        print("Epoch: [%2d] d_loss: %.6f, g_loss: %.6f" % (epoch, errD_fake + errD_real, errG))
    print(gan.sample(np.ones((2, 4), np.float32)))


if __name__ == '__main__':
    main()
