"""A denoising autoencoder with tied weights, in a function that returns a dict of tensors."""
import math

import numpy as np
import tensorflow as tf


def corrupt(x):
    """Set a part of the input to zero."""
    return tf.multiply(x, tf.cast(tf.random_uniform(shape=tf.shape(x), minval=0, maxval=2, dtype=tf.int32),
                                  tf.float32))


def autoencoder(dimensions=[16, 8, 3]):
    x = tf.placeholder(tf.float32, [None, dimensions[0]], name='x')

    # 1 to corrupt the input, 0 not to
    corrupt_prob = tf.placeholder(tf.float32, [1])
    current_input = corrupt(x) * corrupt_prob + x * (1 - corrupt_prob)

    # Build the encoder
    encoder = []
    for layer_i, n_output in enumerate(dimensions[1:]):
        n_input = int(current_input.get_shape()[1])
        W = tf.Variable(tf.random_uniform([n_input, n_output], -1.0 / math.sqrt(n_input), 1.0 / math.sqrt(n_input)))
        b = tf.Variable(tf.zeros([n_output]))
        encoder.append(W)
        output = tf.nn.tanh(tf.matmul(current_input, W) + b)
        current_input = output
    # latent representation
    z = current_input
    encoder.reverse()
    # Build the decoder using the same weights
    for layer_i, n_output in enumerate(dimensions[:-1][::-1]):
        W = tf.transpose(encoder[layer_i])
        b = tf.Variable(tf.zeros([n_output]))
        output = tf.nn.tanh(tf.matmul(current_input, W) + b)
        current_input = output
    # now have the reconstruction through the network
    y = current_input
    cost = tf.sqrt(tf.reduce_mean(tf.square(y - x)))
    return {'x': x, 'z': z, 'y': y, 'corrupt_prob': corrupt_prob, 'cost': cost}


def test():
    rs = np.random.RandomState(6)
    base = rs.randn(3, 16)
    data = np.tanh(rs.randn(80, 3).dot(base))
    mean = data.mean(axis=0)

    ae = autoencoder(dimensions=[16, 10, 4])
    optimizer = tf.train.AdamOptimizer(0.01).minimize(ae['cost'])

    sess = tf.Session()
    sess.run(tf.global_variables_initializer())

    batch_size = 20
    for epoch_i in range(5):
        for batch_i in range(len(data) // batch_size):
            batch = data[batch_i * batch_size:(batch_i + 1) * batch_size]
            train = np.array([row - mean for row in batch])
            sess.run(optimizer, feed_dict={ae['x']: train, ae['corrupt_prob']: [1.0]})
        print(epoch_i, '%.6f' % sess.run(ae['cost'], feed_dict={ae['x']: train, ae['corrupt_prob']: [0.0]}))

    recon, code = sess.run([ae['y'], ae['z']], feed_dict={ae['x']: data[:3] - mean, ae['corrupt_prob']: [0.0]})
    print(recon.shape, code.shape, '%.5f %.5f' % (recon.sum(), code.sum()))


if __name__ == '__main__':
    test()
