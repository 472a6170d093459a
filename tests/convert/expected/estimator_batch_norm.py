"""An Estimator with batch normalisation, whose updates the train op waits for, and input functions of arguments."""
import functools

import numpy as np
import tensorflow as tf


import re


COLLECTIONS = {}  # by name, what was added, with its scope


def add_to_collection(names, value, scope=""):
    """Adds a value to a collection, or to several; a variable once. Returns the value."""
    for name in [names] if isinstance(names, str) else names:
        collection = COLLECTIONS.setdefault(name, [])
        if not isinstance(value, tf.Variable) or not any(value is other for other, _ in collection):
            collection.append((value, scope))
    return value


def get_collection(name, scope=None):
    """What was added to a collection, or what of it stands below a scope."""
    return [value for value, place in COLLECTIONS.get(name, ()) if re.match(scope or "", place)]


def clear_collections(*names):
    """Empties collections: each function computes what it adds to them anew."""
    for name in names:
        COLLECTIONS.pop(name, None)


def run_ops(*ops):
    """Runs the updates among ops."""
    for op in tf.nest.flatten(ops):
        if callable(op):
            op()


class BatchNormalization:
    """Batch normalisation whose moving averages move only where the updates that it collects are run.

    fused: as TF1's fused kernel computes, whose moving variance is of a sample; None: where inputs have four axes.
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer=tf.zeros_initializer(),
        gamma_initializer=tf.ones_initializer(),
        moving_mean_initializer=tf.zeros_initializer(),
        moving_variance_initializer=tf.ones_initializer(),
        fused=None,
        trainable=True,
        updates="update_ops",
        name="batch_normalization",
    ):
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.initializers = {
            "gamma": gamma_initializer if scale else None,
            "beta": beta_initializer if center else None,
            "moving_mean": moving_mean_initializer,
            "moving_variance": moving_variance_initializer,
        }
        self.fused, self.trainable, self.updates, self.name = fused, trainable, updates, name
        self.variables = []
        self.gamma = self.beta = None

    @property
    def trainable_variables(self):
        """Its scale and shift."""
        return [v for v in self.variables if v.trainable]

    def build(self, size):
        """Makes the variables, also while a function is being traced."""
        with tf.init_scope(), tf.name_scope(self.name):
            for name, initializer in self.initializers.items():
                if initializer is not None:
                    trained = self.trainable and not name.startswith("moving")
                    variable = tf.Variable(initializer([size]), trainable=trained, name=name)
                    setattr(self, name, variable)
                    self.variables.append(variable)

    def __call__(self, inputs, training=False):
        axis = self.axis[0] if isinstance(self.axis, (list, tuple)) else self.axis
        axis %= len(inputs.shape)
        if not self.variables:
            self.build(inputs.shape[axis])
        fused = self.fused is not False and len(inputs.shape) == 4 or self.fused and len(inputs.shape) == 2
        compute = self._fused if fused and axis == len(inputs.shape) - 1 else self._plain
        if isinstance(training, (bool, int, type(None))):
            outputs, mean, variance = compute(inputs, axis, bool(training))
        else:
            outputs, mean, variance = tf.cond(
                tf.cast(training, tf.bool),
                lambda: compute(inputs, axis, True),
                lambda: compute(inputs, axis, False),
            )
        if not isinstance(training, (bool, int, type(None))) or training:
            self._collect(mean, variance)
        return outputs

    def _collect(self, mean, variance):
        """Collects the updates of both averages; or runs them, where they are collected nowhere."""

        def update(average, value):
            return lambda: average.assign_sub((average - value) * (1.0 - self.momentum))

        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            if self.updates is None:
                update(average, value)()
            else:
                add_to_collection(self.updates, update(average, value), average.name)

    def _plain(self, inputs, axis, training):
        mean, variance = self.moving_mean + 0.0, self.moving_variance + 0.0
        if training:
            mean, variance = tf.nn.moments(inputs, [a for a in range(len(inputs.shape)) if a != axis])
        shape = [-1 if a == axis else 1 for a in range(len(inputs.shape))]
        arguments = [
            None if v is None else tf.reshape(v, shape) for v in (mean, variance, self.beta, self.gamma)
        ]
        return tf.nn.batch_normalization(inputs, *arguments, self.epsilon), mean, variance

    def _fused(self, inputs, axis, training):
        images = inputs if len(inputs.shape) == 4 else inputs[:, None, None, :]
        ones, zeros = tf.ones_like(self.moving_variance), tf.zeros_like(self.moving_mean)
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=images,
            scale=ones if self.gamma is None else self.gamma,
            offset=zeros if self.beta is None else self.beta,
            mean=tf.zeros([0]) if training else self.moving_mean,
            variance=tf.zeros([0]) if training else self.moving_variance,
            epsilon=self.epsilon,
            is_training=training,
        )
        if not training:
            mean, variance = self.moving_mean + 0.0, self.moving_variance + 0.0
        return outputs if images is inputs else outputs[:, 0, 0, :], mean, variance


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


class Optimizer(tf.Module):
    """What the optimizers share: a learning rate that may be assigned, and the variables' slots.

    A subclass says in `dense` how a gradient moves a variable, and in `sparse` how the gradient
    of some rows does.
    """

    def __init__(self, learning_rate, name, starts=()):
        super().__init__()
        if not isinstance(learning_rate, tf.Variable):
            learning_rate = tf.Variable(
                learning_rate, trainable=False, dtype=tf.float32, name="learning_rate"
            )
        self.learning_rate = learning_rate
        self.slot_name = name
        self.starts = starts  # of each slot, the value before the first step
        self.slots = {}  # by their names in TF1's checkpoints: <variable>/Adam, <variable>/Adam_1
        self._names = {}

    def apply_gradients(self, grads_and_vars, global_step=None):
        """Moves each variable that has a gradient, then counts the step."""
        self.move(grads_and_vars)
        self.finish()
        if global_step is not None:
            global_step.assign_add(1)

    def move(self, grads_and_vars):
        """Moves each variable that has a gradient. Several moves of one step come before `finish`."""
        grads_and_vars = [
            (gradient, variable) for gradient, variable in grads_and_vars if gradient is not None
        ]
        if not grads_and_vars:
            raise ValueError("No gradients provided for any variable.")
        for gradient, variable in grads_and_vars:
            variable = self._known(variable)
            if isinstance(gradient, tf.IndexedSlices):
                # A row that was looked up twice has one gradient, the sum.
                rows, places = tf.unique(gradient.indices)
                self.sparse(
                    variable,
                    tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows)),
                    rows,
                )
            else:
                self.dense(variable, gradient)

    def finish(self):
        """Called when all variables were moved."""
        return None

    def build(self, variables):
        """Makes all slots now, as for a checkpoint to be loaded; else the first step does."""
        for variable in map(self._known, variables):
            for number in range(len(self.starts)):
                self.slot(variable, number)

    def slot(self, variable, number=0):
        """The variable's slot with this number, made at its first use."""
        key = f"{self._names[variable.ref()]}/{self.slot_name}" + (f"_{number}" if number else "")
        if key not in self.slots:
            with tf.init_scope(), tf.name_scope(""):
                value = tf.fill(variable.shape, tf.cast(self.starts[number], variable.dtype))
                self.slots[key] = tf.Variable(value, trainable=False, name=key)
        return self.slots[key]

    def _known(self, variable):
        """The variable, or that of a Keras layer, with a name that no other variable has."""
        name = getattr(variable, "path", variable.name).split(":")[0]
        if not isinstance(variable, tf.Variable):
            variable = variable.value
        if variable.ref() not in self._names:
            while name in self._names.values():
                name += "_1"
            self._names[variable.ref()] = name
        return variable

    def put(self, variable, rows, value):
        """Writes the rows of a variable or slot; the rows that were written."""
        variable.scatter_update(tf.IndexedSlices(value, rows))
        return value


