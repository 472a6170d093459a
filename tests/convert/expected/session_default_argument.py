"""Helpers that take the session as an optional argument, and a global default session."""
import numpy as np
import tensorflow as tf


W = tf.Variable(tf.ones([5, 1]) * 0.1)


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_cost(x, t):
    net = tf.tanh(tf.matmul(x, W))
    cost = tf.reduce_sum(tf.square(net - t)) / tf.cast(tf.shape(x)[0], tf.float32)
    return cost


optimizer = tf.keras.optimizers.SGD(0.05, momentum=0.9)


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(x, t):
    with tf.GradientTape() as tape:
        net = tf.tanh(tf.matmul(x, W))
        cost = tf.reduce_sum(tf.square(net - t)) / tf.cast(tf.shape(x)[0], tf.float32)
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))


def get_batch(size, rs=np.random.RandomState(8)):
    xs = rs.uniform(-1, 1, (size, 5))
    return xs, np.tanh(xs.sum(1, keepdims=True))


def fit(steps):
    for i in range(steps):
        xs, ts = get_batch(16)
        train_step_2(x=xs, t=ts)


def measure(xs, ts):
    return compute_cost(x=xs, t=ts).numpy()


test_x, test_t = get_batch(32)
print('before %.5f' % measure(test_x, test_t))
for epoch in range(3):
    fit(10)
    print('epoch %d %.5f' % (epoch, measure(test_x, test_t)))
fit(5)
print('after %.5f' % measure(test_x, test_t))
print(W.numpy().ravel().round(4).tolist())
