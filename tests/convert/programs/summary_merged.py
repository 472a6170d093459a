"""TensorBoard: scalars and histograms merged, written at every step."""
from __future__ import print_function
import glob
import shutil
import numpy as np
import tensorflow as tf

logs_path = './summary_merged_logs/'
np.random.seed(14)
xs = np.random.randn(64, 4)
ys = np.eye(2)[(xs[:, 0] * xs[:, 1] > 0).astype(int)]

# tf Graph Input
x = tf.placeholder(tf.float32, [None, 4], name='InputData')
y = tf.placeholder(tf.float32, [None, 2], name='LabelData')

# Set model weights
W = tf.Variable(tf.random_normal([4, 6]), name='Weights')
b = tf.Variable(tf.zeros([6]), name='Bias')
V = tf.Variable(tf.random_normal([6, 2]), name='Out')

# Construct model and encapsulating all ops into scopes, making
# Tensorboard's Graph visualization more convenient
with tf.name_scope('Model'):
    pred = tf.nn.softmax(tf.matmul(tf.nn.relu(tf.matmul(x, W) + b), V))
with tf.name_scope('Loss'):
    # Minimize error using cross entropy
    cost = tf.reduce_mean(-tf.reduce_sum(y*tf.log(pred + 1e-8), reduction_indices=1))
with tf.name_scope('SGD'):
    optimizer = tf.train.GradientDescentOptimizer(0.1).minimize(cost)
with tf.name_scope('Accuracy'):
    acc = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
    acc = tf.reduce_mean(tf.cast(acc, tf.float32))

# Create summaries to monitor cost and accuracy
tf.summary.scalar("loss", cost)
tf.summary.scalar("accuracy", acc)
tf.summary.histogram("weights", W)
# Merge all summaries into a single op
merged_summary_op = tf.summary.merge_all()

init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)

    # op to write logs to Tensorboard
    summary_writer = tf.summary.FileWriter(logs_path, graph=tf.get_default_graph())

    for step in range(12):
        k = step % 4 * 16
        # Run optimization op (backprop), cost op (to get loss value)
        # and summary nodes
        _, c, summary = sess.run([optimizer, cost, merged_summary_op],
                                 feed_dict={x: xs[k:k + 16], y: ys[k:k + 16]})
        # Write logs at every iteration
        summary_writer.add_summary(summary, step)
        if step % 4 == 3:
            print("Step:", step, "cost= {:.6f}".format(c))
    summary_writer.close()

    print("Accuracy: %.4f" % acc.eval({x: xs, y: ys}))
    print("Event files:", len(glob.glob(logs_path + '*tfevents*')))

shutil.rmtree(logs_path)
