"""CNN with tf.layers on tiny synthetic pictures, plain script."""
import tensorflow as tf
import numpy as np


def of_one_rank(labels, predictions):
    """Labels and predictions, either without a last axis that the other has not."""
    labels, predictions = tf.convert_to_tensor(labels), tf.convert_to_tensor(predictions)
    ranks = labels.shape.rank, predictions.shape.rank
    if None not in ranks and ranks[1] == ranks[0] + 1:
        predictions = tf.squeeze(predictions, [-1])
    elif None not in ranks and ranks[0] == ranks[1] + 1:
        labels = tf.squeeze(labels, [-1])
    labels.shape.assert_is_compatible_with(predictions.shape)
    return labels, predictions


class StreamingMean:
    """The mean of all values that it was updated with, weighted; 0 before any."""

    def __init__(self):
        self.total = tf.Variable(0.0, trainable=False, name="total")
        self.count = tf.Variable(0.0, trainable=False, name="count")

    def result(self):
        """The mean so far."""
        return tf.math.divide_no_nan(self.total, tf.maximum(self.count, 0.0))

    def update(self, values, weights=None):
        """Adds values, and returns the mean with them."""
        values = tf.cast(values, tf.float32)
        if weights is None:
            count = tf.cast(tf.size(values), tf.float32)
        else:
            weights = tf.cast(weights, tf.float32) * tf.ones_like(values)
            count = tf.reduce_sum(weights)
            values = values * weights
        self.total.assign_add(tf.reduce_sum(values))
        self.count.assign_add(count)
        return self.result()

    def reset(self):
        """Forgets everything."""
        self.total.assign(0.0)
        self.count.assign(0.0)


class StreamingAccuracy(StreamingMean):
    """How often predictions were equal to labels."""

    def update(self, labels, predictions, weights=None):
        """Adds labels and predictions of one shape, and returns the accuracy with them."""
        labels, predictions = of_one_rank(labels, predictions)
        return super().update(tf.equal(tf.cast(predictions, labels.dtype), labels), weights)


np.random.seed(1)

BATCH_SIZE = 20
LR = 0.01              # learning rate

# a blob of light in one of the four quarters
pics = np.random.normal(0, 0.2, (100, 16, 16))
quarter = np.random.randint(0, 4, 100)
for p, q in zip(pics, quarter):
    r, c = (q // 2) * 8, (q % 2) * 8
    p[r + 2:r + 6, c + 2:c + 6] += 1.0
test_x, test_y = pics[80:], np.eye(4)[quarter[80:]]
train_x, train_y = pics[:80], np.eye(4)[quarter[:80]]


# CNN
conv1_layer = tf.keras.layers.Conv2D(4, 5, strides=1, padding='same', activation=tf.nn.relu)
conv2_layer = tf.keras.layers.Conv2D(8, 3, strides=1, padding='same', activation=tf.nn.relu)
output_layer = tf.keras.layers.Dense(4)


def forward(tf_x):
    image = tf.reshape(tf_x, [-1, 16, 16, 1])              # (batch, height, width, channel)
    conv1 = conv1_layer(image)           # -> (16, 16, 4)
    pool1 = tf.nn.max_pool2d(
        conv1,
        2,
        2, "VALID",
    )           # -> (8, 8, 4)
    conv2 = conv2_layer(pool1)    # -> (8, 8, 8)
    pool2 = tf.nn.max_pool2d(conv2, 2, 2, "VALID")    # -> (4, 4, 8)
    flat = tf.reshape(pool2, [-1, 4*4*8])          # -> (4*4*8, )
    output = output_layer(flat)              # output layer
    return flat, output


@tf.function(input_signature=[tf.TensorSpec([None, 16, 16], tf.float32)])
def compute_output(tf_x):
    _, output = forward(tf_x)              # output layer
    return output


optimizer = tf.keras.optimizers.Adam(LR, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, 16, 16], tf.float32), tf.TensorSpec([None, 4], tf.int32)])
def train_step(tf_x, tf_y):
    with tf.GradientTape() as tape:
        _, output = forward(tf_x)              # output layer
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(tf.cast(tf_y, output.dtype)), logits=output))           # compute cost
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


accuracy_metric = StreamingAccuracy()


@tf.function(input_signature=[tf.TensorSpec([None, 16, 16], tf.float32), tf.TensorSpec([None, 4], tf.int32)])
def compute_accuracy_and_flat(tf_x, tf_y):
    flat, output = forward(tf_x)              # output layer
    accuracy = accuracy_metric.update(labels=tf.argmax(tf_y, axis=1), predictions=tf.argmax(output, axis=1))
    return accuracy, flat


for step in range(16):
    i = step % 4
    b_x, b_y = train_x[i*BATCH_SIZE:(i+1)*BATCH_SIZE], train_y[i*BATCH_SIZE:(i+1)*BATCH_SIZE]
    loss_ = train_step(tf_x=b_x, tf_y=b_y).numpy()
    if step % 5 == 0:
        accuracy_, flat_representation = (value.numpy() for value in compute_accuracy_and_flat(tf_x=test_x, tf_y=test_y))
        print('Step:', step, '| train loss: %.4f' % loss_, '| test accuracy: %.2f' % accuracy_,
              '| features: %.4f' % flat_representation.mean())

# print 10 predictions from test data
test_output = compute_output(tf_x=test_x[:10]).numpy()
pred_y = np.argmax(test_output, 1)
print(pred_y.tolist(), 'prediction')
print(np.argmax(test_y[:10], 1).tolist(), 'real')
