""" The Dataset API with a one-shot iterator: the model is built on its tensors,
so nothing is fed but the keep probability.
"""
from __future__ import print_function

import numpy as np
import tensorflow as tf

rs = np.random.RandomState(10)
images = rs.rand(80, 9).astype(np.float32)
labels = np.eye(3, dtype=np.float32)[images[:, :3].argmax(1)]

batch_size = 20

# Create a dataset tensor from the images and the labels
dataset = tf.data.Dataset.from_tensor_slices((images, labels))
# Automatically refill the data queue when empty
dataset = dataset.repeat()
# Create batches of data
dataset = dataset.batch(batch_size)
# Prefetch data for faster consumption
dataset = dataset.prefetch(2)

# Create an iterator over the dataset
iterator = dataset.make_one_shot_iterator()
X, Y = iterator.get_next()

keep_prob = tf.placeholder_with_default(1.0, shape=[])

h = tf.layers.dense(X, 12, activation=tf.nn.relu)
h = tf.nn.dropout(h, keep_prob)
logits = tf.layers.dense(h, 3)

loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=Y))
train_op = tf.train.AdamOptimizer(0.02).minimize(loss_op)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(Y, 1)), tf.float32))

sess = tf.Session()
sess.run(tf.global_variables_initializer())

# Training cycle
for step in range(1, 17):
    # Run optimization; every run takes the next batch
    sess.run(train_op)

    if step % 4 == 0:
        # Calculate batch loss and accuracy
        # (note that this consumes a new batch of data)
        loss, acc = sess.run([loss_op, accuracy])
        print("Step %d, Minibatch Loss= %.4f, Accuracy= %.3f" % (step, loss, acc))

loss = sess.run(loss_op, feed_dict={keep_prob: 0.8})
print("With dropout: %s" % (loss > 0))
print("Finished")
