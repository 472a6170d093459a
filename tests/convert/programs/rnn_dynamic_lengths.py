"""dynamic_rnn over padded sequences with lengths; the last relevant output is
gathered by index."""
from __future__ import print_function

import random

import numpy as np
import tensorflow as tf

random.seed(1)
np.random.seed(1)


class ToySequenceData(object):
    """Rising sequences (class 0) and jumping ones (class 1), padded with zeros."""

    def __init__(self, n_samples=60, max_seq_len=8, min_seq_len=3):
        self.data = []
        self.labels = []
        self.seqlen = []
        for i in range(n_samples):
            n = random.randint(min_seq_len, max_seq_len)
            self.seqlen.append(n)
            if random.random() < .5:
                start = random.random()
                s = [[start + 0.1 * k] for k in range(n)]
                self.labels.append([1., 0.])
            else:
                s = [[random.random() * 2] for k in range(n)]
                self.labels.append([0., 1.])
            s += [[0.] for k in range(max_seq_len - n)]
            self.data.append(s)
        self.batch_id = 0

    def next(self, batch_size):
        """Return a batch of data; start over when the end is reached."""
        if self.batch_id == len(self.data):
            self.batch_id = 0
        end = min(self.batch_id + batch_size, len(self.data))
        batch = (self.data[self.batch_id:end], self.labels[self.batch_id:end], self.seqlen[self.batch_id:end])
        self.batch_id = end
        return batch


# Parameters
learning_rate = 0.05
training_steps = 15
batch_size = 25
seq_max_len = 8
n_hidden = 10
n_classes = 2

trainset = ToySequenceData()
testset = ToySequenceData(n_samples=30)

# tf Graph input
x = tf.placeholder("float", [None, seq_max_len, 1])
y = tf.placeholder("float", [None, n_classes])
# A placeholder for indicating each sequence length
seqlen = tf.placeholder(tf.int32, [None])

weights = {'out': tf.Variable(tf.random_normal([n_hidden, n_classes]))}
biases = {'out': tf.Variable(tf.random_normal([n_classes]))}


def dynamicRNN(x, seqlen, weights, biases):
    cell = tf.nn.rnn_cell.BasicLSTMCell(n_hidden)
    outputs, states = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, sequence_length=seqlen)

    # Retrieve the last relevant output of each sequence
    n = tf.shape(outputs)[0]
    index = tf.range(0, n) * seq_max_len + (seqlen - 1)
    outputs = tf.gather(tf.reshape(outputs, [-1, n_hidden]), index)
    return tf.matmul(outputs, weights['out']) + biases['out']


pred = dynamicRNN(x, seqlen, weights, biases)

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=pred, labels=y))
optimizer = tf.train.AdamOptimizer(learning_rate=learning_rate).minimize(cost)

correct_pred = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))

init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)

    for step in range(1, training_steps + 1):
        batch_x, batch_y, batch_seqlen = trainset.next(batch_size)
        sess.run(optimizer, feed_dict={x: batch_x, y: batch_y, seqlen: batch_seqlen})
        if step % 5 == 0 or step == 1:
            acc, loss = sess.run([accuracy, cost], feed_dict={x: batch_x, y: batch_y, seqlen: batch_seqlen})
            print("Step " + str(step) + ", Minibatch Loss= " + "{:.5f}".format(loss) +
                  ", Training Accuracy= " + "{:.4f}".format(acc))

    test_data, test_label, test_seqlen = testset.data, testset.labels, testset.seqlen
    print("Testing Accuracy: %.4f" %
          sess.run(accuracy, feed_dict={x: test_data, y: test_label, seqlen: test_seqlen}))
