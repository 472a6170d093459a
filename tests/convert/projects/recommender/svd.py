import tensorflow as tf

from flags import FLAGS


class SVD(object):
    """Ratings as products of factors."""

    def __init__(self, user_num, item_num):
        self.user_num = user_num
        self.item_num = item_num
        self.weights = self.init_weights()
        self.user = tf.placeholder(tf.int32, [None], name="user")
        self.item = tf.placeholder(tf.int32, [None], name="item")
        self.rate = tf.placeholder(tf.float32, [None], name="rate")
        self.infer = self.forward(self.user, self.item)
        self.cost = tf.nn.l2_loss(self.infer - self.rate) + FLAGS.reg * self.penalty()
        self.train_op = tf.train.AdamOptimizer(FLAGS.learning_rate).minimize(self.cost)

    def init_weights(self):
        weights = {}
        weights["user"] = tf.get_variable("embd_user", [self.user_num, FLAGS.dim],
                                          initializer=tf.truncated_normal_initializer(stddev=0.5))
        weights["item"] = tf.get_variable("embd_item", [self.item_num, FLAGS.dim],
                                          initializer=tf.truncated_normal_initializer(stddev=0.5))
        weights["bias"] = tf.get_variable("bias_global", [])
        return weights

    def forward(self, user, item):
        embd_user = tf.nn.embedding_lookup(self.weights["user"], user)
        embd_item = tf.nn.embedding_lookup(self.weights["item"], item)
        return tf.reduce_sum(tf.multiply(embd_user, embd_item), 1) + self.weights["bias"]

    def penalty(self):
        return tf.nn.l2_loss(self.weights["user"]) + tf.nn.l2_loss(self.weights["item"])
