import numpy as np
import tensorflow as tf


def lrelu(x, leak=0.2):
    return tf.maximum(x, leak * x)


def linear(input_, output_size, scope=None, stddev=0.1, bias_start=0.0):
    shape = input_.get_shape().as_list()
    with tf.variable_scope(scope or "Linear"):
        matrix = tf.get_variable("Matrix", [shape[1], output_size], tf.float32,
                                 tf.random_normal_initializer(stddev=stddev))
        bias = tf.get_variable("bias", [output_size], initializer=tf.constant_initializer(bias_start))
        return tf.matmul(input_, matrix) + bias


class GAN(object):
    def __init__(self, sess, batch_size=16, z_dim=4, x_dim=6):
        self.sess = sess
        self.batch_size = batch_size
        self.z_dim = z_dim
        self.x_dim = x_dim
        self.build_model()

    def build_model(self):
        self.inputs = tf.placeholder(tf.float32, [self.batch_size, self.x_dim], name='real')
        self.z = tf.placeholder(tf.float32, [None, self.z_dim], name='z')

        self.G = self.generator(self.z)
        self.D, self.D_logits = self.discriminator(self.inputs, reuse=False)
        self.D_, self.D_logits_ = self.discriminator(self.G, reuse=True)

        self.d_loss_real = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=self.D_logits, labels=tf.ones_like(self.D)))
        self.d_loss_fake = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=self.D_logits_, labels=tf.zeros_like(self.D_)))
        self.g_loss = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=self.D_logits_, labels=tf.ones_like(self.D_)))
        self.d_loss = self.d_loss_real + self.d_loss_fake

        t_vars = tf.trainable_variables()
        self.d_vars = [var for var in t_vars if 'd_' in var.name]
        self.g_vars = [var for var in t_vars if 'g_' in var.name]

    def discriminator(self, x, reuse=False):
        with tf.variable_scope("discriminator", reuse=reuse):
            h0 = lrelu(linear(x, 8, 'd_h0_lin'))
            h1 = linear(h0, 1, 'd_h1_lin')
            return tf.nn.sigmoid(h1), h1

    def generator(self, z):
        with tf.variable_scope("generator"):
            h0 = tf.nn.relu(linear(z, 8, 'g_h0_lin'))
            return tf.nn.tanh(linear(h0, self.x_dim, 'g_h1_lin'))

    def train(self, data, epochs=3):
        d_optim = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(self.d_loss, var_list=self.d_vars)
        g_optim = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(self.g_loss, var_list=self.g_vars)
        self.sess.run(tf.global_variables_initializer())
        rng = np.random.RandomState(0)
        for epoch in range(epochs):
            for i in range(len(data) // self.batch_size):
                batch = data[i * self.batch_size:(i + 1) * self.batch_size]
                batch_z = rng.uniform(-1, 1, [self.batch_size, self.z_dim]).astype(np.float32)
                # Update D network
                _ = self.sess.run([d_optim], feed_dict={self.inputs: batch, self.z: batch_z})
                # Update G network
                self.sess.run(g_optim, feed_dict={self.z: batch_z})
                errD_fake = self.d_loss_fake.eval({self.z: batch_z}, session=self.sess)
                errD_real = self.d_loss_real.eval({self.inputs: batch}, session=self.sess)
                errG = self.g_loss.eval({self.z: batch_z}, session=self.sess)
            print("Epoch: [%2d] d_loss: %.6f, g_loss: %.6f" % (epoch, errD_fake + errD_real, errG))

    def sample(self, z):
        return self.sess.run(self.G, feed_dict={self.z: z})


def main():
    data = np.random.RandomState(5).normal(0, 0.5, (64, 6)).astype(np.float32)
    with tf.Session() as sess:
        gan = GAN(sess)
        gan.train(data)
        print(gan.sample(np.ones((2, 4), np.float32)))


if __name__ == '__main__':
    main()
