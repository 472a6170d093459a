"""A small GAN with linear and optimizer helpers that are called for each net, as in a well-known tutorial."""
import numpy as np
import tensorflow as tf

np.random.seed(3)
BATCH, HIDDEN, STEPS = 12, 6, 12


def sample(n):
    return np.sort(np.random.normal(4, 0.5, n)).reshape(-1, 1)


def noise(n):
    return np.linspace(-8, 8, n).reshape(-1, 1) + np.random.random((n, 1)) * 0.01


def linear(inputs, output_dim, scope=None, stddev=1.0):
    with tf.variable_scope(scope or 'linear'):
        w = tf.get_variable('w', [inputs.get_shape()[1], output_dim],
                            initializer=tf.random_normal_initializer(stddev=stddev))
        b = tf.get_variable('b', [output_dim], initializer=tf.constant_initializer(0.0))
        return tf.matmul(inputs, w) + b


def generator(inputs, h_dim):
    h0 = tf.nn.softplus(linear(inputs, h_dim, 'g0'))
    return linear(h0, 1, 'g1')


def discriminator(inputs, h_dim):
    h0 = tf.nn.relu(linear(inputs, h_dim * 2, 'd0'))
    h1 = tf.nn.relu(linear(h0, h_dim * 2, 'd1'))
    return tf.sigmoid(linear(h1, 1, scope='d2'))


def optimizer(loss, var_list):
    learning_rate = 0.001
    step = tf.Variable(0, trainable=False)
    return tf.train.AdamOptimizer(learning_rate).minimize(loss, global_step=step, var_list=var_list)


def log(x):
    return tf.log(tf.maximum(x, 1e-5))


with tf.variable_scope('G'):
    z = tf.placeholder(tf.float32, shape=(BATCH, 1))
    G = generator(z, HIDDEN)

x = tf.placeholder(tf.float32, shape=(BATCH, 1))
with tf.variable_scope('D'):
    D1 = discriminator(x, HIDDEN)
with tf.variable_scope('D', reuse=True):
    D2 = discriminator(G, HIDDEN)

loss_d = tf.reduce_mean(-log(D1) - log(1 - D2))
loss_g = tf.reduce_mean(-log(D2))

vars = tf.trainable_variables()
d_params = [v for v in vars if v.name.startswith('D/')]
g_params = [v for v in vars if v.name.startswith('G/')]

opt_d = optimizer(loss_d, d_params)
opt_g = optimizer(loss_g, g_params)

with tf.Session() as session:
    tf.local_variables_initializer().run()
    tf.global_variables_initializer().run()
    for step in range(STEPS):
        loss_d_value, _ = session.run([loss_d, opt_d], {x: sample(BATCH), z: noise(BATCH)})
        loss_g_value, _ = session.run([loss_g, opt_g], {z: noise(BATCH)})
        if step % 3 == 0:
            print('{}: {:.4f}\t{:.4f}'.format(step, loss_d_value, loss_g_value))
    print(session.run(G, {z: noise(BATCH)}).mean())
