"""Metrics that add up over runs, with TF1's pair of a value and an update."""

import tensorflow as tf

NEEDS = {"StreamingAccuracy": ["StreamingMean"], "StreamingError": ["StreamingMean"]}


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
        return super().update(tf.equal(tf.cast(predictions, labels.dtype), labels), weights)


class StreamingError(StreamingMean):
    """The mean of an error of predictions: "absolute" or "squared"."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def update(self, labels, predictions, weights=None):
        """Adds labels and predictions of one shape, and returns the mean error with them."""
        difference = tf.cast(predictions, tf.float32) - tf.cast(labels, tf.float32)
        return super().update(tf.abs(difference) if self.error == "absolute" else tf.square(difference), weights)
