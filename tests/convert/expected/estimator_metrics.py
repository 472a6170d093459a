"""An Estimator with many metrics, evaluated after each epoch; the last batch of each is smaller."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
import re


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


class State:
    """Variables and layers with TF1's names: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self.listed = []
        self._scopes, self._places = [], []
        self._counts, self._numbers = [{}], {}
        self._contexts = []
        self._rules = {}

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._scopes.append(name)
        # With a slash TensorFlow takes the name as it is: entered again, it would get a number.
        return self._enter(name, tf.name_scope(self._full("")))

    def label(self, name):
        """A context that tells apart what has no name of its own; it is no part of names."""
        self._scopes.append("")
        return self._enter(f"{name}:", contextlib.nullcontext())

    def _enter(self, place, context):
        self._places.append(place)
        self._counts.append({})
        self._contexts.append(context)
        context.__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._contexts.pop().__exit__(*error)
        self._scopes.pop()
        self._places.pop()
        self._counts.pop()

    def get(self, name, make, *inputs, **options):
        """What has this name; of a layer, what it makes of inputs."""
        return self._called(self._find(self._full(name), make), inputs, options)

    def new(self, name, make, *inputs, **options):
        """The next of this kind: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        made = self._find((*self._places, name, count), lambda: make(self._unique(name)))
        return self._called(made, inputs, options)

    def keep(self, *objects):
        """List variables, and those of layers and cells, that the program made itself."""
        self.listed += [o for o in tf.nest.flatten(objects) if not any(o is other for other in self.listed)]

    def variables(self, scope="", trainable=False):
        """All variables, or those that are trained, whose names begin with a scope, in the order of TF1."""
        found = {}
        for made in self.listed:
            of_made = [made] if isinstance(made, tf.Variable) else made.variables
            if trainable and not isinstance(made, tf.Variable):
                of_made = getattr(made, "trainable_variables", of_made)  # none of a layer that is not trained
            for v in of_made:
                v = v if isinstance(v, tf.Variable) else v.value  # those of Keras hold one
                if re.match(scope or "", v.name) and (v.trainable or not trainable):
                    found[v.ref()] = v
        return list(found.values())

    def regularize(self, variable, regularizer):
        """Note that a variable has a regularizer; gives back the variable."""
        self._rules.setdefault(variable.ref(), (variable, regularizer))
        return variable

    def regularizers(self, scope=""):
        """The regularization losses of what was made below a scope, as functions."""
        found = dict(self._rules)
        for made in self.listed:
            for v in [] if isinstance(made, tf.Variable) else made.variables:
                if getattr(v, "regularizer", None) is not None:
                    found[v.value.ref()] = (v.value, v.regularizer)
        rules = [(v, rule) for v, rule in found.values() if rule is not None and re.match(scope or "", v.name)]
        return [functools.partial(rule, v) for v, rule in rules]

    def _full(self, name):
        return "/".join([*filter(None, self._scopes), name])

    def _find(self, key, make):
        if key not in self.made:
            with tf.init_scope():
                self.made[key] = make()
            self.listed += [m for m in [self.made[key]] if hasattr(m, "variables") or isinstance(m, tf.Variable)]
        return self.made[key]

    @staticmethod
    def _called(made, inputs, options):
        if not inputs:
            return made
        if isinstance(made, tf.keras.layers.Layer) and not made.built:
            with tf.init_scope():  # in the graph of a function the names of its variables would get numbers
                made.build(inputs[0].shape)
        return made(*inputs, **options)

    def _unique(self, name):
        number = self._numbers.get(self._full(name), 0)
        self._numbers[self._full(name)] = number + 1
        return f"{name}_{number}" if number else name


state = State()


class Data(object):
    def __init__(self, count, seed):
        rs = np.random.RandomState(seed)
        self.x = rs.randn(count, 5).astype(np.float32)
        self.y = (self.x[:, 0] * self.x[:, 1] + 0.3 * rs.randn(count) > 0.2).astype(np.int64)


train_data, test_data = Data(70, 21), Data(45, 22)


def input_fn_of(data, batch_size):
    def input_fn():
        dataset = tf.data.Dataset.from_tensor_slices((data.x, data.y))
        return dataset.batch(batch_size)
    return input_fn


def hidden_layers(inputs, mode):
    net = inputs
    for index, units in enumerate([16, 8]):
        net = state.get("hidden%d" % index, lambda: tf.keras.layers.Dense(units, activation=tf.nn.relu, name="hidden%d" % index), net)
        net = (tf.nn.dropout(net, rate=0.1) if mode else net)
    return net


global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
logits_2 = tf.keras.layers.Dense(1, name="logits")


@tf.function
def compute_predicted(features):
    training = False
    net_2 = hidden_layers(features, training)
    logits = tf.squeeze(logits_2(net_2), 1)
    probabilities = tf.nn.sigmoid(logits)
    predicted = tf.cast(probabilities > 0.5, tf.int64)
    return predicted


optimizer = tf.keras.optimizers.Adam(epsilon=1e-8)


@tf.function
def train_step(features, labels):
    training = True
    with tf.GradientTape() as tape:
        net_2 = hidden_layers(features, training)
        logits = tf.squeeze(logits_2(net_2), 1)
        loss = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(labels, tf.float32), logits=logits))
        rate = tf.keras.optimizers.schedules.ExponentialDecay(0.02, 10, 0.95)(global_step)
    variables = tape.watched_variables()
    grads_and_vars = list(zip(tape.gradient(loss, variables), variables))
    clipped = [(tf.clip_by_norm(grad, 1.0), var) for grad, var in grads_and_vars]
    optimizer.learning_rate.assign(rate)
    optimizer.apply_gradients(clipped)
    global_step.assign_add(1)


accuracy_metric = StreamingAccuracy()
precision_metric = StreamingPrecision()
recall_metric = StreamingRecall()
auc_metric = StreamingAUC(100)
mean_probability_metric = StreamingMean()
rmse_metric = StreamingRootError()
loss_metric = StreamingMean()


@tf.function
def update_metrics(features, labels):
    training = False
    net_2 = hidden_layers(features, training)
    logits = tf.squeeze(logits_2(net_2), 1)
    probabilities = tf.nn.sigmoid(logits)
    predicted = tf.cast(probabilities > 0.5, tf.int64)
    loss = tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(labels, tf.float32), logits=logits))
    accuracy_metric.update(labels=labels, predictions=predicted)
    precision_metric.update(labels=labels, predictions=predicted)
    recall_metric.update(labels=labels, predictions=predicted)
    auc_metric.update(labels=labels, predictions=probabilities)
    mean_probability_metric.update(values=probabilities)
    rmse_metric.update(labels=tf.cast(labels, tf.float32), predictions=probabilities)
    loss_metric.update(values=loss)


def evaluate(dataset):
    accuracy_metric.reset()
    auc_metric.reset()
    loss_metric.reset()
    mean_probability_metric.reset()
    precision_metric.reset()
    recall_metric.reset()
    rmse_metric.reset()
    for x, y in dataset:
        update_metrics(features=x, labels=y)
    return {
        "accuracy": accuracy_metric.result().numpy(),
        "auc": auc_metric.result().numpy(),
        "loss": loss_metric.result().numpy(),
        "mean/probability": mean_probability_metric.result().numpy(),
        "precision": precision_metric.result().numpy(),
        "recall": recall_metric.result().numpy(),
        "rmse": rmse_metric.result().numpy(),
        "global_step": global_step.numpy(),
    }


def predict(dataset):
    for x, _ in dataset:
        yield from compute_predicted(features=x).numpy()


for epoch in range(4):
    for x, y in input_fn_of(train_data, 16)():
        train_step(features=x, labels=y)
    result = evaluate(input_fn_of(test_data, 10)())
    print("epoch %d:" % epoch, ", ".join("%s %.4f" % (key, result[key]) for key in sorted(result)))
print(list(predict(input_fn_of(test_data, 20)()))[:12])
