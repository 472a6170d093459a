"""The session is an argument of helper functions."""
import tensorflow as tf
import numpy as np

FEATURES = 4


def batches(data, size):
    for start in range(0, len(data[0]), size):
        yield data[0][start:start + size], data[1][start:start + size]


def train_epoch(data, size=16):
    """Runs one epoch, returns the mean loss."""
    losses = []
    for bx, by in batches(data, size):
        value = train_step(x=bx, y=by).numpy()
        losses.append(value)
    return np.mean(losses)


def evaluate(data):
    return compute_accuracy(x=data[0], y=data[1]).numpy()


def show(variables):
    for v, value in zip(variables, tf.nest.map_structure(lambda value: value.numpy(), variables)):
        print("  %s %.5f" % (v.name.split(":")[0], value.sum()))


rng = np.random.RandomState(90)
points = rng.randn(96, FEATURES)
classes = (points.prod(axis=1) > 0).astype(np.int32)
train_set = points[:64], classes[:64]
test_set = points[64:], classes[64:]


W1 = tf.Variable(tf.random_normal_initializer(stddev=0.5)([FEATURES, 16]), name='hidden/W')
b1 = tf.Variable(tf.zeros_initializer()([16]), name='hidden/b')
W2 = tf.Variable(tf.random_normal_initializer(stddev=0.5)([16, 2]), name='softmax/W')

optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, FEATURES], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        h = tf.nn.relu(tf.matmul(x, W1) + b1)
        logits = tf.matmul(h, W2)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function(input_signature=[
    tf.TensorSpec([None, FEATURES], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def compute_accuracy(x, y):
    h = tf.nn.relu(tf.matmul(x, W1) + b1)
    logits = tf.matmul(h, W2)
    accuracy = tf.reduce_mean(tf.cast(tf.nn.in_top_k(predictions=logits, targets=y, k=1), tf.float32))
    return accuracy


for epoch in range(4):
    l = train_epoch(train_set)
    a = evaluate(test_set)
    print("epoch %d: loss %.5f, accuracy %.4f" % (epoch, l, a))
show([W1, b1, W2])
