"""A regressor whose class owns its session."""
import numpy as np
import tensorflow as tf

BATCH = 16


class Regressor(object):
    """Fits a line through points."""

    def __init__(self, n_features, learning_rate=0.05, seed=1):
        self.n_features = n_features
        self.lr = learning_rate
        self.steps = 0
        self.history = []
        tf.set_random_seed(seed)
        self._build()
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def _build(self):
        # the inputs
        self.x = tf.placeholder(tf.float32, [None, self.n_features], name="x")
        self.y = tf.placeholder(tf.float32, [None, 1], name="y")
        with tf.variable_scope("hidden"):
            w = tf.get_variable("w", [self.n_features, 8], initializer=tf.random_normal_initializer(0., 0.3))
            b = tf.get_variable("b", [8], initializer=tf.constant_initializer(0.1))
            h = tf.nn.relu(tf.matmul(self.x, w) + b)
        self.prediction = tf.layers.dense(h, 1, name="out")
        self.loss = tf.reduce_mean(tf.squared_difference(self.prediction, self.y))
        self.train_op = tf.train.GradientDescentOptimizer(self.lr).minimize(self.loss)

    def learn(self, x, y):
        _, loss = self.sess.run([self.train_op, self.loss], feed_dict={self.x: x, self.y: y})
        self.steps += 1
        self.history.append(loss)
        return loss

    def predict(self, x):
        return self.sess.run(self.prediction, {self.x: x})

    def mean_loss(self):
        return np.mean(self.history)


if __name__ == "__main__":
    np.random.seed(0)
    data = np.random.rand(200, 3).astype(np.float32)
    target = data.sum(axis=1, keepdims=True)
    model = Regressor(3)
    for step in range(40):
        rows = np.random.randint(0, 200, BATCH)
        loss = model.learn(data[rows], target[rows])
        if step % 10 == 0:
            print(step, loss)
    print(model.steps, model.mean_loss())
    print(model.predict(data[:3]))