class RMSPropOptimizer(Optimizer):
    """RMSProp whose mean of squares starts at 1, with epsilon under the root."""

    def __init__(
        self,
        learning_rate,
        decay=0.9,
        momentum=0.0,
        epsilon=1e-10,
        use_locking=False,
        centered=False,
        name="RMSProp",
    ):
        super().__init__(learning_rate, name, [1.0, 0.0, 0.0] if centered else [1.0, 0.0])
        self.decay = decay
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def dense(self, variable, gradient):
        arguments = {
            "var": variable.handle,
            "ms": self.slot(variable, 0).handle,
            "lr": tf.cast(self.learning_rate, variable.dtype),
            "rho": tf.cast(self.decay, variable.dtype),
            "momentum": tf.cast(self.momentum, variable.dtype),
            "epsilon": tf.cast(self.epsilon, variable.dtype),
            "grad": gradient,
        }
        if self.centered:
            mg, mom = self.slot(variable, 1), self.slot(variable, 2)
            tf.raw_ops.ResourceApplyCenteredRMSProp(mg=mg.handle, mom=mom.handle, **arguments)
        else:
            tf.raw_ops.ResourceApplyRMSProp(mom=self.slot(variable, 1).handle, **arguments)

    def sparse(self, variable, gradient, rows):
        rate, rho = tf.cast(self.learning_rate, variable.dtype), tf.cast(self.decay, variable.dtype)
        squares = self.slot(variable, 0)
        square = self.put(
            squares, rows, tf.gather(squares, rows) * rho + gradient * gradient * (1 - rho)
        )
        if self.centered:
            means = self.slot(variable, 1)
            mean = self.put(means, rows, tf.gather(means, rows) * rho + gradient * (1 - rho))
            square -= mean * mean
        moves = self.slot(variable, 2 if self.centered else 1)
        move = rate * gradient * tf.math.rsqrt(square + tf.cast(self.epsilon, variable.dtype))
        move = self.put(
            moves, rows, tf.gather(moves, rows) * tf.cast(self.momentum, variable.dtype) + move
        )
        variable.scatter_sub(tf.IndexedSlices(move, rows))


