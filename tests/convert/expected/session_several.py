"""Several sessions in turn over one graph: each starts from its own initial state."""
import tensorflow as tf
import numpy as np

rs = np.random.RandomState(33)
xs = rs.randn(40, 3).astype(np.float32)
ys = (xs * [1.0, 0.5, -1.0]).sum(1, keepdims=True).astype(np.float32)

w = tf.Variable(np.full((3, 1), 0.1, np.float32))
w_at_first = w.numpy()
steps = tf.Variable(0, trainable=False)


def initialize_variables():
    """Begins anew, as another session did."""
    w.assign(w_at_first)
    steps.assign(0)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss(x, y):
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
    return loss


optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    steps.assign_add(1)


print("first session")
for _ in range(5):
    train_step(x=xs, y=ys)
print("%d steps, loss %.6f" % (steps.numpy(), compute_loss(x=xs, y=ys).numpy()))
kept = w.numpy()

print("second session, from the start again")
initialize_variables()
print("%d steps, loss %.6f" % (steps.numpy(), compute_loss(x=xs, y=ys).numpy()))
for _ in range(2):
    train_step(x=xs, y=ys)
print("%d steps, loss %.6f" % (steps.numpy(), compute_loss(x=xs, y=ys).numpy()))

print("third session, from the weights of the first")
initialize_variables()
w.assign(kept)
print("%d steps, loss %.6f" % (steps.numpy(), compute_loss(x=xs, y=ys).numpy()))
for _ in range(5):
    train_step(x=xs, y=ys)
print("%d steps, loss %.6f" % (steps.numpy(), compute_loss(x=xs, y=ys).numpy()))

print("%.4f" % tf.reduce_sum(tf.constant(kept) * 2).numpy())
