"""The learning rate is fed; Python decides when it falls."""
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


class MomentumOptimizer(Optimizer):
    """a = momentum * a + g; v -= learning_rate * a

    A new learning rate holds for all of a at once, unlike in Keras.
    """

    def __init__(
        self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False
    ):
        super().__init__(learning_rate, name, [0.0])
        self.momentum = momentum
        self.use_nesterov = use_nesterov

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=self.slot(variable).handle,
            lr=tf.cast(self.learning_rate, variable.dtype),
            grad=gradient,
            momentum=tf.cast(self.momentum, variable.dtype),
            use_nesterov=self.use_nesterov,
        )

    def sparse(self, variable, gradient, rows):
        rate = tf.cast(self.learning_rate, variable.dtype)
        momentum = tf.cast(self.momentum, variable.dtype)
        slot = self.slot(variable)
        a = self.put(slot, rows, tf.gather(slot, rows) * momentum + gradient)
        move = rate * gradient + rate * momentum * a if self.use_nesterov else rate * a
        variable.scatter_sub(tf.IndexedSlices(move, rows))


np.random.seed(3)
n, d = 64, 5
inputs = np.random.uniform(-1, 1, (n, d))
outputs = np.tanh(inputs.dot(np.arange(d))).reshape(n, 1)


W = tf.Variable(tf.keras.initializers.GlorotUniform()([d, 1]), name='W')
b = tf.Variable(tf.constant_initializer(0.0)([1]), name='b')


@tf.function(input_signature=[
    tf.TensorSpec([None, d], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss(X, Y):
    out = tf.tanh(tf.matmul(X, W) + b)
    loss = tf.reduce_mean((out - Y) ** 2)
    return loss


optimizer = tf.keras.optimizers.SGD()


@tf.function(input_signature=[
    tf.TensorSpec([None, d], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([], tf.float32),
])
def train_step(X, Y, lr):
    with tf.GradientTape() as tape:
        out = tf.tanh(tf.matmul(X, W) + b)
        loss = tf.reduce_mean((out - Y) ** 2)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.learning_rate.assign(lr)
    optimizer.apply_gradients(zip(gradients, variables))


optimizer_2 = MomentumOptimizer(0.0, momentum=tf.Variable(0.0, trainable=False))


@tf.function(input_signature=[
    tf.TensorSpec([None, d], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([], tf.float32),
    tf.TensorSpec([], tf.float32),
])
def train_step_2(X, Y, lr, mom):
    with tf.GradientTape() as tape:
        out = tf.tanh(tf.matmul(X, W) + b)
        loss = tf.reduce_mean((out - Y) ** 2)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer_2.learning_rate.assign(lr)
    optimizer_2.momentum.assign(mom)
    optimizer_2.apply_gradients(zip(gradients, variables))
    return loss


optimizer_3 = tf.keras.optimizers.Adam(epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, d], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([], tf.float32),
])
def train_step_3(X, Y, lr):
    with tf.GradientTape() as tape:
        out = tf.tanh(tf.matmul(X, W) + b)
        loss = tf.reduce_mean((out - Y) ** 2)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer_3.learning_rate.assign(lr)
    optimizer_3.apply_gradients(zip(gradients, variables))
    return loss


rate = 1.0
best = None
for epoch in range(8):
    train_step(X=inputs, Y=outputs, lr=rate)
    l = compute_loss(X=inputs, Y=outputs).numpy()
    if best is not None and l > best * 0.9:
        rate *= 0.5
    best = l if best is None else min(best, l)
    print("epoch %d lr %.3f loss %.6f" % (epoch, rate, l))

for m in (0.5, 0.9):
    for _ in range(4):
        l = train_step_2(X=inputs, Y=outputs, lr=rate * 0.1, mom=m).numpy()
    print("momentum %.1f loss %.6f" % (m, l))

for i in range(6):
    l = train_step_3(X=inputs, Y=outputs, lr=0.01 / (i + 1)).numpy()
print("adam loss %.6f" % l)
print("W %.6f b %.6f" % (W.numpy().sum(), b.numpy()[0]))
