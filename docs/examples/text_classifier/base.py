"""What all the text classifiers share."""
import tensorflow as tf


class BaseModel(object):
    def __init__(self, config):
        self.config = config

        self.inputs = tf.placeholder(
            tf.int32, [None, config.sequence_length], name="inputs")
        self.labels = tf.placeholder(tf.int32, [None], name="labels")
        self.keep_prob = tf.placeholder(tf.float32, name="keep_prob")

        self.l2_loss = tf.constant(0.0)
        self.loss = 0.0
        self.train_op = None
        self.summary_op = None
        self.logits = None
        self.predictions = None
        self.saver = None

    def cal_loss(self):
        with tf.name_scope("loss"):
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=self.logits, labels=self.labels)
            loss = tf.reduce_mean(losses)
            loss += self.config.l2_reg_lambda * self.l2_loss
        return loss

    def get_predictions(self):
        return tf.argmax(self.logits, axis=-1, name="predictions",
                         output_type=tf.int32)

    def get_optimizer(self):
        optimizer = None
        if self.config.optimization == "adam":
            optimizer = tf.train.AdamOptimizer(self.config.learning_rate)
        if self.config.optimization == "rmsprop":
            optimizer = tf.train.RMSPropOptimizer(self.config.learning_rate)
        if self.config.optimization == "sgd":
            optimizer = tf.train.GradientDescentOptimizer(self.config.learning_rate)
        return optimizer

    def get_train_op(self):
        self.global_step = tf.train.get_or_create_global_step()
        optimizer = self.get_optimizer()

        trainable_params = tf.trainable_variables()
        gradients = tf.gradients(self.loss, trainable_params)
        clip_gradients, _ = tf.clip_by_global_norm(
            gradients, self.config.max_grad_norm)
        train_op = optimizer.apply_gradients(
            zip(clip_gradients, trainable_params), global_step=self.global_step)

        tf.summary.scalar("loss", self.loss)
        summary_op = tf.summary.merge_all()
        return train_op, summary_op

    def init_saver(self):
        self.saver = tf.train.Saver(tf.global_variables(), max_to_keep=3)

    def finish(self):
        """Called by a subclass when its logits are there."""
        self.predictions = self.get_predictions()
        self.loss = self.cal_loss()
        self.train_op, self.summary_op = self.get_train_op()
        self.init_saver()

    def train(self, sess, batch, dropout_prob):
        feed_dict = {self.inputs: batch["x"],
                     self.labels: batch["y"],
                     self.keep_prob: dropout_prob}
        _, summary, loss, predictions = sess.run(
            [self.train_op, self.summary_op, self.loss, self.predictions],
            feed_dict=feed_dict)
        return summary, loss, predictions

    def eval(self, sess, batch):
        feed_dict = {self.inputs: batch["x"],
                     self.labels: batch["y"],
                     self.keep_prob: 1.0}
        summary, loss, predictions = sess.run(
            [self.summary_op, self.loss, self.predictions], feed_dict=feed_dict)
        return summary, loss, predictions

    def infer(self, sess, inputs):
        feed_dict = {self.inputs: inputs, self.keep_prob: 1.0}
        return sess.run(self.predictions, feed_dict=feed_dict)
