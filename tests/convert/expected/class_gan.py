import numpy as np
import tensorflow as tf


class State:
    """Variables and layers by name: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self._path = []
        self._counts = [{}]
        self._names = []

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._path.append(name)
        self._counts.append({})
        self._names.append(tf.keras.name_scope(name))
        self._names[-1].__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._names.pop().__exit__(*error)
        self._path.pop()
        self._counts.pop()

    def get(self, name, make):
        """What has this name."""
        path = "/".join([*self._path, name])
        if path not in self.made:
            with tf.init_scope():
                self.made[path] = make()
        return self.made[path]

    def new(self, name, make):
        """The next of this name: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        return self.get(f"{name}_{count}" if count else name, make)

    def variables(self, prefix="", trainable=False):
        """All variables below a path, or those that are trained, in the order in which they were made."""
        found = []
        for path, made in self.made.items():
            if path.startswith(prefix):
                found += [made] if isinstance(made, tf.Variable) else made.variables
        found = [v if isinstance(v, tf.Variable) else v.value for v in found]  # those of Keras hold one
        return [v for v in found if v.trainable or not trainable]


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

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_g(self, z):
        z = tf.ensure_shape(z, [None, self.z_dim])
        G = self.generator(z)
        return G

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
        t_vars = [*state.variables(trainable=True)]
        d_vars = [var for var in t_vars if 'd_' in var.name]
        gradients = tape.gradient(d_loss, d_vars)
        d_optim.apply_gradients(zip(gradients, d_vars))
        return [None]

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def train_step(self, z):
        z = tf.ensure_shape(z, [None, self.z_dim])
        with tf.GradientTape() as tape:
            G = self.generator(z)
            D_, D_logits_ = self.discriminator(G, reuse=True)
            g_loss = tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(logits=D_logits_, labels=tf.ones_like(D_)))
        t_vars = [*state.variables(trainable=True)]
        g_vars = [var for var in t_vars if 'g_' in var.name]
        gradients = tape.gradient(g_loss, g_vars)
        g_optim.apply_gradients(zip(gradients, g_vars))

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