rs = np.random.RandomState(8)
inputs = rs.randn(64, 6).astype(np.float32) * 3 + 1
targets = np.tanh(inputs[:, :2].sum(axis=1)).astype(np.float32)


def input_fn(x, y, batch_size, training):
    """A dataset of features and targets, or of features alone."""
    dataset = tf.data.Dataset.from_tensor_slices(x if y is None else (x, y))
    if training:
        dataset = dataset.repeat(5)
    return dataset.batch(batch_size).prefetch(1)


def constant_input_fn():
    return tf.data.Dataset.from_tensors((tf.constant(inputs[:10]), tf.constant(targets[:10]))).repeat()


tf.random.set_seed(5)
global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
params = dict(units=8, learning_rate=0.01)
net_layer = tf.keras.layers.Dense(params["units"], use_bias=False)
net_layer_2 = BatchNormalization(momentum=0.9)
outputs_2 = tf.keras.layers.Dense(1, name="outputs")


def forward(features, training):
    net = features
    if training:
        # some noise
        net = net + tf.random.normal(tf.shape(net), stddev=0.01)
    net = net_layer(net)
    net = net_layer_2(net, training=training)
    net = tf.nn.relu(net)
    outputs = outputs_2(net)[:, 0]
    return outputs


@tf.function
def evaluate_2(features):
    outputs = forward(features, training=False)
    return {"y": outputs, "doubled": 2 * outputs}


loss_metric = StreamingMean()


@tf.function
def update_metrics(features, labels):
    outputs = forward(features, training=False)
    loss = tf.reduce_mean(tf.square(outputs - labels))
    loss_metric.update(values=loss)


step = global_step
optimizer = RMSPropOptimizer(params["learning_rate"])


@tf.function
def train_step(features, labels):
    training = True
    clear_collections("update_ops")
    with tf.GradientTape() as tape:
        net = features
        if training:
            # some noise
            net = net + tf.random.normal(tf.shape(net), stddev=0.01)
        net = net_layer(net)
        net = net_layer_2(net, training=training)
        net = tf.nn.relu(net)
        outputs = outputs_2(net)[:, 0]
        loss = tf.reduce_mean(tf.square(outputs - labels))
    update_ops = get_collection("update_ops")
    run_ops(update_ops)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    step.assign_add(1)


def evaluate(dataset):
    loss_metric.reset()
    for x, y in dataset:
        update_metrics(features=x, labels=y)
    return {
        "loss": loss_metric.result().numpy(),
        "global_step": global_step.numpy(),
    }


def predict(dataset):
    for element in dataset:
        x = element[0] if isinstance(element, tuple) else element
        yield tf.nest.map_structure(lambda value: value.numpy(), evaluate_2(features=x))


for x, y in input_fn(inputs, targets, batch_size=16, training=True):
    train_step(features=x, labels=y)
print(sorted(evaluate(input_fn(inputs, targets, 30, False)).items()))
for x, y in constant_input_fn().take(3):
    train_step(features=x, labels=y)
print(sorted(evaluate(constant_input_fn().take(2)).items()))
for batch in predict(input_fn(inputs[:7], None, 4, False)):
    print(len(batch["y"]), "%.5f" % batch["doubled"].sum())
