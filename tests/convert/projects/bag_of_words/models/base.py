import tensorflow as tf


class BaseModel(object):
    def __init__(self, config, vocab_size):
        self.config = config
        self.vocab_size = vocab_size
        self.inputs = tf.placeholder(tf.int32, [None, None], name="inputs")
        self.labels = tf.placeholder(tf.int32, [None], name="labels")
        self.keep_prob = tf.placeholder(tf.float32, name="keep_prob")
        self.l2_loss = tf.constant(0.0)
        self.loss = None
        self.train_op = None
        self.logits = None
        self.predictions = None

    def cal_loss(self):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=self.logits, labels=self.labels)
        return tf.reduce_mean(losses) + self.config["l2_reg_lambda"] * self.l2_loss

    def get_optimizer(self):
        if self.config["optimization"] == "adam":
            return tf.train.AdamOptimizer(self.config["learning_rate"])
        return tf.train.GradientDescentOptimizer(self.config["learning_rate"])

    def get_train_op(self):
        optimizer = self.get_optimizer()
        trainable_params = tf.trainable_variables()
        gradients = tf.gradients(self.loss, trainable_params)
        clip_gradients, _ = tf.clip_by_global_norm(gradients, self.config["max_grad_norm"])
        return optimizer.apply_gradients(zip(clip_gradients, trainable_params))

    def build_model(self):
        raise NotImplementedError

    def train(self, sess, batch, dropout_prob):
        feed_dict = {self.inputs: batch["x"],
                     self.labels: batch["y"],
                     self.keep_prob: dropout_prob}
        _, loss, predictions = sess.run([self.train_op, self.loss, self.predictions], feed_dict=feed_dict)
        return loss, predictions

    def eval(self, sess, batch):
        feed_dict = {self.inputs: batch["x"],
                     self.labels: batch["y"],
                     self.keep_prob: 1.0}
        loss, predictions = sess.run([self.loss, self.predictions], feed_dict=feed_dict)
        return loss, predictions

    def infer(self, sess, inputs):
        feed_dict = {self.inputs: inputs, self.keep_prob: 1.0}
        return sess.run(self.predictions, feed_dict=feed_dict)


