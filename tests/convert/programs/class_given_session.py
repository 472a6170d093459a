import numpy as np
import tensorflow as tf

tf.set_random_seed(777)
learning_rate = 0.01


class Model:

    def __init__(self, sess, name):
        self.sess = sess
        self.name = name
        self._build_net()

    def _build_net(self):
        with tf.variable_scope(self.name):
            self.training = tf.placeholder(tf.bool)
            self.X = tf.placeholder(tf.float32, [None, 64])
            X_img = tf.reshape(self.X, [-1, 8, 8, 1])
            self.Y = tf.placeholder(tf.float32, [None, 4])
            conv1 = tf.layers.conv2d(inputs=X_img, filters=4, kernel_size=[3, 3], padding="SAME", activation=tf.nn.relu)
            pool1 = tf.layers.max_pooling2d(inputs=conv1, pool_size=[2, 2], padding="SAME", strides=2)
            dropout1 = tf.layers.dropout(inputs=pool1, rate=0.7, training=self.training)
            flat = tf.reshape(dropout1, [-1, 4 * 4 * 4])
            dense4 = tf.layers.dense(inputs=flat, units=16, activation=tf.nn.relu)
            self.logits = tf.layers.dense(inputs=dense4, units=4)
        self.cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=self.logits, labels=self.Y))
        self.optimizer = tf.train.AdamOptimizer(learning_rate=learning_rate).minimize(self.cost)
        correct_prediction = tf.equal(tf.argmax(self.logits, 1), tf.argmax(self.Y, 1))
        self.accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))

    def predict(self, x_test, training=False):
        return self.sess.run(self.logits, feed_dict={self.X: x_test, self.training: training})

    def get_accuracy(self, x_test, y_test, training=False):
        return self.sess.run(self.accuracy, feed_dict={self.X: x_test, self.Y: y_test, self.training: training})

    def train(self, x_data, y_data, training=True):
        return self.sess.run([self.cost, self.optimizer], feed_dict={
            self.X: x_data, self.Y: y_data, self.training: training})


sess = tf.Session()
m1 = Model(sess, "m1")
sess.run(tf.global_variables_initializer())
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
