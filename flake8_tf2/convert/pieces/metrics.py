"""Metrics that add up over runs, with TF1's pair of a value and an update."""

import tensorflow as tf

NEEDS = {
    "StreamingAccuracy": ["StreamingMean", "of_one_rank"], "StreamingError": ["StreamingMean", "of_one_rank"],
    "StreamingRootError": ["StreamingError"], "StreamingPrecision": ["StreamingMean", "of_one_rank"],
    "StreamingRecall": ["StreamingMean", "of_one_rank"], "StreamingAUC": ["of_one_rank"],
}  # fmt: skip


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


class StreamingError(StreamingMean):
    """The mean of an error of predictions: "absolute" or "squared"."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def update(self, labels, predictions, weights=None):
        """Adds labels and predictions of one shape, and returns the mean error with them."""
        labels, predictions = of_one_rank(labels, predictions)
        difference = tf.cast(predictions, tf.float32) - tf.cast(labels, tf.float32)
        return super().update(tf.abs(difference) if self.error == "absolute" else tf.square(difference), weights)


class StreamingRootError(StreamingError):
    """The root of the mean of a squared error."""

    def __init__(self):
        super().__init__("squared")

    def result(self):
        """The root so far."""
        return tf.sqrt(super().result())


class StreamingPrecision(StreamingMean):
    """How many of those that are predicted, not 0 or False, are so by their labels."""

    def update(self, labels, predictions, weights=None):
        """Adds labels and predictions of one shape, and returns the precision with them."""
        labels, predictions = of_one_rank(tf.cast(labels, tf.bool), tf.cast(predictions, tf.bool))
        predicted = tf.cast(predictions, tf.float32)
        return super().update(labels, predicted if weights is None else predicted * tf.cast(weights, tf.float32))


class StreamingRecall(StreamingMean):
    """How many of those that are so by their labels, not 0 or False, are predicted."""

    def update(self, labels, predictions, weights=None):
        """Adds labels and predictions of one shape, and returns the recall with them."""
        labels, predictions = of_one_rank(tf.cast(labels, tf.bool), tf.cast(predictions, tf.bool))
        true = tf.cast(labels, tf.float32)
        return super().update(predictions, true if weights is None else true * tf.cast(weights, tf.float32))


class StreamingAUC:
    """The area below the curve of the true positive rate over the false one, at thresholds from 0 to 1."""

    def __init__(self, num_thresholds=200):
        inner = [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        self.thresholds = tf.constant([-1e-7, *inner, 1.0 + 1e-7])
        self.counts = tf.Variable(tf.zeros([4, num_thresholds]), trainable=False, name="confusion")

    def result(self):
        """The area so far."""
        true, missed, refused, false = tf.unstack(self.counts)
        y = (true + 1e-6) / (true + missed + 1e-6)
        x = false / (false + refused + 1e-6)
        return tf.reduce_sum((x[:-1] - x[1:]) * (y[:-1] + y[1:]) / 2.0)

    def update(self, labels, predictions, weights=None):
        """Adds labels and predictions, from 0 to 1 and of one shape, and returns the area with them."""
        labels, predictions = of_one_rank(tf.cast(labels, tf.bool), tf.cast(predictions, tf.float32))
        count = tf.ones_like(predictions)
        if weights is not None:
            count *= tf.cast(weights, tf.float32)
        labels, count = tf.reshape(labels, [-1]), tf.reshape(count, [-1])
        above = tf.reshape(predictions, [1, -1]) > self.thresholds[:, None]
        found = [labels & above, labels & ~above, ~labels & ~above, ~labels & above]
        self.counts.assign_add([tf.reduce_sum(tf.cast(one, tf.float32) * count, axis=1) for one in found])
        return self.result()

    def reset(self):
        """Forgets everything."""
        self.counts.assign(tf.zeros_like(self.counts))
