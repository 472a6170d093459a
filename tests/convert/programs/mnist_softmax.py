"""Softmax regression on the tutorials' MNIST.

Needs the MNIST files in MNIST_data/, or a stub of tensorflow.examples.tutorials.mnist.
"""
from tensorflow.examples.tutorials.mnist import input_data

import tensorflow as tf

mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)
print(mnist.train.images.shape[1], mnist.test.labels.shape[1])

# Create the model
x = tf.placeholder(tf.float32, [None, 784])
W = tf.Variable(tf.zeros([784, 10]))
b = tf.Variable(tf.zeros([10]))
y = tf.matmul(x, W) + b

# Define loss and optimizer
y_ = tf.placeholder(tf.float32, [None, 10])

cross_entropy = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=y))
train_step = tf.train.GradientDescentOptimizer(0.5).minimize(cross_entropy)

sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
# Train
for i in range(20):
    batch_xs, batch_ys = mnist.train.next_batch(50)
    sess.run(train_step, feed_dict={x: batch_xs, y_: batch_ys})
    if i % 5 == 4:
        print('step', i, 'cross entropy %.5f' % cross_entropy.eval({x: batch_xs, y_: batch_ys}))

# Test trained model
correct_prediction = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
print('accuracy %.4f' % sess.run(accuracy, feed_dict={x: mnist.test.images[:500],
                                                     y_: mnist.test.labels[:500]}))
