"""An autoencoder 784-256-128-256-784, RMSProp."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
rs = np.random.RandomState(5)
images = rs.rand(20, batch_size, 784).astype(np.float32)

X = tf.placeholder("float", [None, 784])

weights = {
    'encoder_h1': tf.Variable(tf.random_normal([784, 256], stddev=0.05)),
    'encoder_h2': tf.Variable(tf.random_normal([256, 128], stddev=0.05)),
    'decoder_h1': tf.Variable(tf.random_normal([128, 256], stddev=0.05)),
    'decoder_h2': tf.Variable(tf.random_normal([256, 784], stddev=0.05)),
}
biases = {
    'encoder_b1': tf.Variable(tf.zeros([256])),
    'encoder_b2': tf.Variable(tf.zeros([128])),
    'decoder_b1': tf.Variable(tf.zeros([256])),
    'decoder_b2': tf.Variable(tf.zeros([784])),
}


# Building the encoder
def encoder(x):
    layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, weights['encoder_h1']), biases['encoder_b1']))
    return tf.nn.sigmoid(tf.add(tf.matmul(layer_1, weights['encoder_h2']), biases['encoder_b2']))


# Building the decoder
def decoder(x):
    layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, weights['decoder_h1']), biases['decoder_b1']))
    return tf.nn.sigmoid(tf.add(tf.matmul(layer_1, weights['decoder_h2']), biases['decoder_b2']))


y_pred = decoder(encoder(X))
loss = tf.reduce_mean(tf.pow(X - y_pred, 2))
optimizer = tf.train.RMSPropOptimizer(0.001).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for i in range(steps):
    _, l = sess.run([optimizer, loss], feed_dict={X: images[i % 20]})
print('loss %.4f' % l)
sess.close()
