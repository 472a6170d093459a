"""A stack of bidirectional LSTMs; the last outputs of the two directions."""
import tensorflow as tf

from base import BaseModel


class BiLstmModel(BaseModel):
    def __init__(self, config):
        super(BiLstmModel, self).__init__(config)
        self.build_model()
        self.finish()

    def lstm_cell(self, hidden_size):
        cell = tf.nn.rnn_cell.LSTMCell(num_units=hidden_size, state_is_tuple=True)
        return tf.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=self.keep_prob)

    def bi_lstm_layers(self, embedded_words):
        with tf.name_scope("Bi-LSTM"):
            for idx, hidden_size in enumerate(self.config.hidden_sizes):
                with tf.variable_scope("bi-lstm-%d" % idx):
                    outputs, self.current_state = tf.nn.bidirectional_dynamic_rnn(
                        self.lstm_cell(hidden_size), self.lstm_cell(hidden_size),
                        embedded_words, dtype=tf.float32)
                    embedded_words = tf.concat(outputs, 2)
        return outputs, embedded_words

    def pool(self, outputs, concatenated):
        """One vector a sentence."""
        forward, backward = outputs
        return tf.concat([forward[:, -1], backward[:, 0]], axis=-1)

    def build_model(self):
        config = self.config

        with tf.variable_scope("embedding"):
            embedding_w = tf.get_variable(
                "embedding_w", [config.vocab_size, config.embedding_size],
                initializer=tf.random_uniform_initializer(-1.0, 1.0))
            embedded_words = tf.nn.embedding_lookup(embedding_w, self.inputs)

        outputs, concatenated = self.bi_lstm_layers(embedded_words)
        output = tf.reshape(self.pool(outputs, concatenated),
                            [-1, 2 * config.hidden_sizes[-1]])

        with tf.variable_scope("output"):
            self.logits = tf.layers.dense(
                output, config.num_classes,
                kernel_initializer=tf.contrib.layers.xavier_initializer(),
                name="logits")
            for variable in tf.trainable_variables("output"):
                self.l2_loss += tf.nn.l2_loss(variable)
