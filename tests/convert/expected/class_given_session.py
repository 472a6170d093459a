import numpy as np
import tensorflow as tf

tf.random.set_seed(777)
learning_rate = 0.01


class Model:
    def __init__(self, name):
        self.name = name
        self.conv1_layer = tf.keras.layers.Conv2D(4, [3, 3], padding="SAME", activation=tf.nn.relu)
        self.dense4_layer = tf.keras.layers.Dense(16, activation=tf.nn.relu)
        self.logits_layer = tf.keras.layers.Dense(4)
        self.optimizer = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)

    def forward(self, X, training):
        X_img = tf.reshape(X, [-1, 8, 8, 1])
        conv1 = self.conv1_layer(X_img)
        pool1 = tf.nn.max_pool2d(conv1, [2, 2], 2, "SAME")
        dropout1 = (tf.nn.dropout(pool1, rate=0.7) if training else pool1)
        flat = tf.reshape(dropout1, [-1, 4 * 4 * 4])
        dense4 = self.dense4_layer(flat)
        logits = self.logits_layer(dense4)
        return logits

    @tf.function(input_signature=[tf.TensorSpec([None, 64], tf.float32), tf.TensorSpec(None, tf.bool)])
    def compute_logits(self, X, training):
        return self.forward(X, training)

    @tf.function(input_signature=[
        tf.TensorSpec([None, 64], tf.float32),
        tf.TensorSpec([None, 4], tf.float32),
        tf.TensorSpec(None, tf.bool),
    ])
    def train_step(self, X, Y, training):
        with tf.GradientTape() as tape:
            logits = self.forward(X, training)
            cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(Y), logits=logits))
        variables = tape.watched_variables()
        gradients = tape.gradient(cost, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return [cost, None]

    @tf.function(input_signature=[
        tf.TensorSpec([None, 64], tf.float32),
        tf.TensorSpec([None, 4], tf.float32),
        tf.TensorSpec(None, tf.bool),
    ])
    def compute_accuracy(self, X, Y, training):
        logits = self.forward(X, training)
        correct_prediction = tf.equal(tf.argmax(logits, 1), tf.argmax(Y, 1))
        accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
        return accuracy

    def predict(self, x_test, training=False):
        return self.compute_logits(X=x_test, training=training).numpy()

    def get_accuracy(self, x_test, y_test, training=False):
        return self.compute_accuracy(X=x_test, Y=y_test, training=training).numpy()

    def train(self, x_data, y_data, training=True):
        return [None if value is None else value.numpy() for value in self.train_step(X=x_data, Y=y_data, training=training)]


m1 = Model("m1")
rng = np.random.RandomState(0)
X = rng.rand(64, 64)
Y = np.eye(4)[rng.randint(0, 4, 64)]
print('Learning Started!')
for epoch in range(5):
    avg_cost = 0
    for i in range(4):
        c, _ = m1.train(X[i * 16:i * 16 + 16], Y[i * 16:i * 16 + 16])
        avg_cost += c / 4
    print('Epoch:', '%04d' % (epoch + 1), 'cost =', '{:.9f}'.format(avg_cost))
print('Learning Finished!')
print('Accuracy:', m1.get_accuracy(X, Y))
