"""A CNN on MNIST with epochs, num_examples, validation images and class numbers.

Needs the MNIST files in MNIST_data/, or a stub of tensorflow.examples.tutorials.mnist.
"""
import tensorflow as tf


from collections import namedtuple
import numpy as np


Datasets = namedtuple("Datasets", ["train", "validation", "test"])


class DataSet:
    """Images with labels, served in batches; a new epoch has a new order."""

    def __init__(self, images, labels):
        self.images = images
        self.labels = labels
        self.num_examples = len(images)
        self.epochs_completed = 0
        self._next = 0

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """The next images and labels; a batch may begin in one epoch and end in the next."""
        start, end = self._next, self._next + batch_size
        if self.epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if end <= self.num_examples:
            self._next = end
            return self.images[start:end], self.labels[start:end]
        images, labels = self.images[start:], self.labels[start:]
        self.epochs_completed += 1
        self._next = end - self.num_examples
        if shuffle:
            self._shuffle()
        images = np.concatenate([images, self.images[: self._next]])
        return images, np.concatenate([labels, self.labels[: self._next]])

    def _shuffle(self):
        order = np.random.permutation(self.num_examples)
        self.images, self.labels = self.images[order], self.labels[order]


def read_data_sets(
    train_dir=None,
    fake_data=False,
    one_hot=False,
    dtype=tf.float32,
    reshape=True,
    validation_size=5000,
    seed=None,
    source_url=None,
):
    """MNIST for training, validation and test, by Keras. The seed is NumPy's, for everything."""
    if fake_data:
        raise ValueError("there is no fake data")
    if seed is not None:
        np.random.seed(seed)

    def prepare(images, labels):
        images = images.reshape([-1, 784] if reshape else [-1, 28, 28, 1])
        if tf.as_dtype(dtype) == tf.float32:
            images = images.astype(np.float32) * np.float32(1 / 255)
        return images, np.eye(10)[labels] if one_hot else labels

    train, test = tf.keras.datasets.mnist.load_data()
    (images, labels), test = prepare(*train), prepare(*test)
    return Datasets(
        train=DataSet(images[validation_size:], labels[validation_size:]),
        validation=DataSet(images[:validation_size], labels[:validation_size]),
        test=DataSet(*test),
    )


mnist = read_data_sets('MNIST_data/', one_hot=False, validation_size=200)

BATCH = 100
EPOCHS = 2
MAX_BATCHES = 4      # of each epoch


def weight_variable(shape):
    initial = tf.random.truncated_normal(shape, stddev=0.1)
    return tf.Variable(initial)


def bias_variable(shape):
    initial = tf.constant(0.1, shape=shape)
    return tf.Variable(initial)


W_conv1 = weight_variable([5, 5, 1, 6])
b_conv1 = bias_variable([6])
W_fc = weight_variable([7 * 7 * 6, 10])
b_fc = bias_variable([10])

optimizer = tf.keras.optimizers.Adam(1e-3, epsilon=1e-8)


def forward(x, keep_prob):
    x_image = tf.reshape(x, [-1, 28, 28, 1])
    h_conv1 = tf.nn.relu(tf.nn.conv2d(x_image, W_conv1, strides=[1, 2, 2, 1], padding='SAME') + b_conv1)
    h_pool1 = tf.nn.max_pool(h_conv1, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')
    h_flat = tf.reshape(h_pool1, [-1, 7 * 7 * 6])
    h_drop = tf.nn.dropout(h_flat, rate=1 - keep_prob)
    logits = tf.matmul(h_drop, W_fc) + b_fc
    return logits


@tf.function(input_signature=[
    tf.TensorSpec([None, 784], tf.float32),
    tf.TensorSpec([None], tf.int64),
    tf.TensorSpec(None, tf.float32),
])
def train_step_2(x, y, keep_prob):
    with tf.GradientTape() as tape:
        logits = forward(x, keep_prob)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function(input_signature=[
    tf.TensorSpec([None, 784], tf.float32),
    tf.TensorSpec([None], tf.int64),
    tf.TensorSpec(None, tf.float32),
])
def compute_accuracy(x, y, keep_prob):
    logits = forward(x, keep_prob)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))
    return accuracy


print(mnist.train.num_examples > 1000, mnist.validation.num_examples)
for epoch in range(EPOCHS):
    total_batch = min(MAX_BATCHES, int(mnist.train.num_examples / BATCH))
    avg = 0.
    for i in range(total_batch):
        batch = mnist.train.next_batch(BATCH)
        c = train_step_2(x=batch[0], y=batch[1], keep_prob=0.7).numpy()
        avg += c / total_batch
    acc = compute_accuracy(x=mnist.validation.images, y=mnist.validation.labels, keep_prob=1.0).numpy()
    print('epoch %d loss %.5f validation %.4f' % (epoch, avg, acc))
print('completed', mnist.train.epochs_completed)
