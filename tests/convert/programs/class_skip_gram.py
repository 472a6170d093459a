import numpy as np
import tensorflow as tf

VOCAB_SIZE = 40
BATCH_SIZE = 8
EMBED_SIZE = 6
NUM_SAMPLED = 4


class SkipGramModel:
    """ Build the graph for word2vec model """
    def __init__(self, vocab_size, embed_size, batch_size, num_sampled, learning_rate):
        self.vocab_size = vocab_size
        self.embed_size = embed_size
        self.batch_size = batch_size
        self.num_sampled = num_sampled
        self.lr = learning_rate
        self.global_step = tf.Variable(0, dtype=tf.int32, trainable=False, name='global_step')

    def _create_placeholders(self):
        """ Step 1: define the placeholders for input and output """
        with tf.name_scope("data"):
            self.center_words = tf.placeholder(tf.int32, shape=[self.batch_size], name='center_words')
            self.target_words = tf.placeholder(tf.int32, shape=[self.batch_size, 1], name='target_words')

    def _create_embedding(self):
        """ Step 2: define weights. In word2vec, it's actually the weights that we care about """
        with tf.name_scope("embed"):
            self.embed_matrix = tf.Variable(tf.random_uniform([self.vocab_size, self.embed_size], -1.0, 1.0),
                                            name='embed_matrix')

    def _create_loss(self):
        """ Step 3 + 4: define the model + the loss function """
        with tf.name_scope("loss"):
            embed = tf.nn.embedding_lookup(self.embed_matrix, self.center_words, name='embed')
            out_weight = tf.Variable(tf.truncated_normal([self.embed_size, self.vocab_size], stddev=0.4), name='w')
            out_bias = tf.Variable(tf.zeros([self.vocab_size]), name='out_bias')
            logits = tf.matmul(embed, out_weight) + out_bias
            labels = tf.one_hot(tf.reshape(self.target_words, [-1]), self.vocab_size)
            self.loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=labels))

    def _create_optimizer(self):
        """ Step 5: define optimizer """
        self.optimizer = tf.train.GradientDescentOptimizer(self.lr).minimize(self.loss, global_step=self.global_step)

    def build_graph(self):
        """ Build the graph for our model """
        self._create_placeholders()
        self._create_embedding()
        self._create_loss()
        self._create_optimizer()


def batches():
    rng = np.random.RandomState(0)
    while True:
        yield rng.randint(0, VOCAB_SIZE, BATCH_SIZE), rng.randint(0, VOCAB_SIZE, (BATCH_SIZE, 1))


def train_model(model, batch_gen, num_train_steps):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        total_loss = 0.0
        for index in range(num_train_steps):
            centers, targets = next(batch_gen)
            feed_dict = {model.center_words: centers, model.target_words: targets}
            loss_batch, _ = sess.run([model.loss, model.optimizer], feed_dict=feed_dict)
            total_loss += loss_batch
            if (index + 1) % 5 == 0:
                print('Average loss at step {}: {:5.3f}'.format(index, total_loss / 5))
                total_loss = 0.0
        final_embed_matrix = sess.run(model.embed_matrix)
        print(final_embed_matrix[:2], model.global_step.eval())


def main():
    model = SkipGramModel(VOCAB_SIZE, EMBED_SIZE, BATCH_SIZE, NUM_SAMPLED, 0.5)
    model.build_graph()
    train_model(model, batches(), 20)


if __name__ == '__main__':
    main()
