import tensorflow as tf

from modules import feedforward, multihead_attention, position_embedding


class TransformerClassifier(object):
    def __init__(self, config):
        self.config = config
        self.x = tf.placeholder(tf.int32, [None, config.maxlen], name="x")
        self.y = tf.placeholder(tf.int32, [None], name="y")
        self.keep_prob = tf.placeholder(tf.float32, name="keep_prob")
        self.build()

    def build(self):
        config = self.config
        with tf.variable_scope("embedding"):
            table = tf.get_variable("table", [config.vocab_size, config.hidden_units])
            enc = tf.nn.embedding_lookup(table, self.x)
            enc += position_embedding(config.maxlen, config.hidden_units)
            enc = tf.nn.dropout(enc, self.keep_prob)

        for i in range(config.num_blocks):
            with tf.variable_scope("block_{}".format(i)):
                enc = multihead_attention(enc, config.hidden_units, config.num_heads)
                enc = feedforward(enc, [2 * config.hidden_units, config.hidden_units])

        with tf.variable_scope("output"):
            self.logits = tf.layers.dense(tf.reduce_mean(enc, axis=1), config.num_classes, name="logits")
        self.preds = tf.argmax(self.logits, axis=-1, output_type=tf.int32)
        self.loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            logits=self.logits, labels=self.y))
        self.train_op = tf.train.AdamOptimizer(config.learning_rate, beta2=0.98).minimize(self.loss)
