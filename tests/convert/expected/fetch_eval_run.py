"""t.eval and op.run inside "with tf.Session()", next to sess.run."""
import numpy as np
import tensorflow as tf

np.random.seed(71)
m = 50
raw = np.random.rand(m, 3) * [10, 1, 100]
scaled = (raw - raw.mean(0)) / raw.std(0)
scaled_plus_bias = np.c_[np.ones((m, 1)), scaled]
price = (raw.dot([0.3, 2.0, 0.01]) + 0.2 * np.random.randn(m)).reshape(-1, 1)

n_epochs = 12
learning_rate = 0.1

# the normal equation first
X = tf.constant(scaled_plus_bias, dtype=tf.float32, name="X")
y = tf.constant(price, dtype=tf.float32, name="y")
XT = tf.transpose(X)
theta = tf.matmul(tf.matmul(tf.linalg.inv(tf.matmul(XT, X)), XT), y)

theta_value = theta.numpy()
print("normal equation:", " ".join("%.4f" % v for v in theta_value[:, 0]))

# then batch gradient descent, gradients by hand
theta_1 = tf.Variable(tf.random.uniform([4, 1], -1.0, 1.0), name="theta")


def initialize_variables():
    """Begins anew, as another session did."""
    theta_1.assign(tf.random.uniform([4, 1], -1.0, 1.0))


@tf.function
def compute_mse():
    y_pred = tf.matmul(X, theta_1, name="predictions")
    error = y_pred - y
    mse = tf.reduce_mean(tf.square(error), name="mse")
    return mse


@tf.function
def run_training_op():
    y_pred = tf.matmul(X, theta_1, name="predictions")
    error = y_pred - y
    gradients = 2/m * tf.matmul(tf.transpose(X), error)
    training_op = theta_1.assign(theta_1 - learning_rate * gradients)


for epoch in range(n_epochs):
    if epoch % 4 == 0:
        print("Epoch", epoch, "MSE = %.6f" % compute_mse().numpy())
    run_training_op()

best_theta = theta_1.numpy()

print("Best theta:", " ".join("%.4f" % v for v in best_theta[:, 0]))

initialize_variables()
run_training_op()
print("MSE after one step = %.6f" % compute_mse().numpy())
theta_1.assign(tf.random.uniform([4, 1], -1.0, 1.0))
