"""A VAE with encoder and decoder functions; the decoder is built again for samples."""
import numpy as np
import tensorflow as tf

np.random.seed(3)
data = (np.random.rand(64, 12) < np.linspace(0.1, 0.9, 12)).astype(np.float32)
n_hidden, n_z = 10, 2


def encoder(x, n_hidden, n_output, keep_prob):
    with tf.variable_scope("encoder"):
        w_init = tf.contrib.layers.variance_scaling_initializer()
        b_init = tf.constant_initializer(0.)
        w0 = tf.get_variable('w0', [x.get_shape()[1], n_hidden], initializer=w_init)
        b0 = tf.get_variable('b0', [n_hidden], initializer=b_init)
        h0 = tf.nn.elu(tf.matmul(x, w0) + b0)
        h0 = tf.nn.dropout(h0, keep_prob)
        wo = tf.get_variable('wo', [h0.get_shape()[1], n_output * 2], initializer=w_init)
        bo = tf.get_variable('bo', [n_output * 2], initializer=b_init)
        params = tf.matmul(h0, wo) + bo
        mean = params[:, :n_output]
        stddev = 1e-6 + tf.nn.softplus(params[:, n_output:])
    return mean, stddev


def decoder(z, n_hidden, n_output, keep_prob, reuse=False):
    with tf.variable_scope("decoder", reuse=reuse):
        w_init = tf.contrib.layers.variance_scaling_initializer()
        w0 = tf.get_variable('w0', [z.get_shape()[1], n_hidden], initializer=w_init)
        b0 = tf.get_variable('b0', [n_hidden], initializer=tf.constant_initializer(0.))
        h0 = tf.nn.dropout(tf.nn.tanh(tf.matmul(z, w0) + b0), keep_prob)
        wo = tf.get_variable('wo', [n_hidden, n_output], initializer=w_init)
        bo = tf.get_variable('bo', [n_output], initializer=tf.constant_initializer(0.))
        y = tf.sigmoid(tf.matmul(h0, wo) + bo)
    return y


def autoencoder(x_hat, x, dim_img, dim_z, n_hidden, keep_prob):
    mu, sigma = encoder(x_hat, n_hidden, dim_z, keep_prob)
    z = mu + sigma * tf.random_normal(tf.shape(mu), 0, 1, dtype=tf.float32)
    y = decoder(z, n_hidden, dim_img, keep_prob)
    y = tf.clip_by_value(y, 1e-8, 1 - 1e-8)
    marginal_likelihood = tf.reduce_sum(x * tf.log(y) + (1 - x) * tf.log(1 - y), 1)
    KL_divergence = 0.5 * tf.reduce_sum(tf.square(mu) + tf.square(sigma) - tf.log(1e-8 + tf.square(sigma)) - 1, 1)
    marginal_likelihood = tf.reduce_mean(marginal_likelihood)
    KL_divergence = tf.reduce_mean(KL_divergence)
    ELBO = marginal_likelihood - KL_divergence
    loss = -ELBO
    return y, z, loss, -marginal_likelihood, KL_divergence


x_hat = tf.placeholder(tf.float32, shape=[None, 12], name='input_img')
x = tf.placeholder(tf.float32, shape=[None, 12], name='target_img')
keep_prob = tf.placeholder(tf.float32, name='keep_prob')
z_in = tf.placeholder(tf.float32, shape=[None, n_z], name='latent_variable')

y, z, loss, neg_marginal_likelihood, KL_divergence = autoencoder(x_hat, x, 12, n_z, n_hidden, keep_prob)
decoded = decoder(z_in, n_hidden, 12, keep_prob, reuse=True)
train_op = tf.train.AdamOptimizer(1e-2).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer(), feed_dict={keep_prob: 0.9})
    for epoch in range(4):
        np.random.shuffle(data)
        for i in range(0, 64, 16):
            batch = data[i:i + 16]
            _, tot_loss, loss_likelihood, loss_divergence = sess.run(
                (train_op, loss, neg_marginal_likelihood, KL_divergence),
                feed_dict={x_hat: batch, x: batch, keep_prob: 0.9})
        print("epoch %d: L_tot %03.4f L_likelihood %03.4f L_divergence %03.4f" % (
            epoch, tot_loss, loss_likelihood, loss_divergence))
    grid = sess.run(decoded, feed_dict={z_in: np.eye(2), keep_prob: 1})
    print('decoded', grid.shape, grid.sum())
