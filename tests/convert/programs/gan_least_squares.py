"""A GAN of plain variables: weights made by helper functions, theta lists, clipped critic, noise by host."""
import numpy as np
import tensorflow as tf

np.random.seed(12)
mb_size, X_dim, z_dim, h_dim = 16, 10, 4, 12


def xavier_init(size):
    in_dim = size[0]
    xavier_stddev = 1. / tf.sqrt(in_dim / 2.)
    return tf.random_normal(shape=size, stddev=xavier_stddev)


def make_layer(n_in, n_out):
    return tf.Variable(xavier_init([n_in, n_out])), tf.Variable(tf.zeros(shape=[n_out]))


X = tf.placeholder(tf.float32, shape=[None, X_dim])
z = tf.placeholder(tf.float32, shape=[None, z_dim])

D_W1, D_b1 = make_layer(X_dim, h_dim)
D_W2, D_b2 = make_layer(h_dim, 1)
theta_D = [D_W1, D_W2, D_b1, D_b2]

G_W1, G_b1 = make_layer(z_dim, h_dim)
G_W2, G_b2 = make_layer(h_dim, X_dim)
theta_G = [G_W1, G_W2, G_b1, G_b2]


def sample_z(m, n):
    return np.random.uniform(-1., 1., size=[m, n])


def generator(z):
    G_h1 = tf.nn.relu(tf.matmul(z, G_W1) + G_b1)
    return tf.nn.sigmoid(tf.matmul(G_h1, G_W2) + G_b2)


def discriminator(x):
    D_h1 = tf.nn.relu(tf.matmul(x, D_W1) + D_b1)
    return tf.matmul(D_h1, D_W2) + D_b2


G_sample = generator(z)
D_real = discriminator(X)
D_fake = discriminator(G_sample)
D_loss = tf.reduce_mean(tf.square(D_real - 1)) * 0.5 + 0.5 * tf.reduce_mean(tf.square(D_fake))
G_loss = 0.5 * tf.reduce_mean(tf.square(D_fake - 1))

grad = tf.gradients(discriminator(X), X)[0]
grad_norm = tf.norm(grad + 1e-8, axis=1)
D_loss_gp = D_loss + 10 * tf.reduce_mean(tf.square(grad_norm - 1.))

D_solver = (tf.train.AdamOptimizer(learning_rate=1e-3, beta1=0.5)
            .minimize(D_loss_gp, var_list=theta_D))
G_solver = (tf.train.AdamOptimizer(learning_rate=1e-3, beta1=0.5)
            .minimize(G_loss, var_list=theta_G))

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for it in range(9):
    X_mb = np.random.rand(mb_size, X_dim) ** 2
    z_mb = sample_z(mb_size, z_dim)
    _, D_loss_curr = sess.run([D_solver, D_loss_gp], feed_dict={X: X_mb, z: z_mb})
    _, G_loss_curr = sess.run([G_solver, G_loss], feed_dict={z: sample_z(mb_size, z_dim)})
    if it % 3 == 0:
        print('Iter: {}; D loss: {:.4}; G_loss: {:.4}'.format(it, D_loss_curr, G_loss_curr))
        samples = sess.run(G_sample, feed_dict={z: sample_z(4, z_dim)})
        print(samples.mean())
