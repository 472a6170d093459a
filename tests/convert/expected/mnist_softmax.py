"""Softmax regression on the tutorials' MNIST.

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


mnist = read_data_sets("MNIST_data/", one_hot=True)
print(mnist.train.images.shape[1], mnist.test.labels.shape[1])

W = tf.Variable(tf.zeros([784, 10]))
b = tf.Variable(tf.zeros([10]))


@tf.function(input_signature=[
    tf.TensorSpec([None, 784], tf.float32),
    tf.TensorSpec([None, 10], tf.float32),
])
def compute_cross_entropy(x, y_):
    y = tf.matmul(x, W) + b
    cross_entropy = tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(y_), logits=y))
    return cross_entropy


optimizer = tf.keras.optimizers.SGD(0.5)


@tf.function(input_signature=[
    tf.TensorSpec([None, 784], tf.float32),
    tf.TensorSpec([None, 10], tf.float32),
])
def train_step_2(x, y_):
    with tf.GradientTape() as tape:
        y = tf.matmul(x, W) + b
        cross_entropy = tf.reduce_mean(
            tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(y_), logits=y))
    variables = tape.watched_variables()
    gradients = tape.gradient(cross_entropy, variables)
    optimizer.apply_gradients(zip(gradients, variables))


# Train
for i in range(20):
    batch_xs, batch_ys = mnist.train.next_batch(50)
    train_step_2(x=batch_xs, y_=batch_ys)
    if i % 5 == 4:
        print('step', i, 'cross entropy %.5f' % compute_cross_entropy(x=batch_xs, y_=batch_ys).numpy())


@tf.function(input_signature=[
    tf.TensorSpec([None, 784], tf.float32),
    tf.TensorSpec([None, 10], tf.float32),
])
def compute_accuracy(x, y_):
    y = tf.matmul(x, W) + b
    # Test trained model
    correct_prediction = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
    return accuracy


print('accuracy %.4f' % compute_accuracy(x=mnist.test.images[:500], y_=mnist.test.labels[:500]).numpy())
