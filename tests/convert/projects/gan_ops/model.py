import numpy as np
import tensorflow as tf

from ops import linear, lrelu


class GAN(object):
    def __init__(self, sess, batch_size=16, z_dim=4, x_dim=6, learning_rate=0.005):
        self.sess = sess
        self.batch_size = batch_size
        self.z_dim = z_dim
        self.x_dim = x_dim
        self.learning_rate = learning_rate
        self.build_model()

    def build_model(self):
        self.inputs = tf.placeholder(tf.float32, [self.batch_size, self.x_dim], name='inputs')
        self.z = tf.placeholder(tf.float32, [self.batch_size, self.z_dim], name='z')

        self.G = self.generator(self.z)
        self.D, self.D_logits = self.discriminator(self.inputs)
        self.D_, self.D_logits_ = self.discriminator(self.G, reuse=True)

        self.d_loss_real = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
            logits=self.D_logits, labels=tf.ones_like(self.D)))
        self.d_loss_fake = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
            logits=self.D_logits_, labels=tf.zeros_like(self.D_)))
        self.d_loss = self.d_loss_real + self.d_loss_fake
        self.g_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
            logits=self.D_logits_, labels=tf.ones_like(self.D_)))

        t_vars = tf.trainable_variables()
        d_vars = [var for var in t_vars if 'discriminator' in var.name]
        g_vars = [var for var in t_vars if 'generator' in var.name]

        self.d_optim = tf.train.AdamOptimizer(self.learning_rate, beta1=0.5).minimize(self.d_loss, var_list=d_vars)
        self.g_optim = tf.train.AdamOptimizer(self.learning_rate, beta1=0.5).minimize(self.g_loss, var_list=g_vars)

    def generator(self, z):
        with tf.variable_scope("generator"):
            h = tf.nn.relu(linear(z, 10, 'h0'))
            return tf.nn.tanh(linear(h, self.x_dim, 'h1'))

    def discriminator(self, x, reuse=False):
        with tf.variable_scope("discriminator", reuse=reuse):
            h = lrelu(linear(x, 10, 'h0'))
            logits = linear(h, 1, 'h1')
            return tf.nn.sigmoid(logits), logits

    def train(self, data, epochs):
        self.sess.run(tf.global_variables_initializer())
        rng = np.random.RandomState(0)
        counter = 0
        for epoch in range(epochs):
            for start in range(0, len(data), self.batch_size):
                batch = data[start:start + self.batch_size]
                z = rng.uniform(-1, 1, [self.batch_size, self.z_dim]).astype(np.float32)

                # the discriminator
                _, err_d = self.sess.run([self.d_optim, self.d_loss], feed_dict={self.inputs: batch, self.z: z})
                # the generator
                _, err_g = self.sess.run([self.g_optim, self.g_loss], feed_dict={self.z: z})
                counter += 1
                print("Epoch %d step %d: d_loss %.5f g_loss %.5f" % (epoch, counter, err_d, err_g))

    def sample(self, z):
        return self.sess.run(self.G, feed_dict={self.z: z})
