"""Embeddings and the gradients of rows: rows that appear twice in a batch, each optimizer."""
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


class AdagradOptimizer(Optimizer):
    """a += g * g; v -= learning_rate * g / sqrt(a)"""

    def __init__(
        self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="Adagrad"
    ):
        super().__init__(learning_rate, name, [initial_accumulator_value])

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyAdagrad(
            var=variable.handle,
            accum=self.slot(variable).handle,
            lr=tf.cast(self.learning_rate, variable.dtype),
            grad=gradient,
        )

    def sparse(self, variable, gradient, rows):
        slot = self.slot(variable)
        a = self.put(slot, rows, tf.gather(slot, rows) + gradient * gradient)
        rate = tf.cast(self.learning_rate, variable.dtype)
        variable.scatter_sub(tf.IndexedSlices(rate * gradient * tf.math.rsqrt(a), rows))


rs = np.random.RandomState(31)
USERS, ITEMS, DIM = 7, 9, 4
users = rs.randint(0, USERS, 60)
items = rs.randint(0, ITEMS, 60)
ratings = (np.sin(users) + np.cos(items)).astype(np.float32)


start_u = rs.randn(USERS, DIM).astype(np.float32) * 0.3
start_i = rs.randn(ITEMS, DIM).astype(np.float32) * 0.3

opt_1 = tf.keras.optimizers.SGD(0.5)
U_1 = tf.Variable(start_u, name='sgd/U')
V_1 = tf.Variable(start_i, name='sgd/V')
bias_1 = tf.Variable(tf.zeros_initializer()([ITEMS]), name='sgd/bias')


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.float32),
])
def train_step(u, i, r):
    with tf.GradientTape() as tape:
        dot_1 = tf.reduce_sum(tf.nn.embedding_lookup(U_1, u) * tf.nn.embedding_lookup(V_1, i), axis=1)
        pred_1 = dot_1 + tf.gather(bias_1, i)
        loss_1 = tf.reduce_mean(tf.square(pred_1 - r))
    variables = tape.watched_variables()
    gvs_1 = list(zip(tape.gradient(loss_1, variables), variables))
    grads_1, _ = tf.clip_by_global_norm([g for g, v in gvs_1], 1.0)
    opt_1.apply_gradients(zip(grads_1, [v for g, v in gvs_1]))
    return loss_1


opt_2 = tf.keras.optimizers.Adam(0.05, epsilon=1e-8)
U_2 = tf.Variable(start_u, name='adam/U')
V_2 = tf.Variable(start_i, name='adam/V')
bias_2 = tf.Variable(tf.zeros_initializer()([ITEMS]), name='adam/bias')


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.float32),
])
def train_step_2(u, i, r):
    with tf.GradientTape() as tape:
        dot_2 = tf.reduce_sum(tf.nn.embedding_lookup(U_2, u) * tf.nn.embedding_lookup(V_2, i), axis=1)
        pred_2 = dot_2 + tf.gather(bias_2, i)
        loss_2 = tf.reduce_mean(tf.square(pred_2 - r))
    variables = tape.watched_variables()
    gvs_2 = list(zip(tape.gradient(loss_2, variables), variables))
    grads_2, _ = tf.clip_by_global_norm([g for g, v in gvs_2], 1.0)
    opt_2.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(grads_2, [v for g, v in gvs_2]) if g is not None])
    return loss_2


opt_3 = AdagradOptimizer(0.3)
U_3 = tf.Variable(start_u, name='adagrad/U')
V_3 = tf.Variable(start_i, name='adagrad/V')
bias_3 = tf.Variable(tf.zeros_initializer()([ITEMS]), name='adagrad/bias')


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.float32),
])
def train_step_3(u, i, r):
    with tf.GradientTape() as tape:
        dot_3 = tf.reduce_sum(tf.nn.embedding_lookup(U_3, u) * tf.nn.embedding_lookup(V_3, i), axis=1)
        pred_3 = dot_3 + tf.gather(bias_3, i)
        loss_3 = tf.reduce_mean(tf.square(pred_3 - r))
    variables = tape.watched_variables()
    gvs_3 = list(zip(tape.gradient(loss_3, variables), variables))
    grads_3, _ = tf.clip_by_global_norm([g for g, v in gvs_3], 1.0)
    opt_3.apply_gradients(zip(grads_3, [v for g, v in gvs_3]))
    return loss_3


opt_4 = MomentumOptimizer(0.2, momentum=0.9)
U_4 = tf.Variable(start_u, name='momentum/U')
V_4 = tf.Variable(start_i, name='momentum/V')
bias_4 = tf.Variable(tf.zeros_initializer()([ITEMS]), name='momentum/bias')


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.float32),
])
def train_step_4(u, i, r):
    with tf.GradientTape() as tape:
        dot_4 = tf.reduce_sum(tf.nn.embedding_lookup(U_4, u) * tf.nn.embedding_lookup(V_4, i), axis=1)
        pred_4 = dot_4 + tf.gather(bias_4, i)
        loss_4 = tf.reduce_mean(tf.square(pred_4 - r))
    variables = tape.watched_variables()
    gvs_4 = list(zip(tape.gradient(loss_4, variables), variables))
    grads_4, _ = tf.clip_by_global_norm([g for g, v in gvs_4], 1.0)
    opt_4.apply_gradients(zip(grads_4, [v for g, v in gvs_4]))
    return loss_4


total = 0.0
for k in range(12):
    b = slice(k % 4 * 15, k % 4 * 15 + 15)
    l = train_step(u=users[b], i=items[b], r=ratings[b]).numpy()
    total += l
uv, vv = U_1.numpy(), V_1.numpy()
print('%-9s mean loss %.5f last %.5f U %.5f V %.5f' % ('sgd', total / 12, l, uv.sum(), vv.sum()))
total = 0.0
for k in range(12):
    b = slice(k % 4 * 15, k % 4 * 15 + 15)
    l = train_step_2(u=users[b], i=items[b], r=ratings[b]).numpy()
    total += l
uv, vv = U_2.numpy(), V_2.numpy()
print('%-9s mean loss %.5f last %.5f U %.5f V %.5f' % ('adam', total / 12, l, uv.sum(), vv.sum()))
total = 0.0
for k in range(12):
    b = slice(k % 4 * 15, k % 4 * 15 + 15)
    l = train_step_3(u=users[b], i=items[b], r=ratings[b]).numpy()
    total += l
uv, vv = U_3.numpy(), V_3.numpy()
print('%-9s mean loss %.5f last %.5f U %.5f V %.5f' % ('adagrad', total / 12, l, uv.sum(), vv.sum()))
total = 0.0
for k in range(12):
    b = slice(k % 4 * 15, k % 4 * 15 + 15)
    l = train_step_4(u=users[b], i=items[b], r=ratings[b]).numpy()
    total += l
uv, vv = U_4.numpy(), V_4.numpy()
print('%-9s mean loss %.5f last %.5f U %.5f V %.5f' % ('momentum', total / 12, l, uv.sum(), vv.sum()))
