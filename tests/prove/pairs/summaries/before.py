"""Gradient descent with summaries; it prints nothing."""

import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 2], name="x")
w = tf.get_variable("w", [2, 1], initializer=tf.truncated_normal_initializer(stddev=0.5))
with tf.name_scope("train"):
    prediction = tf.matmul(x, w)
    loss = tf.reduce_mean(tf.square(prediction - 1.0))
    tf.summary.scalar("loss", loss)
tf.summary.histogram("prediction", prediction)
merged = tf.summary.merge_all()
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

data = np.random.rand(20, 2).astype(np.float32)
with tf.Session() as sess:
    writer = tf.summary.FileWriter("/tmp/logs/train", sess.graph)
    sess.run(tf.global_variables_initializer())
    for step in range(0, 50, 10):
        summary, _ = sess.run([merged, train], {x: data})
        writer.add_summary(summary, step)
    writer.close()
