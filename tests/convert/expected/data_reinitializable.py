"""One iterator, two datasets: training and validation in turn, with shuffle of a
fixed order, filter, padded map and OutOfRangeError."""
import numpy as np
import tensorflow as tf

BATCH = 10
rs = np.random.RandomState(97)
train_x = rs.randn(45, 4).astype(np.float32)
train_y = (train_x[:, 0] - train_x[:, 3] > 0).astype(np.int32)
valid_x = rs.randn(20, 4).astype(np.float32)
valid_y = (valid_x[:, 0] - valid_x[:, 3] > 0).astype(np.int32)


def scale(x, y):
    return x * 0.5, y


train_data = tf.data.Dataset.from_tensor_slices((train_x, train_y)).map(scale).batch(BATCH)
valid_data = tf.data.Dataset.from_tensor_slices((valid_x, valid_y)).map(scale)
valid_data = valid_data.filter(lambda x, y: tf.less(tf.reduce_max(x), 1.0)).batch(BATCH)


w = tf.Variable(tf.random_normal_initializer(0, 0.01)([4, 2]), name='w')
b = tf.Variable(tf.zeros_initializer()([2]), name='b')
optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)


@tf.function
def train_step(iterator):
    with tf.GradientTape() as tape:
        features, labels = next(iterator)
        logits = tf.matmul(features, w) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function
def compute_correct_and_n(iterator):
    features, labels = next(iterator)
    logits = tf.matmul(features, w) + b
    correct = tf.reduce_sum(tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), labels), tf.float32))
    n = tf.shape(labels)[0]
    return correct, n


for epoch in range(3):
    # train
    iterator = iter(train_data)
    total_loss = 0
    n_batches = 0
    try:
        while True:
            l = train_step(iterator).numpy()
            total_loss += l
            n_batches += 1
    except tf.errors.OutOfRangeError:
        pass
    print('Average loss epoch {0}: {1:.5f} ({2} batches)'.format(epoch, total_loss / n_batches, n_batches))

    # validate
    iterator = iter(valid_data)
    right, seen = 0, 0
    while True:
        try:
            r, k = (value.numpy() for value in compute_correct_and_n(iterator))
        except tf.errors.OutOfRangeError:
            break
        right += r
        seen += k
    print('Accuracy {0:.3f} of {1}'.format(right / seen, seen))
