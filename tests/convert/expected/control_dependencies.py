"""The order of reads and writes under tf.control_dependencies."""
import tensorflow as tf
import numpy as np

rs = np.random.RandomState(72)

# a queue in a variable: shift, then put, then read
history = tf.Variable(tf.zeros_initializer()([5]), trainable=False, name='history')


@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
def compute_mean_and_spread(value):
    shifted = tf.concat([history[1:], [value]], axis=0)
    push = history.assign(shifted)
    mean = tf.reduce_mean(history.read_value())
    spread = tf.reduce_max(history.read_value()) - tf.reduce_min(history.read_value())
    return mean, spread


# a running mean and variance (Welford), one after the other
count = tf.Variable(0.0, trainable=False)
mu = tf.Variable(0.0, trainable=False)
m2 = tf.Variable(0.0, trainable=False)


@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
def compute_variance(value):
    delta = value - mu
    inc = count.assign_add(1.0)
    new_mu = mu.assign_add(delta / inc)
    new_m2 = m2.assign_add(delta * (value - new_mu))
    variance = new_m2 / inc
    return variance


# a loss that is evaluated after the step
w = tf.Variable([[1.0], [-1.0]])


optimizer = tf.keras.optimizers.SGD(0.2)


@tf.function(input_signature=[
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        def mse():
            return tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
        before = mse()
    variables = tape.watched_variables()
    gradients = tape.gradient(before, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    after = mse()
    return after, before


@tf.function(input_signature=[
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_checked(x, y):
    def mse():
        return tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
    before = mse()
    checked = tf.identity(before)
    tf.debugging.assert_non_negative(before)
    checked = tf.identity(checked)
    return checked


for v in rs.rand(7):
    m, s = (value.numpy() for value in compute_mean_and_spread(value=v))
    var = compute_variance(value=v).numpy()
    print('mean %.5f spread %.5f variance %.6f' % (m, s, var))
print('history %.5f' % history.numpy().sum(), 'count', count.numpy())

data = rs.randn(20, 2)
goal = data.dot([[3.0], [0.5]])
for i in range(4):
    a, b = (value.numpy() for value in train_step(x=data, y=goal))
    print('before %.5f after %.5f' % (b, a))
print('checked %.5f' % compute_checked(x=data, y=goal).numpy())
print('w', ' '.join('%.5f' % v for v in w.numpy().ravel()))
