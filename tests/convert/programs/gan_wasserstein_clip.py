"""A Wasserstein GAN: the critic is trained several times, its weights are clipped."""
import numpy as np
import tensorflow as tf

mb_size, X_dim, z_dim, h_dim = 16, 4, 2, 12
rng = np.random.RandomState(47)
mixing = rng.randn(2, 4)


def next_real(n):
    return np.tanh(rng.randn(n, 2).dot(mixing))


def xavier_init(size):
    in_dim = size[0]
    xavier_stddev = 1. / tf.sqrt(in_dim / 2.)
    return tf.random_normal(shape=size, stddev=xavier_stddev)


X = tf.placeholder(tf.float32, shape=[None, X_dim])
z = tf.placeholder(tf.float32, shape=[None, z_dim])

D_W1 = tf.Variable(xavier_init([X_dim, h_dim]))
D_b1 = tf.Variable(tf.zeros(shape=[h_dim]))
D_W2 = tf.Variable(xavier_init([h_dim, 1]))
D_b2 = tf.Variable(tf.zeros(shape=[1]))
theta_D = [D_W1, D_W2, D_b1, D_b2]

G_W1 = tf.Variable(xavier_init([z_dim, h_dim]))
G_b1 = tf.Variable(tf.zeros(shape=[h_dim]))
G_W2 = tf.Variable(xavier_init([h_dim, X_dim]))
G_b2 = tf.Variable(tf.zeros(shape=[X_dim]))
theta_G = [G_W1, G_W2, G_b1, G_b2]


def sample_z(m, n):
    return rng.uniform(-1., 1., size=[m, n])


def generator(z):
    G_h1 = tf.nn.relu(tf.matmul(z, G_W1) + G_b1)
    return tf.nn.tanh(tf.matmul(G_h1, G_W2) + G_b2)


def discriminator(x):
    D_h1 = tf.nn.relu(tf.matmul(x, D_W1) + D_b1)
    return tf.matmul(D_h1, D_W2) + D_b2


G_sample = generator(z)
D_real = discriminator(X)
D_fake = discriminator(G_sample)
D_loss = tf.reduce_mean(D_real) - tf.reduce_mean(D_fake)
G_loss = -tf.reduce_mean(D_fake)

D_solver = (tf.train.RMSPropOptimizer(learning_rate=1e-3)
            .minimize(-D_loss, var_list=theta_D))
G_solver = (tf.train.RMSPropOptimizer(learning_rate=1e-3)
            .minimize(G_loss, var_list=theta_G))
clip_D = [p.assign(tf.clip_by_value(p, -0.1, 0.1)) for p in theta_D]

sess = tf.Session()
sess.run(tf.global_variables_initializer())

for it in range(10):
    for _ in range(3):
        X_mb = next_real(mb_size)
        _, D_loss_curr = sess.run([D_solver, D_loss], feed_dict={X: X_mb, z: sample_z(mb_size, z_dim)})
        sess.run(clip_D)
    _, G_loss_curr = sess.run([G_solver, G_loss], feed_dict={z: sample_z(mb_size, z_dim)})
    if it % 3 == 0:
        print('Iter: {}; D loss: {:.5}; G_loss: {:.5}'.format(it, D_loss_curr, G_loss_curr))

samples = sess.run(G_sample, feed_dict={z: [[0.5, -0.5], [0.0, 0.0]]})
for s in samples:
    print(' '.join('%.5f' % v for v in s))
print('largest weight of the critic: %.3f' % max(np.abs(v).max() for v in sess.run(theta_D)))
