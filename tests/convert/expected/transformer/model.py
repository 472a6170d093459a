import tensorflow as tf

from modules import feedforward, multihead_attention, position_embedding
from modules import state


class TransformerClassifier(tf.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.table = tf.Variable(tf.keras.initializers.GlorotUniform()([self.config.vocab_size, self.config.hidden_units]), name='embedding/table')
        self.logits = tf.keras.layers.Dense(self.config.num_classes, name="logits")
        self.optimizer = tf.keras.optimizers.Adam(self.config.learning_rate, beta_2=0.98, epsilon=1e-8)

    def forward(self, x, keep_prob):
        enc = tf.nn.embedding_lookup(self.table, x)
        enc += position_embedding(self.config.maxlen, self.config.hidden_units)
        enc = tf.nn.dropout(enc, rate=1 - keep_prob)
        for i in range(self.config.num_blocks):
            with state.scope("block_{}".format(i)):
                enc = multihead_attention(enc, self.config.hidden_units, self.config.num_heads)
                enc = feedforward(enc, [2 * self.config.hidden_units, self.config.hidden_units])
        logits = self.logits(tf.reduce_mean(enc, axis=1))
        return logits

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def compute_preds(self, x, keep_prob):
        x = tf.ensure_shape(x, [None, self.config.maxlen])
        logits = self.forward(x, keep_prob)
        preds = tf.argmax(logits, axis=-1, output_type=tf.int32)
        return preds

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def train_step(self, x, y, keep_prob):
        x = tf.ensure_shape(x, [None, self.config.maxlen])
        with tf.GradientTape() as tape:
            logits = self.forward(x, keep_prob)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
                logits=logits, labels=y))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(gradients, variables) if g is not None])
        return loss
