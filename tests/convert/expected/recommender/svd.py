import tensorflow as tf

from flags import FLAGS


class SVD(tf.Module):
    """Ratings as products of factors."""

    def __init__(self, user_num, item_num):
        super().__init__()
        self.user_num = user_num
        self.item_num = item_num
        self.weights = self.init_weights()
        self.optimizer = tf.keras.optimizers.Adam(FLAGS.learning_rate, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.float32),
    ])
    def train_step(self, user, item, rate):
        with tf.GradientTape() as tape:
            infer = self.forward(user, item)
            cost = tf.nn.l2_loss(infer - rate) + FLAGS.reg * self.penalty()
        variables = tape.watched_variables()
        gradients = tape.gradient(cost, variables)
        self.optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(gradients, variables) if g is not None])
        return cost, infer

    def init_weights(self):
        weights = {}
        weights["user"] = tf.Variable(tf.keras.initializers.TruncatedNormal(stddev=0.5)([self.user_num, FLAGS.dim]), name='embd_user')
        weights["item"] = tf.Variable(tf.keras.initializers.TruncatedNormal(stddev=0.5)([self.item_num, FLAGS.dim]), name='embd_item')
        weights["bias"] = tf.Variable(tf.keras.initializers.GlorotUniform()([]), name='bias_global')
        return weights

    def forward(self, user, item):
        embd_user = tf.nn.embedding_lookup(self.weights["user"], user)
        embd_item = tf.nn.embedding_lookup(self.weights["item"], item)
        return tf.reduce_sum(tf.multiply(embd_user, embd_item), 1) + self.weights["bias"]

    def penalty(self):
        return tf.nn.l2_loss(self.weights["user"]) + tf.nn.l2_loss(self.weights["item"])
