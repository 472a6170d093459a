"""WGAN-GP: the critic's gradient penalty, variables told apart by their names."""
import numpy as np
import tensorflow as tf

np.random.seed(4)
BATCH, Z_DIM, X_DIM, LAMBDA, CRITIC_ITERS = 16, 4, 6, 10.0, 2


def generator(z, reuse=False):
    with tf.variable_scope('generator', reuse=reuse):
        h = tf.layers.dense(z, 16, activation=tf.nn.relu, name='fc1')
        h = tf.layers.dense(h, 16, activation=tf.nn.relu, name='fc2')
        return tf.layers.dense(h, X_DIM, name='out')


def critic(x, reuse=False):
    with tf.variable_scope('critic', reuse=reuse):
        h = tf.layers.dense(x, 16, activation=tf.nn.leaky_relu, name='fc1')
        h = tf.layers.dense(h, 16, activation=tf.nn.leaky_relu, name='fc2')
        return tf.layers.dense(h, 1, name='out')


def sample_data(n):
    a = np.random.randn(n, 1)
    return np.tanh(a * np.arange(1, X_DIM + 1)).astype(np.float32)


real = tf.placeholder(tf.float32, [None, X_DIM], name='real')
z = tf.placeholder(tf.float32, [None, Z_DIM], name='z')
alpha = tf.placeholder(tf.float32, [None, 1], name='alpha')

fake = generator(z)
d_real = critic(real)
d_fake = critic(fake, reuse=True)

d_loss = tf.reduce_mean(d_fake) - tf.reduce_mean(d_real)
g_loss = -tf.reduce_mean(d_fake)

# gradient penalty
interpolates = real + alpha * (fake - real)
gradients = tf.gradients(critic(interpolates, reuse=True), [interpolates])[0]
slopes = tf.sqrt(tf.reduce_sum(tf.square(gradients), axis=1) + 1e-8)
penalty = tf.reduce_mean((slopes - 1.0) ** 2)
d_loss += LAMBDA * penalty

t_vars = tf.trainable_variables()
g_vars = [v for v in t_vars if v.name.startswith('generator')]
d_vars = [v for v in t_vars if v.name.startswith('critic')]

d_opt = tf.train.AdamOptimizer(1e-3, beta1=0.5, beta2=0.9).minimize(d_loss, var_list=d_vars)
g_opt = tf.train.AdamOptimizer(1e-3, beta1=0.5, beta2=0.9).minimize(g_loss, var_list=g_vars)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(6):
        for _ in range(CRITIC_ITERS):
            feed = {real: sample_data(BATCH), z: np.random.randn(BATCH, Z_DIM),
                    alpha: np.random.uniform(size=(BATCH, 1))}
            _, dl, gp = sess.run([d_opt, d_loss, penalty], feed_dict=feed)
        _, gl = sess.run([g_opt, g_loss], feed_dict={z: np.random.randn(BATCH, Z_DIM)})
        print('step %d  d_loss %.5f  penalty %.5f  g_loss %.5f' % (step, dl, gp, gl))
    print('samples', sess.run(fake, {z: np.ones((2, Z_DIM))}).sum())
