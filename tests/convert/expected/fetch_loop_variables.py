"""Prints every variable and every gradient by name: fetches by loop variable, list and dict."""
import numpy as np
import tensorflow as tf

tf.random.set_seed(0)

w1 = tf.Variable(tf.constant_initializer(0.1)([3, 4]), name='layer1/w')
b1 = tf.Variable(tf.zeros_initializer()([4]), name='layer1/b')
w2 = tf.Variable(tf.constant_initializer(0.2)([4, 1]), name='layer2/w')
b2 = tf.Variable(tf.zeros_initializer()([1]), name='layer2/b')


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss(x, y):
    h = tf.nn.sigmoid(tf.matmul(x, w1) + b1)
    out = tf.matmul(h, w2) + b2
    loss = tf.reduce_mean((out - y) ** 2)
    return loss


opt = tf.keras.optimizers.SGD(0.2)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def run(x, y):
    with tf.GradientTape() as tape:
        h = tf.nn.sigmoid(tf.matmul(x, w1) + b1)
        out = tf.matmul(h, w2) + b2
        loss = tf.reduce_mean((out - y) ** 2)
    variables = tape.watched_variables()
    grads_and_vars = list(zip(tape.gradient(loss, variables), variables))
    return [g for g, v in grads_and_vars]


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        h = tf.nn.sigmoid(tf.matmul(x, w1) + b1)
        out = tf.matmul(h, w2) + b2
        loss = tf.reduce_mean((out - y) ** 2)
    variables = tape.watched_variables()
    grads_and_vars = list(zip(tape.gradient(loss, variables), variables))
    opt.apply_gradients(grads_and_vars)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_mean(x):
    h = tf.nn.sigmoid(tf.matmul(x, w1) + b1)
    out = tf.matmul(h, w2) + b2
    mean = tf.reduce_mean(out)
    return mean


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_max(x):
    h = tf.nn.sigmoid(tf.matmul(x, w1) + b1)
    out = tf.matmul(h, w2) + b2
    max = tf.reduce_max(out)
    return max


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def evaluate(x, y):
    h = tf.nn.sigmoid(tf.matmul(x, w1) + b1)
    out = tf.matmul(h, w2) + b2
    loss = tf.reduce_mean((out - y) ** 2)
    mean = tf.reduce_mean(out)
    max = tf.reduce_max(out)
    return {'mean': mean, 'max': max, 'loss': loss}


rs = np.random.RandomState(21)
X, Y = rs.rand(12, 3), rs.rand(12, 1)
for i in range(6):
    train_step(x=X, y=Y)
    if i % 2 == 0:
        print(i, 'mean', '%.5f' % compute_mean(x=X).numpy())
        print(i, 'max', '%.5f' % compute_max(x=X).numpy())
        print(i, 'loss', '%.5f' % compute_loss(x=X, y=Y).numpy())
values = tf.nest.map_structure(lambda value: value.numpy(), evaluate(x=X, y=Y))
print(sorted((k, round(float(v), 5)) for k, v in values.items()))
grads = tf.nest.map_structure(lambda value: value.numpy(), run(x=X, y=Y))
print(['%.6f' % np.abs(value).sum() for value in grads])
for v in [w1, b1, w2, b2]:
    print(v.name, '%.5f' % v.numpy().sum())
for v, value in zip([w1, b1, w2, b2], tf.nest.map_structure(lambda value: value.numpy(), [w1, b1, w2, b2])):
    print(v.name, value.shape)
