import numpy as np
import tensorflow as tf


class TCNNConfig(object):
    embedding_dim = 16
    seq_length = 20
    num_classes = 3
    num_filters = 8
    kernel_size = 5
    vocab_size = 50
    hidden_dim = 12
    dropout_keep_prob = 1.0
    learning_rate = 1e-2


class TextCNN(tf.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embedding = tf.Variable(tf.keras.initializers.GlorotUniform()([self.config.vocab_size, self.config.embedding_dim]), name='embedding')
        self.conv = tf.keras.layers.Conv1D(self.config.num_filters, self.config.kernel_size, name='conv')
        self.fc1 = tf.keras.layers.Dense(self.config.hidden_dim, name='fc1')
        self.fc2 = tf.keras.layers.Dense(self.config.num_classes, name='fc2')
        self.optim = tf.keras.optimizers.Adam(self.config.learning_rate, epsilon=1e-8)

    def forward(self, input_x, keep_prob):
        with tf.device('/cpu:0'):
            embedding_inputs = tf.nn.embedding_lookup(self.embedding, input_x)
        conv = self.conv(embedding_inputs)
        gmp = tf.reduce_max(conv, axis=[1], name='gmp')
        fc = self.fc1(gmp)
        fc = tf.nn.dropout(fc, rate=1 - (keep_prob))
        fc = tf.nn.relu(fc)
        logits = self.fc2(fc)
        return logits

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec(None, tf.float32),
    ])
    def train_step(self, input_x, input_y, keep_prob):
        input_x = tf.ensure_shape(input_x, [None, self.config.seq_length])
        input_y = tf.ensure_shape(input_y, [None, self.config.num_classes])
        with tf.GradientTape() as tape:
            logits = self.forward(input_x, keep_prob)
            cross_entropy = tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=input_y)
            loss = tf.reduce_mean(cross_entropy)
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optim.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(gradients, variables) if g is not None])

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec(None, tf.float32),
    ])
    def compute_loss_and_acc(self, input_x, input_y, keep_prob):
        input_x = tf.ensure_shape(input_x, [None, self.config.seq_length])
        input_y = tf.ensure_shape(input_y, [None, self.config.num_classes])
        logits = self.forward(input_x, keep_prob)
        y_pred_cls = tf.argmax(tf.nn.softmax(logits), 1)
        cross_entropy = tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=input_y)
        loss = tf.reduce_mean(cross_entropy)
        correct_pred = tf.equal(tf.argmax(input_y, 1), y_pred_cls)
        acc = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
        return loss, acc


def feed_data(x_batch, y_batch, keep_prob):
    feed_dict = dict(input_x=x_batch, input_y=y_batch, keep_prob=keep_prob)
    return feed_dict


def evaluate(x_, y_):
    total_loss = 0.0
    total_acc = 0.0
    for start in range(0, len(x_), 16):
        feed_dict = feed_data(x_[start:start + 16], y_[start:start + 16], 1.0)
        loss, acc = (value.numpy() for value in model.compute_loss_and_acc(**feed_dict))
        total_loss += loss * len(x_[start:start + 16])
        total_acc += acc * len(x_[start:start + 16])
    return total_loss / len(x_), total_acc / len(x_)


def train():
    for epoch in range(3):
        for start in range(0, 64, 16):
            feed_dict = feed_data(x_train[start:start + 16], y_train[start:start + 16], config.dropout_keep_prob)
            feed_dict['keep_prob'] = config.dropout_keep_prob
            model.train_step(**feed_dict)
        loss, acc = evaluate(x_train, y_train)
        print('Epoch %d loss %.5f acc %.3f' % (epoch, loss, acc))


rng = np.random.RandomState(3)
x_train = rng.randint(0, 50, (64, 20))
y_train = np.eye(3)[rng.randint(0, 3, 64)]
config = TCNNConfig()
model = TextCNN(config)
train()
