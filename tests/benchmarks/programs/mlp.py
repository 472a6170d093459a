"""A perceptron with two hidden layers of 256, Adam."""
import sys

import numpy as np
import tensorflow as tf

steps = int(sys.argv[1])
batch_size = 128
rs = np.random.RandomState(2)
images = rs.rand(20, batch_size, 784).astype(np.float32)
digits = rs.randint(0, 10, (20, batch_size))
labels = np.eye(10, dtype=np.float32)[digits]

# tf Graph input
X = tf.placeholder("float", [None, 784])
Y = tf.placeholder("float", [None, 10])

# Store layers weight & bias
weights = {
    'h1': tf.Variable(tf.random_normal([784, 256], stddev=0.05)),
    'h2': tf.Variable(tf.random_normal([256, 256], stddev=0.05)),
    'out': tf.Variable(tf.random_normal([256, 10], stddev=0.05))
}
biases = {
    'b1': tf.Variable(tf.zeros([256])),
    'b2': tf.Variable(tf.zeros([256])),
    'out': tf.Variable(tf.zeros([10]))
}


# Create model
def neural_net(x):
    layer_1 = tf.nn.relu(tf.add(tf.matmul(x, weights['h1']), biases['b1']))
    layer_2 = tf.nn.relu(tf.add(tf.matmul(layer_1, weights['h2']), biases['b2']))
    return tf.matmul(layer_2, weights['out']) + biases['out']


logits = neural_net(X)
loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y))
optimizer = tf.train.AdamOptimizer(learning_rate=0.001)
train_op = optimizer.minimize(loss_op)
correct = tf.equal(tf.argmax(logits, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

init = tf.global_variables_initializer()
with tf.Session() as sess:
    sess.run(init)
    for step in range(steps):
        _, loss = sess.run([train_op, loss_op], feed_dict={X: images[step % 20], Y: labels[step % 20]})
    acc = sess.run(accuracy, feed_dict={X: images[0], Y: labels[0]})
    print('loss %.4f, accuracy %.3f' % (loss, acc))
