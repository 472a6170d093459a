"""An Estimator whose input functions give datasets, and tensors of an iterator: train, evaluate, predict."""
import numpy as np
import tensorflow as tf


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


def make_blobs(count, seed):
    random = np.random.RandomState(seed)
    points = random.randn(count, 4).astype(np.float32)
    labels = (points[:, 0] + points[:, 1] > 0).astype(np.int32) + (points[:, 2] > 1).astype(np.int32)
    return points, labels


TRAIN = make_blobs(120, seed=3)
TEST = make_blobs(50, seed=4)


def train_input_fn():
    dataset = tf.data.Dataset.from_tensor_slices(TRAIN)
    dataset = dataset.map(lambda points, label: ({"points": points}, label))
    return dataset.repeat().batch(32)


def eval_input_fn():
    features, labels = TEST
    dataset = tf.data.Dataset.from_tensor_slices(({"points": features}, labels)).batch(16)
    return dataset


global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
params = {
    "units": 12,
    "classes": 3,
    "rate": 0.1,
}
net_layer = tf.keras.layers.Dense(params["units"], activation=tf.nn.relu)
logits_layer = tf.keras.layers.Dense(params["classes"])


def forward(features, training):
    net = net_layer(features["points"])
    net = (tf.nn.dropout(net, rate=0.2) if training else net)
    logits = logits_layer(net)
    return logits


@tf.function
def compute_predictions(features):
    logits = forward(features, training=False)
    predictions = {
        "class": tf.argmax(logits, axis=1),
        "probabilities": tf.nn.softmax(logits),
    }
    return predictions


optimizer = tf.keras.optimizers.SGD(params["rate"])


@tf.function
def train_step(features, labels):
    with tf.GradientTape() as tape:
        logits = forward(features, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    global_step.assign_add(1)


# How good it is.
accuracy_metric = StreamingAccuracy()
loss_metric = StreamingMean()


@tf.function
def update_metrics(features, labels):
    logits = forward(features, training=False)
    predictions = {
        "class": tf.argmax(logits, axis=1),
        "probabilities": tf.nn.softmax(logits),
    }
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    accuracy_metric.update(labels=labels, predictions=predictions["class"])
    loss_metric.update(values=loss)


def evaluate(dataset):
    accuracy_metric.reset()
    loss_metric.reset()
    for x, y in dataset:
        update_metrics(features=x, labels=y)
    return {
        "accuracy": accuracy_metric.result().numpy(),
        "loss": loss_metric.result().numpy(),
        "global_step": global_step.numpy(),
    }


def predict(dataset):
    for x, _ in dataset:
        values = tf.nest.map_structure(lambda value: value.numpy(), compute_predictions(features=x))
        for i in range(len(values['class'])):
            yield {name: value[i] for name, value in values.items()}


for x, y in train_input_fn().take(40):
    train_step(features=x, labels=y)
before = evaluate(eval_input_fn())
for x, y in train_input_fn().take(20):
    train_step(features=x, labels=y)
after = evaluate(eval_input_fn().take(2))
for name, result in [("before", before), ("after", after)]:
    print(name, " ".join("%s=%.5f" % (key, result[key]) for key in sorted(result)))

for number, prediction in enumerate(predict(eval_input_fn())):
    if number < 4:
        print(prediction["class"], " ".join("%.5f" % p for p in prediction["probabilities"]))
print(number + 1, "examples")
