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
theta = tf.matmul(tf.matmul(tf.matrix_inverse(tf.matmul(XT, X)), XT), y)

with tf.Session() as sess:
    theta_value = theta.eval()
    print("normal equation:", " ".join("%.4f" % v for v in theta_value[:, 0]))

# then batch gradient descent, gradients by hand
theta = tf.Variable(tf.random_uniform([4, 1], -1.0, 1.0), name="theta")
y_pred = tf.matmul(X, theta, name="predictions")
error = y_pred - y
mse = tf.reduce_mean(tf.square(error), name="mse")
gradients = 2/m * tf.matmul(tf.transpose(X), error)
training_op = tf.assign(theta, theta - learning_rate * gradients)

init = tf.global_variables_initializer()

with tf.Session() as sess:
    init.run()

    for epoch in range(n_epochs):
        if epoch % 4 == 0:
            print("Epoch", epoch, "MSE = %.6f" % mse.eval())
        sess.run(training_op)

    best_theta = theta.eval()

print("Best theta:", " ".join("%.4f" % v for v in best_theta[:, 0]))

# the same with a session given by hand
sess = tf.Session()
init.run(session=sess)
training_op.eval(session=sess)
print("MSE after one step = %.6f" % mse.eval(session=sess))
theta.initializer.run(session=sess)
sess.close()
