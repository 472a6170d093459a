"""A DCGAN in miniature: transposed convolutions, reuse by a flag, labels of ones and
zeros, a leaky ReLU, batch normalization with update ops of each scope."""
import numpy as np
import tensorflow as tf

np.random.seed(25)
batch_size, noise_dim, steps = 8, 6, 4


def real_batch(n):
    im = np.zeros((n, 8, 8, 1))
    for k in range(n):
        r, c = np.random.randint(0, 4, 2)
        im[k, r:r + 4, c:c + 4] = 1.0
    return im * 2 - 1


def leaky_relu(v, leak=0.2):
    return tf.maximum(v, leak * v)


def generator(z, training, reuse=False):
    with tf.variable_scope('Generator', reuse=reuse):
        g = tf.layers.dense(z, units=2 * 2 * 8)
        g = tf.reshape(g, shape=[-1, 2, 2, 8])
        g = tf.layers.conv2d_transpose(g, 6, 3, strides=2, padding='same', use_bias=False)
        g = tf.layers.batch_normalization(g, training=training)
        g = tf.nn.relu(g)
        g = tf.layers.conv2d_transpose(g, 1, 3, strides=2, padding='same')
        return tf.tanh(g)


def discriminator(im, training, reuse=False):
    with tf.variable_scope('Discriminator', reuse=reuse):
        d = tf.layers.conv2d(im, 6, 3, strides=2, padding='same')
        d = leaky_relu(d)
        d = tf.layers.conv2d(d, 8, 3, strides=2, padding='same', use_bias=False)
        d = leaky_relu(tf.layers.batch_normalization(d, training=training))
        d = tf.layers.flatten(d)
        return tf.layers.dense(d, 2)


noise_input = tf.placeholder(tf.float32, [None, noise_dim])
real_input = tf.placeholder(tf.float32, [None, 8, 8, 1])
is_training = tf.placeholder(tf.bool)

fake = generator(noise_input, is_training)
disc_real = discriminator(real_input, is_training)
disc_fake = discriminator(fake, is_training, reuse=True)

ones = tf.ones([batch_size], dtype=tf.int32)
zeros = tf.zeros([batch_size], dtype=tf.int32)
disc_loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=disc_real, labels=ones)) + \
    tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=disc_fake, labels=zeros))
gen_loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=disc_fake, labels=ones))

gen_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='Generator')
disc_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='Discriminator')
gen_update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope='Generator')
disc_update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope='Discriminator')
# the discriminator of the fake images adds its own two
print(len(gen_vars), len(disc_vars), len(gen_update_ops), len(disc_update_ops))

optimizer_gen = tf.train.AdamOptimizer(learning_rate=0.005, beta1=0.5, beta2=0.999)
optimizer_disc = tf.train.AdamOptimizer(learning_rate=0.005, beta1=0.5, beta2=0.999)
with tf.control_dependencies(gen_update_ops):
    train_gen = optimizer_gen.minimize(gen_loss, var_list=gen_vars)
# only the updates by the real images
with tf.control_dependencies(disc_update_ops[:2]):
    train_disc = optimizer_disc.minimize(disc_loss, var_list=disc_vars)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(1, steps + 1):
        batch = real_batch(batch_size)
        z = np.random.uniform(-1., 1., size=[batch_size, noise_dim])
        _, dl = sess.run([train_disc, disc_loss], feed_dict={real_input: batch, noise_input: z, is_training: True})
        z = np.random.uniform(-1., 1., size=[batch_size, noise_dim])
        _, gl = sess.run([train_gen, gen_loss], feed_dict={noise_input: z, is_training: True})
        print('Step %i: Generator Loss: %.5f, Discriminator Loss: %.5f' % (i, gl, dl))
    g = sess.run(fake, feed_dict={noise_input: np.ones((2, noise_dim)), is_training: False})
    print('images %.5f %.5f' % (g.mean(), g.std()))
    for v in tf.global_variables():
        if 'moving_mean' in v.name:
            print(v.op.name, '%.5f' % sess.run(v).sum())
