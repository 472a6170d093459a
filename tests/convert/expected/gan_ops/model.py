import numpy as np
import tensorflow as tf

from ops import linear, lrelu
from ops import state


class GAN(tf.Module):
    def __init__(self, batch_size=16, z_dim=4, x_dim=6, learning_rate=0.005):
        super().__init__()
        self.batch_size = batch_size
        self.z_dim = z_dim
        self.x_dim = x_dim
        self.learning_rate = learning_rate
        self.build.get_concrete_function()  # makes the variables of its layers

        t_vars = state.variables(trainable=True)
        self.d_vars = [var for var in t_vars if 'discriminator' in var.name]
        self.g_vars = [var for var in t_vars if 'generator' in var.name]
        self.d_optim = tf.keras.optimizers.Adam(self.learning_rate, beta_1=0.5, epsilon=1e-8)
        self.g_optim = tf.keras.optimizers.Adam(self.learning_rate, beta_1=0.5, epsilon=1e-8)

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_g(self, z):
        z = tf.ensure_shape(z, [self.batch_size, self.z_dim])
        G = self.generator(z)
        return G

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def build(self, inputs, z):
        inputs = tf.ensure_shape(inputs, [self.batch_size, self.x_dim])
        z = tf.ensure_shape(z, [self.batch_size, self.z_dim])
        G = self.generator(z)
        D, D_logits = self.discriminator(inputs)
        D_, D_logits_ = self.discriminator(G, reuse=True)

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def train_step(self, inputs, z):
        inputs = tf.ensure_shape(inputs, [self.batch_size, self.x_dim])
        z = tf.ensure_shape(z, [self.batch_size, self.z_dim])
        with tf.GradientTape() as tape:
            G = self.generator(z)
            D, D_logits = self.discriminator(inputs)
            D_, D_logits_ = self.discriminator(G, reuse=True)
            d_loss_real = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
                logits=D_logits, labels=tf.ones_like(D)))
            d_loss_fake = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
                logits=D_logits_, labels=tf.zeros_like(D_)))
            d_loss = d_loss_real + d_loss_fake
        gradients = tape.gradient(d_loss, self.d_vars)
        self.d_optim.apply_gradients(zip(gradients, self.d_vars))
        return d_loss

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def train_step_2(self, z):
        z = tf.ensure_shape(z, [self.batch_size, self.z_dim])
        with tf.GradientTape() as tape:
            G = self.generator(z)
            D_, D_logits_ = self.discriminator(G, reuse=True)
            g_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
                logits=D_logits_, labels=tf.ones_like(D_)))
        gradients = tape.gradient(g_loss, self.g_vars)
        self.g_optim.apply_gradients(zip(gradients, self.g_vars))
        return g_loss

    def generator(self, z):
        with state.scope("generator"):
            h = tf.nn.relu(linear(z, 10, 'h0'))
            return tf.nn.tanh(linear(h, self.x_dim, 'h1'))

    def discriminator(self, x, reuse=False):
        with state.scope("discriminator"):
            h = lrelu(linear(x, 10, 'h0'))
            logits = linear(h, 1, 'h1')
            return tf.nn.sigmoid(logits), logits

    def train(self, data, epochs):
        rng = np.random.RandomState(0)
        counter = 0
        for epoch in range(epochs):
            for start in range(0, len(data), self.batch_size):
                batch = data[start:start + self.batch_size]
                z = rng.uniform(-1, 1, [self.batch_size, self.z_dim]).astype(np.float32)

                # the discriminator
                err_d = self.train_step(inputs=batch, z=z).numpy()
                # the generator
                err_g = self.train_step_2(z=z).numpy()
                counter += 1
                print("Epoch %d step %d: d_loss %.5f g_loss %.5f" % (epoch, counter, err_d, err_g))

    def sample(self, z):
        return self.compute_g(z=z).numpy()
