import tensorflow as tf


class Classifier(object):
    def __init__(self, name, learning_rate=0.01):
        self.name = name
        self.learning_rate = learning_rate

        # L1: 8x8 to 4x4
        self.W1 = tf.Variable(tf.random.normal([3, 3, 1, 4], stddev=0.1))

        # L2: fully connected
        self.W2 = tf.Variable(tf.keras.initializers.GlorotUniform()([64, 4]), name=f'{self.name}/W2')
        self.b2 = tf.Variable(tf.random.normal([4]))
        self.optimizer = tf.keras.optimizers.Adam(self.learning_rate, epsilon=1e-8)

    def forward(self, X, keep_prob):
        X_img = tf.reshape(X, [-1, 8, 8, 1])
        L1 = tf.nn.conv2d(X_img, self.W1, strides=[1, 1, 1, 1], padding='SAME')
        L1 = tf.nn.relu(L1)
        L1 = tf.nn.max_pool(L1, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')
        L1 = tf.nn.dropout(L1, rate=1 - keep_prob)
        L1_flat = tf.reshape(L1, [-1, 4 * 4 * 4])
        logits = tf.matmul(L1_flat, self.W2) + self.b2
        return logits

    @tf.function(input_signature=[
        tf.TensorSpec([None, 64], tf.float32),
        tf.TensorSpec(None, tf.float32),
    ])
    def compute_logits(self, X, keep_prob):
        return self.forward(X, keep_prob)

    @tf.function(input_signature=[
        tf.TensorSpec([None, 64], tf.float32),
        tf.TensorSpec([None, 4], tf.float32),
        tf.TensorSpec(None, tf.float32),
    ])
    def train_step(self, X, Y, keep_prob):
        with tf.GradientTape() as tape:
            logits = self.forward(X, keep_prob)
            cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(Y), logits=logits))
        variables = tape.watched_variables()
        gradients = tape.gradient(cost, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return [cost, None]

    @tf.function(input_signature=[
        tf.TensorSpec([None, 64], tf.float32),
        tf.TensorSpec([None, 4], tf.float32),
        tf.TensorSpec(None, tf.float32),
    ])
    def compute_accuracy(self, X, Y, keep_prob):
        logits = self.forward(X, keep_prob)
        correct_prediction = tf.equal(tf.argmax(logits, 1), tf.argmax(Y, 1))
        accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
        return accuracy

    def predict(self, x_test, keep_prob=1.0):
        return self.compute_logits(X=x_test, keep_prob=keep_prob).numpy()

    def get_accuracy(self, x_test, y_test, keep_prob=1.0):
        return self.compute_accuracy(X=x_test, Y=y_test, keep_prob=keep_prob).numpy()

    def train(self, x_data, y_data, keep_prob=0.7):
        return [None if value is None else value.numpy() for value in self.train_step(X=x_data, Y=y_data, keep_prob=keep_prob)]
