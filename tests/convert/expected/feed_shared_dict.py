"""One feed dict is built before the loop and changed inside it."""
import tensorflow as tf
import numpy as np

rs = np.random.RandomState(20)
X_train = rs.randn(60, 7)
coef = rs.randn(7, 1)
y_train = X_train @ coef + 0.1 * rs.randn(60, 1)
X_val = rs.randn(20, 7)
y_val = X_val @ coef


theta = tf.Variable(tf.random.normal([7, 1], stddev=0.01), name="theta")
bias = tf.Variable(0.0, name="bias")


@tf.function(input_signature=[
    tf.TensorSpec([None, 7], tf.float32),
    tf.TensorSpec((), tf.float32),
])
def compute_y_pred(x_, keep):
    dropped = tf.nn.dropout(x_, rate=1 - keep)
    y_pred = tf.matmul(dropped, theta, name="predictions") + bias
    return y_pred


@tf.function(input_signature=[
    tf.TensorSpec([None, 7], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec((), tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_mse(x_, y_, keep, scale):
    dropped = tf.nn.dropout(x_, rate=1 - keep)
    y_pred = tf.matmul(dropped, theta, name="predictions") + bias
    error = y_pred - y_
    mse = tf.reduce_mean(tf.square(error), name="mse")
    return mse


@tf.function(input_signature=[
    tf.TensorSpec([None, 7], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec((), tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_total(x_, y_, keep, scale):
    dropped = tf.nn.dropout(x_, rate=1 - keep)
    y_pred = tf.matmul(dropped, theta, name="predictions") + bias
    error = y_pred - y_
    mse = tf.reduce_mean(tf.square(error), name="mse")
    penalty = scale * tf.nn.l2_loss(theta)
    total = mse + penalty
    return total


optimizer = tf.keras.optimizers.SGD(0.05, momentum=0.8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 7], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec((), tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def train_step(x_, y_, keep, scale):
    with tf.GradientTape() as tape:
        dropped = tf.nn.dropout(x_, rate=1 - keep)
        y_pred = tf.matmul(dropped, theta, name="predictions") + bias
        error = y_pred - y_
        mse = tf.reduce_mean(tf.square(error), name="mse")
        penalty = scale * tf.nn.l2_loss(theta)
        total = mse + penalty
    variables = tape.watched_variables()
    gradients = tape.gradient(total, variables)
    optimizer.apply_gradients(zip(gradients, variables))


train_feed = dict(x_=X_train, y_=y_train, keep=1.0, scale=0.01)
val_feed = dict(x_=X_val, y_=y_val, keep=1.0, scale=0.0)

for step in range(20):
    if step == 10:
        # now stronger regularization
        train_feed['scale'] = 0.1
    train_step(**train_feed)
    if step % 5 == 0:
        print(step, "train %.5f" % compute_total(**train_feed).numpy(), "val %.5f" % compute_mse(**val_feed).numpy())

val_feed.update(dict(keep=0.9))
noisy = np.mean([compute_mse(**val_feed).numpy() for _ in range(5)])
print("noisy is worse:", noisy > compute_mse(**{**val_feed, 'keep': 1.0}).numpy())
# predictions need neither labels nor scale
out = compute_y_pred(x_=X_val[:3], keep=1).numpy()
print("predictions", np.round(out.ravel(), 4).tolist())
print("bias %.5f" % bias.numpy(), "theta %.5f" % theta.numpy().sum())
