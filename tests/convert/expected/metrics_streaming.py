"""tf.metrics over several batches: value and update op, local variables, a reset."""
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


rng = np.random.RandomState(77)
truth = rng.randint(0, 2, 40)
scores = np.clip(truth * 0.4 + rng.rand(40) * 0.6, 0.01, 0.99)


acc_metric = StreamingAccuracy()


@tf.function
def compute_acc():
    acc = acc_metric.result()
    return acc


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int64),
    tf.TensorSpec([None], tf.float32),
])
def update_metrics(labels, probs):
    predicted = tf.cast(probs > 0.5, tf.int64)
    acc_update = acc_metric.update(labels=labels, predictions=predicted)
    return acc_update


prec_metric = StreamingPrecision()
rec_metric = StreamingRecall()
mean_metric = StreamingMean()
auc_metric = StreamingAUC()
mse_metric = StreamingError("squared")


@tf.function
def evaluate():
    acc = acc_metric.result()
    prec = prec_metric.result()
    rec = rec_metric.result()
    mean = mean_metric.result()
    auc = auc_metric.result()
    mse = mse_metric.result()
    return {'accuracy': acc, 'precision': prec, 'recall': rec, 'mean': mean, 'auc': auc, 'mse': mse}


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int64),
    tf.TensorSpec([None], tf.float32),
])
def run_updates(labels, probs):
    predicted = tf.cast(probs > 0.5, tf.int64)
    acc_update = acc_metric.update(labels=labels, predictions=predicted)
    prec_update = prec_metric.update(labels=labels, predictions=predicted)
    rec_update = rec_metric.update(labels=labels, predictions=predicted)
    mean_update = mean_metric.update(values=probs)
    auc_update = auc_metric.update(labels=labels, predictions=probs)
    mse_update = mse_metric.update(labels=tf.cast(labels, tf.float32), predictions=probs)
    updates = tf.group(acc_update, prec_update, rec_update, mean_update, auc_update, mse_update)


def show():
    result = tf.nest.map_structure(lambda value: value.numpy(), evaluate())
    print(', '.join('%s %.5f' % (k, result[k]) for k in sorted(result)))


for i in range(0, 40, 10):
    run_updates(labels=truth[i:i + 10], probs=scores[i:i + 10])
    show()
acc_metric.reset()
prec_metric.reset()
rec_metric.reset()
mean_metric.reset()
auc_metric.reset()
mse_metric.reset()
a = update_metrics(labels=truth[:5], probs=scores[:5]).numpy()
print('after reset %.3f' % a)
print('accuracy by value op %.3f' % compute_acc().numpy())
