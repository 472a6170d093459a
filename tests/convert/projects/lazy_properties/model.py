import tensorflow as tf

from functional import define_scope


class Model(object):
    def __init__(self, image, label):
        self.image = image
        self.label = label
        self.prediction
        self.optimize
        self.error

    @define_scope
    def prediction(self):
        x = self.image
        x = tf.contrib.slim.fully_connected(x, 20)
        x = tf.contrib.slim.fully_connected(x, 10)
        return tf.contrib.slim.fully_connected(x, 3, tf.nn.softmax)

    @define_scope
    def optimize(self):
        logprob = tf.log(self.prediction + 1e-12)
        cross_entropy = -tf.reduce_sum(self.label * logprob)
        optimizer = tf.train.RMSPropOptimizer(0.03)
        return optimizer.minimize(cross_entropy)

    @define_scope
    def error(self):
        mistakes = tf.not_equal(tf.argmax(self.label, 1), tf.argmax(self.prediction, 1))
        return tf.reduce_mean(tf.cast(mistakes, tf.float32))
