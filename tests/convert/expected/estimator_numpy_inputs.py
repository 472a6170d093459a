"""An Estimator fed by numpy_input_fn: a convolution over digits that the program draws, in a main function."""
from __future__ import print_function

import numpy as np
import tensorflow as tf
from absl import app
from absl import logging


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


logging.set_verbosity(logging.ERROR)


def draw(count, seed):
    random = np.random.RandomState(seed)
    images = random.rand(count, 64).astype(np.float32) * 0.3
    labels = random.randint(0, 2, count)
    for image, label in zip(images, labels):
        image[label * 32 + 8:label * 32 + 16] += 1.0
    return images, labels.astype(np.int32)


def main(unused_argv):
    train_images, train_labels = draw(90, seed=1)
    eval_images, eval_labels = draw(35, seed=2)

    global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
    # Convolution and pooling
    conv_layer = tf.keras.layers.Conv2D(4, [3, 3], padding="same", activation=tf.nn.relu)
    # Logits layer
    logits_layer = tf.keras.layers.Dense(2)

    def forward(features):
        images_2 = tf.reshape(features["x"], [-1, 8, 8, 1])
        conv = conv_layer(images_2)
        pool = tf.nn.max_pool2d(conv, [2, 2], 2, "VALID")
        flat = tf.reshape(pool, [-1, 4 * 4 * 4])
        logits = logits_layer(flat)
        return logits

    @tf.function
    def compute_predictions(features):
        logits = forward(features)
        predictions = {
            # for PREDICT and EVAL
            "classes": tf.argmax(input=logits, axis=1),
            "probabilities": tf.nn.softmax(logits, name="softmax_tensor"),
        }
        return predictions

    optimizer = tf.keras.optimizers.SGD(0.05, momentum=0.9)

    @tf.function
    def train_step(features, labels):
        with tf.GradientTape() as tape:
            logits = forward(features)
            onehot_labels = tf.one_hot(indices=tf.cast(labels, tf.int32), depth=2)
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(tf.cast(onehot_labels, logits.dtype)), logits=logits))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        global_step.assign_add(1)

    accuracy_metric = StreamingAccuracy()
    loss_metric = StreamingMean()

    @tf.function
    def update_metrics(features, labels):
        logits = forward(features)
        predictions = {
            # for PREDICT and EVAL
            "classes": tf.argmax(input=logits, axis=1),
            "probabilities": tf.nn.softmax(logits, name="softmax_tensor"),
        }
        onehot_labels = tf.one_hot(indices=tf.cast(labels, tf.int32), depth=2)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(tf.cast(onehot_labels, logits.dtype)), logits=logits))
        accuracy_metric.update(labels=labels, predictions=predictions["classes"])
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
        for x in dataset:
            values = tf.nest.map_structure(lambda value: value.numpy(), compute_predictions(features=x))
            for i in range(len(values['classes'])):
                yield {name: value[i] for name, value in values.items()}

    # Train
    train_data = tf.data.Dataset.from_tensor_slices(({"x": train_images}, train_labels))
    train_data = train_data.repeat().batch(20)
    for x, y in train_data.take(25):
        train_step(features=x, labels=y)

    # Evaluate
    eval_data = tf.data.Dataset.from_tensor_slices(({"x": eval_images}, eval_labels))
    eval_data = eval_data.batch(10)
    results = evaluate(eval_data)
    print("accuracy %.5f loss %.5f step %d" % (results["accuracy"], results["loss"], results["global_step"]))

    # Predict
    predict_data = tf.data.Dataset.from_tensor_slices({"x": eval_images[:5]})
    predict_data = predict_data.batch(128)
    for digit, label in zip(predict(predict_data), eval_labels):
        print(digit["classes"], label, "%.5f" % digit["probabilities"][1])


if __name__ == "__main__":
    app.run(main)
