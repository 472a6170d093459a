"""ExponentialMovingAverage of the weights and of the loss; the shadow values are
used for the evaluation."""
import numpy as np
import tensorflow as tf


class ExponentialMovingAverage:
    """Averages that move at each `apply`: average -= (average - value) * (1 - decay)."""

    def __init__(self, decay, num_updates=None, zero_debias=False, name="ExponentialMovingAverage"):
        if zero_debias:
            raise ValueError("zero_debias is not computed here")
        self.decay, self.num_updates, self.name = decay, num_updates, name
        self.variables = []
        self._places = {}  # of variables, and of the tensors of the function that is traced, the average

    def build(self, variables):
        """Makes the averages of variables, which begin at their values."""
        for variable in variables:
            if variable.ref() not in self._places:
                name = f"{variable.name.split(':')[0]}/{self.name}"
                self._add(variable, lambda: tf.Variable(variable, trainable=False, name=name))

    def apply(self, values):
        """Moves the averages of values; those of tensors begin at 0."""
        moved = []
        decay = tf.cast(self.decay, tf.float32)
        if self.num_updates is not None:
            number = tf.cast(self.num_updates, tf.float32)
            decay = tf.minimum(decay, (1.0 + number) / (10.0 + number))
        for position, value in enumerate(values):
            if value.ref() not in self._places:
                self._begin(position, value)
            average = self._places[value.ref()]
            moved.append(average.assign_sub((average - value) * tf.cast(1.0 - decay, average.dtype)))
        return moved

    def average(self, value):
        """The average of a value that was handed to `apply`."""
        return self._places[value.ref()]

    def _begin(self, position, value):
        if len(self.variables) > position:
            self._places[value.ref()] = self.variables[position]
        else:
            self._add(value, lambda: tf.Variable(tf.zeros(value.shape, value.dtype), trainable=False))

    def _add(self, value, make):
        with tf.init_scope():
            self.variables.append(make())
        self._places[value.ref()] = self.variables[-1]


rng = np.random.RandomState(15)
xs = rng.randn(60, 3)
ys = xs.dot([[1.0], [2.0], [-1.0]]) + 0.1 * rng.randn(60, 1)

global_step = tf.Variable(0, trainable=False)
w = tf.Variable(tf.random.normal([3, 1], stddev=0.1), name='w')
b = tf.Variable(tf.zeros([1]), name='b')


def inference(inp, averages=None):
    if averages is None:
        return tf.matmul(inp, w) + b
    return tf.matmul(inp, averages.average(w)) + averages.average(b)


variable_averages = ExponentialMovingAverage(0.9, global_step)
variable_averages.build([w, b])


@tf.function
def run_variables_averages_op():
    variables_averages_op = variable_averages.apply([w, b])


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss_and_average_loss(x, y):
    out = inference(x)
    loss = tf.reduce_mean(tf.square(out - y))
    average_out = inference(x, variable_averages)
    average_loss = tf.reduce_mean(tf.square(average_out - y))
    return loss, average_loss


optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(x, y):
    with tf.GradientTape() as tape:
        out = inference(x)
        loss = tf.reduce_mean(tf.square(out - y))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    global_step.assign_add(1)


# an average without num_updates, over a variable that is assigned
v = tf.Variable(5.0, trainable=False)
ema = ExponentialMovingAverage(decay=0.8)
ema.build([v])


@tf.function
def run_maintain():
    maintain = ema.apply([v])


for i in range(16):
    batch = slice(i % 3 * 20, i % 3 * 20 + 20)
    # the averages may be updated before or after the weights: run them apart
    train_step_2(x=xs[batch], y=ys[batch])
    run_variables_averages_op()
    if i % 5 == 0:
        l, a = (value.numpy() for value in compute_loss_and_average_loss(x=xs, y=ys))
        print('step %d loss %.6f with averages %.6f' % (global_step.numpy(), l, a))
print('w %.5f average %.5f' % (w.numpy().sum(), variable_averages.average(w).numpy().sum()))

for value in (5.0, 10.0, 10.0, 0.0):
    v.assign(value)
    run_maintain()
    print('v %.2f average %.5f' % tuple([v.numpy(), ema.average(v).numpy()]))
