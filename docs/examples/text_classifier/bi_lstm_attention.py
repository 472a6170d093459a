"""The stack of bidirectional LSTMs, with attention over the words."""
import tensorflow as tf

from bi_lstm import BiLstmModel


class BiLstmAttentionModel(BiLstmModel):
    def pool(self, outputs, concatenated):
        width = 2 * self.config.hidden_sizes[-1]
        size = self.config.attention_size
        with tf.variable_scope("attention"):
            w = tf.get_variable("w", [width, size],
                                initializer=tf.random_normal_initializer(stddev=0.1))
            b = tf.get_variable("b", [size], initializer=tf.zeros_initializer())
            u = tf.get_variable("u", [size],
                                initializer=tf.random_normal_initializer(stddev=0.1))

        v = tf.tanh(tf.tensordot(concatenated, w, axes=1) + b)
        scores = tf.tensordot(v, u, axes=1)
        self.alphas = tf.nn.softmax(scores, name="alphas")
        output = tf.reduce_sum(concatenated * tf.expand_dims(self.alphas, -1),
                               reduction_indices=1)
        return tf.nn.dropout(output, keep_prob=self.keep_prob)
