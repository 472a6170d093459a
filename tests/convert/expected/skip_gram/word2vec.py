"""Word vectors by noise-contrastive estimation."""
import tensorflow as tf


class SkipGramModel(tf.Module):
    """ Build the graph for the word2vec model """

    def __init__(self, vocab_size, embed_size, batch_size, num_sampled, learning_rate):
        super().__init__()
        self.vocab_size = vocab_size
        self.embed_size = embed_size
        self.batch_size = batch_size
        self.num_sampled = num_sampled
        self.lr = learning_rate
        self.global_step = tf.Variable(0, dtype=tf.int32, trainable=False, name='global_step')

    def build_graph(self):
        """ Build the graph for our model """
        self.embed_matrix = tf.Variable(tf.random.uniform([self.vocab_size, self.embed_size], -1.0, 1.0),
                                        name='embed_matrix')
        self.softmax_w = tf.Variable(tf.random.truncated_normal([self.vocab_size, self.embed_size], stddev=0.3), name='w')
        self.softmax_b = tf.Variable(tf.zeros([self.vocab_size]), name='b')
        self.optimizer = tf.keras.optimizers.SGD(self.lr)

    @tf.function(input_signature=[
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None, 1], tf.int32),
    ])
    def train_step(self, center_words, target_words):
        center_words = tf.ensure_shape(center_words, [self.batch_size])
        target_words = tf.ensure_shape(target_words, [self.batch_size, 1])
        with tf.GradientTape() as tape:
            embed = tf.nn.embedding_lookup(self.embed_matrix, center_words, name='embed')
            logits = tf.matmul(embed, self.softmax_w, transpose_b=True) + self.softmax_b
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=tf.squeeze(target_words, axis=1), logits=logits), name='loss')
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        self.global_step.assign_add(1)
        return loss
