"""get_or_create_global_step, momentum with a decayed rate, the step is printed."""
import tensorflow as tf
import numpy as np


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


BATCH_SIZE = 10
TRAIN_SIZE = 60
np.random.seed(100)
train_data = np.random.randn(TRAIN_SIZE, 8).astype(np.float32)
train_labels = np.argmax(train_data[:, :3], axis=1)

global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")

fc1_weights = tf.Variable(tf.random.truncated_normal([8, 12], stddev=0.1), name='fc1_w')
fc1_biases = tf.Variable(tf.constant(0.1, shape=[12]), name='fc1_b')
fc2_weights = tf.Variable(tf.random.truncated_normal([12, 3], stddev=0.1), name='fc2_w')
fc2_biases = tf.Variable(tf.constant(0.1, shape=[3]), name='fc2_b')


def model(data):
    hidden = tf.nn.relu(tf.matmul(data, fc1_weights) + fc1_biases)
    return tf.matmul(hidden, fc2_weights) + fc2_biases


def forward(images, labels):
    logits = model(images)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=labels, logits=logits))
    # L2 regularization for the fully connected parameters.
    regularizers = (tf.nn.l2_loss(fc1_weights) + tf.nn.l2_loss(fc1_biases) +
                    tf.nn.l2_loss(fc2_weights) + tf.nn.l2_loss(fc2_biases))
    # Add the regularization term to the loss.
    loss += 5e-4 * regularizers
    return logits, loss


@tf.function(input_signature=[tf.TensorSpec([None, 8], tf.float32), tf.TensorSpec([None], tf.int64)])
def compute_loss(images, labels):
    _, loss = forward(images, labels)
    return loss


# Use simple momentum for the optimization.
optimizer = MomentumOptimizer(0.0, momentum=0.9)


@tf.function(input_signature=[tf.TensorSpec([None, 8], tf.float32), tf.TensorSpec([None], tf.int64)])
def train_step(images, labels):
    with tf.GradientTape() as tape:
        _, loss = forward(images, labels)
        # Decay once per epoch, using an exponential schedule
        learning_rate = tf.keras.optimizers.schedules.ExponentialDecay(0.2, TRAIN_SIZE, 0.8, staircase=True)(global_step * BATCH_SIZE)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.learning_rate.assign(learning_rate)
    optimizer.apply_gradients(zip(gradients, variables))
    global_step.assign_add(1)


@tf.function(input_signature=[tf.TensorSpec([None, 8], tf.float32), tf.TensorSpec([None], tf.int64)])
def evaluate(images, labels):
    logits, loss = forward(images, labels)
    # Decay once per epoch, using an exponential schedule
    learning_rate = tf.keras.optimizers.schedules.ExponentialDecay(0.2, TRAIN_SIZE, 0.8, staircase=True)(global_step * BATCH_SIZE)
    prediction = tf.nn.softmax(logits)
    return loss, learning_rate, prediction


while True:
    step = int(global_step.numpy())
    if step >= 24:
        break
    offset = (step * BATCH_SIZE) % (TRAIN_SIZE - BATCH_SIZE)
    feed_dict = dict(images=train_data[offset:(offset + BATCH_SIZE)],
                 labels=train_labels[offset:(offset + BATCH_SIZE)])
    train_step(**feed_dict)
    if step % 6 == 0:
        l, lr, predictions = (value.numpy() for value in evaluate(**feed_dict))
        print('Step %d (epoch %.2f)' % (step, float(step) * BATCH_SIZE / TRAIN_SIZE))
        print('Minibatch loss: %.4f, learning rate: %.6f' % (l, lr))
        print('Minibatch error: %.1f%%' % (100.0 * np.mean(np.argmax(predictions, 1) != feed_dict['labels'])))
print('global step', global_step.numpy())
print('Final loss: %.5f' % compute_loss(images=train_data, labels=train_labels).numpy())
