"""Word2vec with noise-contrastive estimation: 10,000 words, 128 numbers each, 64 negative samples."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
vocabulary_size = 10000
embedding_size = 128
num_sampled = 64
rs = np.random.RandomState(8)
words = np.minimum(rs.zipf(1.3, (20, 2, batch_size)), vocabulary_size - 1).astype(np.int32)

X = tf.placeholder(tf.int32, shape=[None])
Y = tf.placeholder(tf.int32, shape=[None, 1])

embedding = tf.Variable(tf.random_uniform([vocabulary_size, embedding_size], -1.0, 1.0))
X_embed = tf.nn.embedding_lookup(embedding, X)
nce_weights = tf.Variable(tf.truncated_normal([vocabulary_size, embedding_size], stddev=0.1))
nce_biases = tf.Variable(tf.zeros([vocabulary_size]))

loss_op = tf.reduce_mean(
    tf.nn.nce_loss(weights=nce_weights,
                   biases=nce_biases,
                   labels=Y,
                   inputs=X_embed,
                   num_sampled=num_sampled,
                   num_classes=vocabulary_size))
train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss_op)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    average_loss = 0
    for step in range(steps):
        centers, contexts = words[step % 20]
        _, loss = sess.run([train_op, loss_op], feed_dict={X: centers, Y: contexts.reshape(-1, 1)})
        average_loss += loss
    print('average loss %.4f' % (average_loss / steps))
