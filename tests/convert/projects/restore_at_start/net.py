import tensorflow as tf


class Regression(object):
    """A line through points, with summaries and a saver of its own."""

    def __init__(self, n_inputs, n_hidden, learning_rate):
        self.x = tf.placeholder(tf.float32, [None, n_inputs], name="x")
        self.y = tf.placeholder(tf.float32, [None, 1], name="y")
        self.global_step = tf.Variable(0, name="global_step", trainable=False)

        w1 = tf.get_variable("w1", [n_inputs, n_hidden])
        b1 = tf.get_variable("b1", [n_hidden], initializer=tf.zeros_initializer())
        w2 = tf.get_variable("w2", [n_hidden, 1])
        hidden = tf.tanh(tf.matmul(self.x, w1) + b1)
        self.output = tf.matmul(hidden, w2)

        self.loss = tf.reduce_mean(tf.square(self.output - self.y))
        self.train_op = tf.train.MomentumOptimizer(learning_rate, 0.9).minimize(
            self.loss, global_step=self.global_step)

        tf.summary.scalar("loss", self.loss)
        tf.summary.histogram("w1", w1)
        self.merged = tf.summary.merge_all()
        self.saver = tf.train.Saver(max_to_keep=2)
