"""A variational autoencoder: noise is drawn inside the graph at every run; the
decoder is used alone through a second placeholder."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(28)
image_dim, hidden_dim, latent_dim = 16, 10, 2
learning_rate, num_steps, batch_size = 0.01, 18, 20

# bars of light on 16 pixels
data = np.zeros((60, image_dim))
for k in range(60):
    c = rs.randint(2, 13)
    data[k, c - 2:c + 3] = [0.3, 0.7, 1.0, 0.7, 0.3]


def glorot_init(shape):
    return tf.random_normal(shape=shape, stddev=1. / tf.sqrt(shape[0] / 2.))


weights = {
    'encoder_h1': tf.Variable(glorot_init([image_dim, hidden_dim])),
    'z_mean': tf.Variable(glorot_init([hidden_dim, latent_dim])),
    'z_std': tf.Variable(glorot_init([hidden_dim, latent_dim])),
    'decoder_h1': tf.Variable(glorot_init([latent_dim, hidden_dim])),
    'decoder_out': tf.Variable(glorot_init([hidden_dim, image_dim]))
}
biases = {
    'encoder_b1': tf.Variable(glorot_init([hidden_dim])),
    'z_mean': tf.Variable(glorot_init([latent_dim])),
    'z_std': tf.Variable(glorot_init([latent_dim])),
    'decoder_b1': tf.Variable(glorot_init([hidden_dim])),
    'decoder_out': tf.Variable(glorot_init([image_dim]))
}

# Building the encoder
input_image = tf.placeholder(tf.float32, shape=[None, image_dim])
encoder = tf.nn.tanh(tf.matmul(input_image, weights['encoder_h1']) + biases['encoder_b1'])
z_mean = tf.matmul(encoder, weights['z_mean']) + biases['z_mean']
z_std = tf.matmul(encoder, weights['z_std']) + biases['z_std']

# Sampler: Normal (gaussian) random distribution
eps = tf.random_normal(tf.shape(z_std), dtype=tf.float32, mean=0., stddev=1.0, name='epsilon')
# z = u + e^(std/2) * eps
z = z_mean + tf.exp(z_std / 2) * eps

# Building the decoder
decoder = tf.nn.tanh(tf.matmul(z, weights['decoder_h1']) + biases['decoder_b1'])
decoder = tf.nn.sigmoid(tf.matmul(decoder, weights['decoder_out']) + biases['decoder_out'])


# Define VAE Loss
def vae_loss(x_reconstructed, x_true):
    encode_decode_loss = x_true * tf.log(1e-10 + x_reconstructed) \
                         + (1 - x_true) * tf.log(1e-10 + 1 - x_reconstructed)
    encode_decode_loss = -tf.reduce_sum(encode_decode_loss, 1)
    kl_div_loss = 1 + z_std - tf.square(z_mean) - tf.exp(z_std)
    kl_div_loss = -0.5 * tf.reduce_sum(kl_div_loss, 1)
    return tf.reduce_mean(encode_decode_loss + kl_div_loss)


loss_op = vae_loss(decoder, input_image)
optimizer = tf.train.RMSPropOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for i in range(1, num_steps + 1):
    batch_x = data[(i % 3) * batch_size:(i % 3 + 1) * batch_size]
    _, l = sess.run([train_op, loss_op], feed_dict={input_image: batch_x})
    if i % 6 == 0 or i == 1:
        print('Step %i, Loss: %f' % (i, l))

# Generator takes noise as input; the name decoder is bound anew
noise_input = tf.placeholder(tf.float32, shape=[None, latent_dim])
decoder = tf.nn.tanh(tf.matmul(noise_input, weights['decoder_h1']) + biases['decoder_b1'])
decoder = tf.nn.sigmoid(tf.matmul(decoder, weights['decoder_out']) + biases['decoder_out'])

for a in (-1.0, 0.0, 1.0):
    x_mean = sess.run(decoder, feed_dict={noise_input: [[a, 0.5]]})
    print('%+.1f: %.5f %.5f' % (a, x_mean[0].sum(), x_mean[0].max()))
