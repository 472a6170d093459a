import numpy as np
import tensorflow as tf

VOCAB_SIZE = 40
BATCH_SIZE = 8
EMBED_SIZE = 6
NUM_SAMPLED = 4


class SkipGramModel(tf.Module):
    """ Build the graph for word2vec model """
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
        self.out_weight = tf.Variable(tf.random.truncated_normal([self.embed_size, self.vocab_size], stddev=0.4), name='w')
        self.out_bias = tf.Variable(tf.zeros([self.vocab_size]), name='out_bias')
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
            logits = tf.matmul(embed, self.out_weight) + self.out_bias
            labels = tf.one_hot(tf.reshape(target_words, [-1]), self.vocab_size)
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=labels, axis=-1))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        self.global_step.assign_add(1)
        return loss


def batches():
    rng = np.random.RandomState(0)
    while True:
        yield rng.randint(0, VOCAB_SIZE, BATCH_SIZE), rng.randint(0, VOCAB_SIZE, (BATCH_SIZE, 1))


def train_model(model, batch_gen, num_train_steps):
    total_loss = 0.0
    for index in range(num_train_steps):
        centers, targets = next(batch_gen)
        feed_dict = dict(center_words=centers, target_words=targets)
        loss_batch = model.train_step(**feed_dict).numpy()
        total_loss += loss_batch
        if (index + 1) % 5 == 0:
            print('Average loss at step {}: {:5.3f}'.format(index, total_loss / 5))
            total_loss = 0.0
    final_embed_matrix = model.embed_matrix.numpy()
    print(final_embed_matrix[:2], model.global_step.numpy())


def main():
    model = SkipGramModel(VOCAB_SIZE, EMBED_SIZE, BATCH_SIZE, NUM_SAMPLED, 0.5)
    model.build_graph()
    train_model(model, batches(), 20)


if __name__ == '__main__':
    main()
