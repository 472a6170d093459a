import tensorflow as tf

import settings


class MLP(object):
    activation = staticmethod(tf.nn.relu)
    scale = 0.1

    def __init__(self, n_inputs):
        self.n_inputs = n_inputs
        self.layers = []

    def build(self):
        self._add_placeholders()
        self._add_layers()
        self._add_loss()
        self._add_train_op()

    def _add_placeholders(self):
        self.x = tf.placeholder(tf.float32, [None, self.n_inputs])
        self.y = tf.placeholder(tf.int64, [None])

    def _add_layers(self):
        output = self.x
        size = self.n_inputs
        for i, hidden in enumerate(settings.HIDDEN):
            with tf.variable_scope("layer_%d" % i):
                output = self.activation(self.dense(output, size, hidden))
                self.layers.append(output)
            size = hidden
        with tf.variable_scope("output"):
            self.logits = self.dense(output, size, settings.NUM_CLASSES)

    @staticmethod
    def dense(x, n_in, n_out):
        w = tf.get_variable("w", [n_in, n_out], initializer=tf.truncated_normal_initializer(stddev=MLP.scale))
        b = tf.get_variable("b", [n_out], initializer=tf.constant_initializer(0.1))
        return tf.matmul(x, w) + b

    def _add_loss(self):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.y, logits=self.logits)
        self.loss = tf.reduce_mean(losses)
        correct = tf.equal(tf.argmax(self.logits, 1), self.y)
        self.accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

    def _add_train_op(self):
        optimizer = tf.train.GradientDescentOptimizer(settings.LEARNING_RATE)
        self.train_op = optimizer.minimize(self.loss)
