"""A momentum and a learning rate that are fed at each step."""
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


rs = np.random.RandomState(5)
A = rs.randn(80, 6)
B = A.dot(rs.randn(6, 1)) + 0.1 * rs.randn(80, 1)


w = tf.Variable(tf.random.normal([6, 1], stddev=0.3), name='w')
b = tf.Variable(tf.zeros([1]), name='b')
optimizer = MomentumOptimizer(0.0, momentum=tf.Variable(0.0, trainable=False))


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([], tf.float32),
    tf.TensorSpec([], tf.float32),
])
def train_step(x, y, lr, mom):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.learning_rate.assign(lr)
    optimizer.momentum.assign(mom)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


for step in range(30):
    momentum = 0.5 if step < 10 else 0.9
    rate = 0.05 / (1 + step // 10)
    k = step % 4 * 20
    l = train_step(x=A[k:k + 20], y=B[k:k + 20], lr=rate, mom=momentum).numpy()
    if step % 5 == 0:
        print('step %d loss %.5f' % (step, l))
print('weights', w.numpy().ravel(), b.numpy())
