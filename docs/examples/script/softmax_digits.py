"""Softmax regression on drawn digits: one script, one graph, one session.

The images are made here: each of the ten classes is a random 8x8 template,
and a sample is its template with noise.
"""
from __future__ import print_function

import argparse
import os
import tempfile

import numpy as np
import tensorflow as tf

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--output", default=None, help="folder for logs and checkpoints")
parser.add_argument("--epochs", type=int, default=10)
args = parser.parse_args()
output = args.output or tempfile.mkdtemp()

# Parameters
learning_rate = 0.1
batch_size = 50
display_step = 2
n_input = 64
n_classes = 10

# Data
rng = np.random.RandomState(0)
templates = rng.rand(n_classes, n_input)


def make_digits(n):
    labels = rng.randint(n_classes, size=n)
    images = templates[labels] + rng.normal(0, 0.3, size=(n, n_input))
    return images.astype(np.float32), np.eye(n_classes, dtype=np.float32)[labels]


train_x, train_y = make_digits(2000)
test_x, test_y = make_digits(500)

tf.set_random_seed(1)

# Graph input
x = tf.placeholder(tf.float32, [None, n_input], name="x")
y_ = tf.placeholder(tf.float32, [None, n_classes], name="y_")

# Model
with tf.name_scope("model"):
    W = tf.Variable(tf.truncated_normal([n_input, n_classes], stddev=0.1), name="W")
    b = tf.Variable(tf.zeros([n_classes]), name="b")
    logits = tf.matmul(x, W) + b
    y = tf.nn.softmax(logits)

with tf.name_scope("loss"):
    cross_entropy = tf.reduce_mean(-tf.reduce_sum(
        y_ * tf.log(tf.clip_by_value(y, 1e-10, 1.0)), reduction_indices=[1]))
    tf.summary.scalar("cross_entropy", cross_entropy)

with tf.name_scope("train"):
    global_step = tf.Variable(0, name="global_step", trainable=False)
    train_step = tf.train.GradientDescentOptimizer(learning_rate).minimize(
        cross_entropy, global_step=global_step)

with tf.name_scope("accuracy"):
    correct_prediction = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
    tf.summary.scalar("accuracy", accuracy)

tf.summary.histogram("weights", W)
merged = tf.summary.merge_all()
saver = tf.train.Saver()

sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
writer = tf.summary.FileWriter(os.path.join(output, "logs"), sess.graph)

# Training
for epoch in range(args.epochs):
    avg_cost = 0.
    total_batch = len(train_x) // batch_size
    for i in range(total_batch):
        batch_x = train_x[i * batch_size:(i + 1) * batch_size]
        batch_y = train_y[i * batch_size:(i + 1) * batch_size]
        _, c = sess.run([train_step, cross_entropy],
                        feed_dict={x: batch_x, y_: batch_y})
        avg_cost += c / total_batch
    summary, step = sess.run([merged, global_step], feed_dict={x: test_x, y_: test_y})
    writer.add_summary(summary, step)
    if (epoch + 1) % display_step == 0:
        print("Epoch:", "%04d" % (epoch + 1), "cost=", "{:.6f}".format(avg_cost))

print("Accuracy:", accuracy.eval({x: test_x, y_: test_y}))
print("Weights of class 0:", sess.run(W)[:3, 0])

path = saver.save(sess, os.path.join(output, "model.ckpt"), global_step=global_step)
writer.close()

# Read the checkpoint back into the same graph
saver.restore(sess, path)
print("Accuracy after restore:",
      sess.run(accuracy, feed_dict={x: test_x, y_: test_y}))
sess.close()
