"""A GAN of dense layers: two losses, two optimizers, two runs a step."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
noise_dim = 100
rs = np.random.RandomState(6)
images = rs.rand(20, batch_size, 784).astype(np.float32)
noise = rs.uniform(-1., 1., (20, batch_size, noise_dim)).astype(np.float32)


def glorot_init(shape):
    return tf.random_normal(shape=shape, stddev=1. / tf.sqrt(shape[0] / 2.))


weights = {
    'gen_hidden1': tf.Variable(glorot_init([noise_dim, 256])),
    'gen_out': tf.Variable(glorot_init([256, 784])),
    'disc_hidden1': tf.Variable(glorot_init([784, 256])),
    'disc_out': tf.Variable(glorot_init([256, 1])),
}
biases = {
    'gen_hidden1': tf.Variable(tf.zeros([256])),
    'gen_out': tf.Variable(tf.zeros([784])),
    'disc_hidden1': tf.Variable(tf.zeros([256])),
    'disc_out': tf.Variable(tf.zeros([1])),
}


def generator(x):
    hidden = tf.nn.relu(tf.matmul(x, weights['gen_hidden1']) + biases['gen_hidden1'])
    return tf.nn.sigmoid(tf.matmul(hidden, weights['gen_out']) + biases['gen_out'])


def discriminator(x):
    hidden = tf.nn.relu(tf.matmul(x, weights['disc_hidden1']) + biases['disc_hidden1'])
    return tf.nn.sigmoid(tf.matmul(hidden, weights['disc_out']) + biases['disc_out'])


gen_input = tf.placeholder(tf.float32, shape=[None, noise_dim], name='input_noise')
disc_input = tf.placeholder(tf.float32, shape=[None, 784], name='disc_input')

gen_sample = generator(gen_input)
disc_real = discriminator(disc_input)
disc_fake = discriminator(gen_sample)

gen_loss = -tf.reduce_mean(tf.log(disc_fake))
disc_loss = -tf.reduce_mean(tf.log(disc_real) + tf.log(1. - disc_fake))

gen_vars = [weights['gen_hidden1'], weights['gen_out'], biases['gen_hidden1'], biases['gen_out']]
disc_vars = [weights['disc_hidden1'], weights['disc_out'], biases['disc_hidden1'], biases['disc_out']]
train_gen = tf.train.AdamOptimizer(learning_rate=0.0002).minimize(gen_loss, var_list=gen_vars)
train_disc = tf.train.AdamOptimizer(learning_rate=0.0002).minimize(disc_loss, var_list=disc_vars)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(steps):
        batch_x, z = images[i % 20], noise[i % 20]
        _, dl = sess.run([train_disc, disc_loss], feed_dict={disc_input: batch_x, gen_input: z})
        _, gl = sess.run([train_gen, gen_loss], feed_dict={gen_input: z})
    print('generator %.4f, discriminator %.4f' % (gl, dl))
