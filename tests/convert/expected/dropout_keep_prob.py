"""tf.nn.dropout with a keep probability that is fed; a new mask at every run."""
import numpy as np
import tensorflow as tf


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


rs = np.random.RandomState(10)
train_x = rs.randn(60, 10)
train_y = np.eye(2)[(train_x[:, 0] > 0).astype(int)]


w_h = tf.Variable(tf.random.normal([10, 20], stddev=0.2))
w_h2 = tf.Variable(tf.random.normal([20, 20], stddev=0.2))
w_o = tf.Variable(tf.random.normal([20, 2], stddev=0.2))


def model(X, w_h, w_h2, w_o, p_keep):
    X = tf.nn.dropout(X, rate=1 - p_keep)
    h = tf.nn.relu(tf.matmul(X, w_h))
    h = tf.nn.dropout(h, rate=1 - p_keep)
    h2 = tf.nn.relu(tf.matmul(h, w_h2))
    h2 = tf.nn.dropout(h2, rate=1 - p_keep, noise_shape=[tf.shape(h2)[0], 20])
    return tf.matmul(h2, w_o)


@tf.function(input_signature=[
    tf.TensorSpec([None, 10], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_cost(x, y, keep_prob):
    py_x = model(x, w_h, w_h2, w_o, keep_prob)
    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=py_x, labels=y))
    return cost


optimizer = RMSPropOptimizer(0.005, decay=0.9)


@tf.function(input_signature=[
    tf.TensorSpec([None, 10], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def train_step(x, y, keep_prob):
    with tf.GradientTape() as tape:
        py_x = model(x, w_h, w_h2, w_o, keep_prob)
        cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=py_x, labels=y))
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))


@tf.function(input_signature=[
    tf.TensorSpec([None, 10], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_predict_op(x, keep_prob):
    py_x = model(x, w_h, w_h2, w_o, keep_prob)
    predict_op = tf.argmax(py_x, 1)
    return predict_op


@tf.function(input_signature=[tf.TensorSpec(None, tf.float32)])
def compute_mask(keep_prob):
    mask = tf.nn.dropout(tf.ones([200]), rate=1 - keep_prob)
    return mask


for i in range(5):
    for start, end in zip(range(0, 60, 20), range(20, 61, 20)):
        train_step(x=train_x[start:end], y=train_y[start:end], keep_prob=0.8)
    print(i, 'cost %.5f' % compute_cost(x=train_x, y=train_y, keep_prob=1.0).numpy(),
          'accuracy %.3f' % np.mean(np.argmax(train_y, axis=1) ==
                                    compute_predict_op(x=train_x, keep_prob=1.0).numpy()))
m1 = compute_mask(keep_prob=0.5).numpy()
m2 = compute_mask(keep_prob=0.5).numpy()
print('masks differ:', bool((m1 != m2).any()), 'values:', sorted(set(m1.tolist())))
