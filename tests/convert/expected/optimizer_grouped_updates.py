"""Two nets that share a head: gradients of the shared part are halved, and one group runs both updates."""
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


class AdamOptimizer(Optimizer):
    """Adam, with the powers of beta1 and beta2 kept in float32."""

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        use_locking=False,
        name="Adam",
    ):
        super().__init__(learning_rate, name, [0.0, 0.0])
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.beta1_power = tf.Variable(beta1, trainable=False, dtype=tf.float32, name="beta1_power")
        self.beta2_power = tf.Variable(beta2, trainable=False, dtype=tf.float32, name="beta2_power")

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self.slot(variable, 0).handle,
            v=self.slot(variable, 1).handle,
            beta1_power=tf.cast(self.beta1_power, variable.dtype),
            beta2_power=tf.cast(self.beta2_power, variable.dtype),
            lr=tf.cast(self.learning_rate, variable.dtype),
            beta1=tf.cast(self.beta1, variable.dtype),
            beta2=tf.cast(self.beta2, variable.dtype),
            epsilon=tf.cast(self.epsilon, variable.dtype),
            grad=gradient,
        )

    def sparse(self, variable, gradient, rows):
        # The means of all rows decay, and all rows move, also those that were not looked up.
        rate = tf.cast(self.learning_rate, variable.dtype)
        beta1, beta2 = tf.cast(self.beta1, variable.dtype), tf.cast(self.beta2, variable.dtype)
        beta1_power = tf.cast(self.beta1_power, variable.dtype)
        rate = rate * tf.sqrt(1 - tf.cast(self.beta2_power, variable.dtype)) / (1 - beta1_power)
        m, v = self.slot(variable, 0), self.slot(variable, 1)
        m.assign(m * beta1)
        m.scatter_add(tf.IndexedSlices(gradient * (1 - beta1), rows))
        v.assign(v * beta2)
        v.scatter_add(tf.IndexedSlices(gradient * gradient * (1 - beta2), rows))
        variable.assign_sub(rate * m / (tf.sqrt(v) + tf.cast(self.epsilon, variable.dtype)))

    def finish(self):
        self.beta1_power.assign(self.beta1_power * self.beta1)
        self.beta2_power.assign(self.beta2_power * self.beta2)


rs = np.random.RandomState(9)
left = rs.uniform(-1, 1, (60, 4))
right = left[:, ::-1] + 0.05 * rs.randn(60, 4)
goal = np.tanh(left.sum(1, keepdims=True))


def weight(rows, columns):
    return tf.Variable(tf.random.normal([rows, columns], stddev=1. / np.sqrt(rows)))


Wa, Wb = weight(4, 6), weight(4, 6)
W_head = weight(6, 1)
b_head = tf.Variable(tf.zeros([1]))


def head(h):
    return tf.matmul(h, W_head) + b_head


opt = AdamOptimizer(0.02)


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(a, b, t):
    with tf.GradientTape(persistent=True) as tape:
        loss_a = tf.reduce_mean(tf.square(head(tf.nn.tanh(tf.matmul(a, Wa))) - t))
        loss_b = tf.reduce_mean(tf.square(head(tf.nn.tanh(tf.matmul(b, Wb))) - t))
        total = loss_a + loss_b
    variables = [Wa, Wb]
    own_gv = list(zip(tape.gradient(total, variables), variables))
    variables = [W_head, b_head]
    shared_gv = list(zip(tape.gradient(total, variables), variables))
    shared_gv = [(0.5 * g, v) for g, v in shared_gv]
    opt.move(own_gv)
    opt.move(shared_gv)
    opt.finish()
    opt.finish()
    return loss_a, loss_b


# two train ops under names, which one group runs
optimizer = tf.keras.optimizers.SGD(0.01)
counter = tf.Variable(0, trainable=False)


@tf.function
def train_step_2():
    with tf.GradientTape() as tape:
        loss = tf.nn.l2_loss(W_head)
    variables = [W_head]
    gradients = tape.gradient(loss, variables)
    count = counter.assign_add(1)
    optimizer.apply_gradients(zip(gradients, variables))


for step in range(15):
    rows = slice(step % 3 * 20, step % 3 * 20 + 20)
    la, lb = (value.numpy() for value in train_step(a=left[rows], b=right[rows], t=goal[rows]))
    if step % 5 == 4:
        train_step_2()
        print('step %2d: %.5f %.5f' % (step, la, lb))
print('%d times tidied, head %.5f' % (counter.numpy(), tf.reduce_sum(tf.abs(W_head)).numpy()))
