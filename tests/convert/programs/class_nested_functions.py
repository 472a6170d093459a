"""A class whose constructor has functions of its own: one makes cells, one computes with names that it shadows."""
import numpy as np
import tensorflow as tf


class Tagger(object):
    def __init__(self, n_tags, steps, size=6, n_layers=2):
        self.inputs = tf.placeholder(tf.float32, [None, steps, 3], name='inputs')
        self.tags = tf.placeholder(tf.int32, [None, steps], name='tags')

        def make_cell():
            return tf.nn.rnn_cell.GRUCell(size)

        cell = tf.nn.rnn_cell.MultiRNNCell([make_cell() for _ in range(n_layers)])
        outputs, self.state = tf.nn.dynamic_rnn(cell, self.inputs, dtype=tf.float32)
        softmax_w = tf.get_variable('softmax_w', [size, n_tags])
        softmax_b = tf.get_variable('softmax_b', [n_tags], initializer=tf.zeros_initializer())

        # the scores of all steps at once
        def project(outputs, scale=1.0):
            outputs = tf.reshape(outputs, [-1, size])
            return scale * (tf.matmul(outputs, softmax_w) + softmax_b)

        scores = project(outputs)
        self.best = tf.reshape(tf.argmax(scores, 1), [-1, steps])
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            logits=scores, labels=tf.reshape(self.tags, [-1])))
        self.train_op = tf.train.AdamOptimizer(0.03).minimize(self.loss)

    def train(self, sess, inputs, tags):
        loss, _ = sess.run([self.loss, self.train_op], feed_dict={self.inputs: inputs, self.tags: tags})
        return loss

    def tag(self, sess, inputs):
        return sess.run(self.best, feed_dict={self.inputs: inputs})


def main():
    rs = np.random.RandomState(12)
    inputs = rs.randn(24, 5, 3)
    tags = (inputs.sum(2) > 0).astype(int) + (inputs[:, :, 0] > 1)
    model = Tagger(3, 5)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(12):
            loss = model.train(sess, inputs, tags)
            if epoch % 3 == 2:
                right = np.mean(model.tag(sess, inputs) == tags)
                print('epoch %d loss %.5f right %.3f' % (epoch, loss, right))


if __name__ == '__main__':
    main()
