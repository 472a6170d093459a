"""A GAN of plain variables: weights made by helper functions, theta lists, clipped critic, noise by host."""
import numpy as np
import tensorflow as tf

np.random.seed(12)
mb_size, X_dim, z_dim, h_dim = 16, 10, 4, 12


def xavier_init(size):
    in_dim = size[0]
    xavier_stddev = 1. / tf.sqrt(in_dim / 2.)
    return tf.random.normal(shape=size, stddev=xavier_stddev)


def make_layer(n_in, n_out):
    return tf.Variable(xavier_init([n_in, n_out])), tf.Variable(tf.zeros(shape=[n_out]))


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


@tf.function(input_signature=[tf.TensorSpec([None, z_dim], tf.float32)])
def compute_g_sample(z):
    G_sample = generator(z)
    return G_sample


optimizer = tf.keras.optimizers.Adam(1e-3, beta_1=0.5, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, X_dim], tf.float32),
    tf.TensorSpec([None, z_dim], tf.float32),
])
def train_step(X, z):
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner_tape:
            inner_tape.watch(X)
            G_sample = generator(z)
            D_real = discriminator(X)
            D_fake = discriminator(G_sample)
            D_loss = tf.reduce_mean(tf.square(D_real - 1)) * 0.5 + 0.5 * tf.reduce_mean(tf.square(D_fake))
            loss = discriminator(X)
        grad = [inner_tape.gradient(loss, X)][0]
        grad_norm = tf.norm(grad + 1e-8, axis=1)
        D_loss_gp = D_loss + 10 * tf.reduce_mean(tf.square(grad_norm - 1.))
    D_solver_gradients = tape.gradient(D_loss_gp, theta_D)
    optimizer.apply_gradients(zip(D_solver_gradients, theta_D))
    return D_loss_gp


optimizer_2 = tf.keras.optimizers.Adam(1e-3, beta_1=0.5, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, z_dim], tf.float32)])
def train_step_2(z):
    with tf.GradientTape() as tape:
        G_sample = generator(z)
        D_fake = discriminator(G_sample)
        G_loss = 0.5 * tf.reduce_mean(tf.square(D_fake - 1))
    gradients = tape.gradient(G_loss, theta_G)
    optimizer_2.apply_gradients(zip(gradients, theta_G))
    return G_loss


for it in range(9):
    X_mb = np.random.rand(mb_size, X_dim) ** 2
    z_mb = sample_z(mb_size, z_dim)
    D_loss_curr = train_step(X=X_mb, z=z_mb).numpy()
    G_loss_curr = train_step_2(z=sample_z(mb_size, z_dim)).numpy()
    if it % 3 == 0:
        print('Iter: {}; D loss: {:.4}; G_loss: {:.4}'.format(it, D_loss_curr, G_loss_curr))
        samples = compute_g_sample(z=sample_z(4, z_dim)).numpy()
        print(samples.mean())
