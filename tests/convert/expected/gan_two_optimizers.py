""" A small GAN over points on a parabola: two losses, two optimizers,
each with its own list of variables.
"""
from __future__ import division, print_function, absolute_import

import numpy as np
import tensorflow as tf

np.random.seed(17)

# Training Params
num_steps = 12
batch_size = 24
learning_rate = 0.002

# Network Params
point_dim = 10
gen_hidden_dim = 14
disc_hidden_dim = 14
noise_dim = 5 # Noise data points

grid = np.linspace(-1, 1, point_dim)


def real_points(n):
    a = np.random.uniform(0.5, 1, size=(n, 1))
    return a * grid ** 2


# A custom initialization (see Xavier Glorot init)
def glorot_init(shape):
    return tf.random.normal(shape=shape, stddev=1. / tf.sqrt(shape[0] / 2.))

# Store layers weight & bias
weights = {
    'gen_hidden1': tf.Variable(glorot_init([noise_dim, gen_hidden_dim])),
    'gen_out': tf.Variable(glorot_init([gen_hidden_dim, point_dim])),
    'disc_hidden1': tf.Variable(glorot_init([point_dim, disc_hidden_dim])),
    'disc_out': tf.Variable(glorot_init([disc_hidden_dim, 1])),
}
biases = {
    'gen_hidden1': tf.Variable(tf.zeros([gen_hidden_dim])),
    'gen_out': tf.Variable(tf.zeros([point_dim])),
    'disc_hidden1': tf.Variable(tf.zeros([disc_hidden_dim])),
    'disc_out': tf.Variable(tf.zeros([1])),
}


# Generator
def generator(x):
    hidden_layer = tf.matmul(x, weights['gen_hidden1'])
    hidden_layer = tf.add(hidden_layer, biases['gen_hidden1'])
    hidden_layer = tf.nn.relu(hidden_layer)
    out_layer = tf.matmul(hidden_layer, weights['gen_out'])
    out_layer = tf.add(out_layer, biases['gen_out'])
    out_layer = tf.nn.sigmoid(out_layer)
    return out_layer


# Discriminator
def discriminator(x):
    hidden_layer = tf.matmul(x, weights['disc_hidden1'])
    hidden_layer = tf.add(hidden_layer, biases['disc_hidden1'])
    hidden_layer = tf.nn.relu(hidden_layer)
    out_layer = tf.matmul(hidden_layer, weights['disc_out'])
    out_layer = tf.add(out_layer, biases['disc_out'])
    out_layer = tf.nn.sigmoid(out_layer)
    return out_layer


@tf.function(input_signature=[tf.TensorSpec([None, noise_dim], tf.float32)])
def compute_gen_sample(gen_input):
    # Build Generator Network
    gen_sample = generator(gen_input)
    return [gen_sample]


# Build Optimizers
optimizer_gen = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)
optimizer_disc = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)

# Training Variables for each optimizer
gen_vars = [weights['gen_hidden1'], weights['gen_out'],
            biases['gen_hidden1'], biases['gen_out']]
disc_vars = [weights['disc_hidden1'], weights['disc_out'],
             biases['disc_hidden1'], biases['disc_out']]


@tf.function(input_signature=[tf.TensorSpec([None, noise_dim], tf.float32)])
def train_step_2(gen_input):
    with tf.GradientTape() as tape:
        # Build Generator Network
        gen_sample = generator(gen_input)
        disc_fake = discriminator(gen_sample)
        # Build Loss
        gen_loss = -tf.reduce_mean(tf.math.log(disc_fake))
    # Create training operations
    gradients = tape.gradient(gen_loss, gen_vars)
    optimizer_gen.apply_gradients(zip(gradients, gen_vars))
    return gen_loss


@tf.function(input_signature=[
    tf.TensorSpec([None, point_dim], tf.float32),
    tf.TensorSpec([None, noise_dim], tf.float32),
])
def train_step(disc_input, gen_input):
    with tf.GradientTape() as tape:
        # Build Generator Network
        gen_sample = generator(gen_input)
        # Build 2 Discriminator Networks (one from noise input, one from generated samples)
        disc_real = discriminator(disc_input)
        disc_fake = discriminator(gen_sample)
        disc_loss = -tf.reduce_mean(tf.math.log(disc_real) + tf.math.log(1. - disc_fake))
    gradients = tape.gradient(disc_loss, disc_vars)
    optimizer_disc.apply_gradients(zip(gradients, disc_vars))
    return disc_loss


# Start training

for i in range(1, num_steps+1):
    batch_x = real_points(batch_size)
    # Generate noise to feed to the generator
    z = np.random.uniform(-1., 1., size=[batch_size, noise_dim])

    # Train the discriminator, then the generator
    dl = train_step(disc_input=batch_x, gen_input=z).numpy()
    gl = train_step_2(gen_input=z).numpy()
    if i % 4 == 0 or i == 1:
        print('Step %i: Generator Loss: %f, Discriminator Loss: %f' % (i, gl, dl))

# Generate curves from noise, using the generator network.
z = np.random.uniform(-1., 1., size=[3, noise_dim])
g = [value.numpy() for value in compute_gen_sample(gen_input=z)]
for curve in g[0]:
    print(' '.join('%.4f' % v for v in curve))
