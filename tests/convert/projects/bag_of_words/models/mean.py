import tensorflow as tf

from .base import BaseModel


class MeanModel(BaseModel):
    def __init__(self, config, vocab_size):
        super(MeanModel, self).__init__(config=config, vocab_size=vocab_size)
        self.build_model()

    def build_model(self):
        with tf.name_scope("embedding"):
            embedding_w = tf.get_variable("embedding_w", [self.vocab_size, self.config["embedding_size"]],
                                          initializer=tf.contrib.layers.xavier_initializer())
            embedded = tf.nn.embedding_lookup(embedding_w, self.inputs)
        mean = tf.nn.dropout(tf.reduce_mean(embedded, axis=1), self.keep_prob)
        with tf.name_scope("output"):
            output_w = tf.get_variable("output_w", shape=[self.config["embedding_size"], self.config["num_classes"]])
            output_b = tf.Variable(tf.constant(0.1, shape=[self.config["num_classes"]]), name="output_b")
            self.l2_loss += tf.nn.l2_loss(output_w)
            self.l2_loss += tf.nn.l2_loss(output_b)
            self.logits = tf.nn.xw_plus_b(mean, output_w, output_b, name="logits")
            self.predictions = tf.argmax(self.logits, axis=-1, name="predictions")
        self.loss = self.cal_loss()
        self.train_op = self.get_train_op()


