"""compute_gradients, clipping by value and by norm, apply_gradients."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(19)
features = rng.randn(80, 5)
true_w = rng.randn(5, 1) * 3
target = features.dot(true_w) + 0.2 * rng.randn(80, 1)


w1 = tf.Variable(tf.random.normal([5, 8], stddev=0.5), name='w1')
b1 = tf.Variable(tf.zeros([8]), name='b1')
w2 = tf.Variable(tf.random.normal([8, 1], stddev=0.5), name='w2')
unused = tf.Variable(tf.ones([3]), name='unused')  # no path to the loss: its gradient is None


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss(x, y):
    h = tf.nn.elu(tf.matmul(x, w1) + b1)
    loss = tf.reduce_mean(tf.square(tf.matmul(h, w2) - y))
    return loss


# clip every gradient to [-1, 1]
optimizer = tf.keras.optimizers.SGD(0.05)


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        h = tf.nn.elu(tf.matmul(x, w1) + b1)
        loss = tf.reduce_mean(tf.square(tf.matmul(h, w2) - y))
    variables = tape.watched_variables()
    gvs = list(zip(tape.gradient(loss, variables), variables))
    capped_gvs = [(tf.clip_by_value(grad, -1., 1.), var) for grad, var in gvs if grad is not None]
    optimizer.apply_gradients(capped_gvs)


# clip every gradient by its own norm, with a second optimizer
opt2 = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(x, y):
    with tf.GradientTape() as tape:
        h = tf.nn.elu(tf.matmul(x, w1) + b1)
        loss = tf.reduce_mean(tf.square(tf.matmul(h, w2) - y))
    variables = [w1, b1, w2]
    grads_and_vars = list(zip(tape.gradient(loss, variables), variables))
    for i, (g, v) in enumerate(grads_and_vars):
        if g is not None:
            grads_and_vars[i] = (tf.clip_by_norm(g, 0.5), v)
    opt2.apply_gradients(grads_and_vars)
    return loss


@tf.function(input_signature=[
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_norms(x, y):
    with tf.GradientTape() as tape:
        h = tf.nn.elu(tf.matmul(x, w1) + b1)
        loss = tf.reduce_mean(tf.square(tf.matmul(h, w2) - y))
    variables = tape.watched_variables()
    gvs = list(zip(tape.gradient(loss, variables), variables))
    # how big are the raw gradients?
    norms = [tf.norm(g) for g, v in gvs if g is not None]
    return norms


feed = dict(x=features, y=target)
print('norms', ['%.4f' % n for n in tf.nest.map_structure(lambda value: value.numpy(), compute_norms(**feed))])
for i in range(10):
    train_step(**feed)
    if i % 3 == 0:
        print('value clip, step %d: %.5f' % (i, compute_loss(**feed).numpy()))
for i in range(10):
    l = train_step_2(**feed).numpy()
    if i % 3 == 0:
        print('norm clip, step %d: %.5f' % (i, l))
print('w1 %.5f  w2 %.5f  unused %.1f' % (
    w1.numpy().sum(), w2.numpy().sum(), unused.numpy().sum()))
