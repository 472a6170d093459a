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
        tf.random.set_seed(seed)
        self.w = tf.Variable(tf.random_normal_initializer(0., 0.3)([self.n_features, 8]), name='hidden/w')
        self.b = tf.Variable(tf.constant_initializer(0.1)([8]), name='hidden/b')
        self.out = tf.keras.layers.Dense(1, name="out")
        self.optimizer = tf.keras.optimizers.SGD(self.lr)

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_prediction(self, x):
        x = tf.ensure_shape(x, [None, self.n_features])
        h = tf.nn.relu(tf.matmul(x, self.w) + self.b)
        prediction = self.out(h)
        return prediction

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, 1], tf.float32),
    ])
    def train_step(self, x, y):
        x = tf.ensure_shape(x, [None, self.n_features])
        with tf.GradientTape() as tape:
            h = tf.nn.relu(tf.matmul(x, self.w) + self.b)
            prediction = self.out(h)
            loss = tf.reduce_mean(tf.math.squared_difference(prediction, y))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return loss

    def learn(self, x, y):
        loss = self.train_step(x=x, y=y).numpy()
        self.steps += 1
        self.history.append(loss)
        return loss

    def predict(self, x):
        return self.compute_prediction(x=x).numpy()

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
