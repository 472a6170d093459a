""" Auto encoder: squeezes waves of 32 samples into 4 numbers, with encoder()
and decoder() as functions over dicts of weights.
"""
from __future__ import division, print_function, absolute_import

import numpy as np
import tensorflow as tf

# sine waves of different frequency and phase, scaled to [0, 1]
t = np.linspace(0, 1, 32)
waves = np.array([0.5 + 0.5 * np.sin(2 * np.pi * (f * t + ph))
                  for f in (1, 2, 3) for ph in np.arange(0, 1, 0.05)])
order = np.random.RandomState(0).permutation(len(waves))
waves = waves[order]

# Training Parameters
learning_rate = 0.01
num_steps = 24
batch_size = 20

display_step = 6

# Network Parameters
num_hidden_1 = 16 # 1st layer num features
num_hidden_2 = 4 # 2nd layer num features (the latent dim)
num_input = 32

# tf Graph input (only waves)
X = tf.placeholder("float", [None, num_input])

weights = {
    'encoder_h1': tf.Variable(tf.random_normal([num_input, num_hidden_1])),
    'encoder_h2': tf.Variable(tf.random_normal([num_hidden_1, num_hidden_2])),
    'decoder_h1': tf.Variable(tf.random_normal([num_hidden_2, num_hidden_1])),
    'decoder_h2': tf.Variable(tf.random_normal([num_hidden_1, num_input])),
}
biases = {
    'encoder_b1': tf.Variable(tf.random_normal([num_hidden_1])),
    'encoder_b2': tf.Variable(tf.random_normal([num_hidden_2])),
    'decoder_b1': tf.Variable(tf.random_normal([num_hidden_1])),
    'decoder_b2': tf.Variable(tf.random_normal([num_input])),
}

# Building the encoder
def encoder(x):
    # Encoder Hidden layer with sigmoid activation #1
    layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, weights['encoder_h1']),
                                   biases['encoder_b1']))
    # Encoder Hidden layer with sigmoid activation #2
    layer_2 = tf.nn.sigmoid(tf.add(tf.matmul(layer_1, weights['encoder_h2']),
                                   biases['encoder_b2']))
    return layer_2


# Building the decoder
def decoder(x):
    layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, weights['decoder_h1']),
                                   biases['decoder_b1']))
    layer_2 = tf.nn.sigmoid(tf.add(tf.matmul(layer_1, weights['decoder_h2']),
                                   biases['decoder_b2']))
    return layer_2

# Construct model
encoder_op = encoder(X)
decoder_op = decoder(encoder_op)

# Prediction
y_pred = decoder_op
# Targets (Labels) are the input data.
y_true = X

# Define loss and optimizer, minimize the squared error
loss = tf.reduce_mean(tf.pow(y_true - y_pred, 2))
optimizer = tf.train.RMSPropOptimizer(learning_rate).minimize(loss)

# Initialize the variables (i.e. assign their default value)
init = tf.global_variables_initializer()

# Start a new TF session, without "with"
sess = tf.Session()
sess.run(init)

# Training
for i in range(1, num_steps+1):
    k = (i - 1) % 3
    batch_x = waves[k * batch_size:(k + 1) * batch_size]

    # Run optimization op (backprop) and cost op (to get loss value)
    _, l = sess.run([optimizer, loss], feed_dict={X: batch_x})
    # Display logs per step
    if i % display_step == 0 or i == 1:
        print('Step %i: Minibatch Loss: %f' % (i, l))

# Testing: codes, and the waves that come back
codes = sess.run(encoder_op, feed_dict={X: waves[:2]})
print('Codes:', ['%.4f' % v for v in codes.ravel()])
back = sess.run(decoder_op, feed_dict={X: waves[:5]})
print('Mean error: %.5f' % np.abs(back - waves[:5]).mean())
# decode a code of our own: the middle tensor is fed
mine = sess.run(decoder_op, feed_dict={encoder_op: [[0.1, 0.9, 0.5, 0.5]]})
print('Decoded: %.5f %.5f' % (mine[0, 0], mine.sum()))
sess.close()
