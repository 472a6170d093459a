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
iterator = iter(dataset)


h_layer = tf.keras.layers.Dense(12, activation=tf.nn.relu)
logits_layer = tf.keras.layers.Dense(3)


def forward(keep_prob):
    X, Y = next(iterator)
    h = h_layer(X)
    h = tf.nn.dropout(h, rate=1 - keep_prob)
    logits = logits_layer(h)
    loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y, axis=-1))
    return Y, logits, loss_op


@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
def compute_loss_op(keep_prob):
    _, _, loss_op = forward(keep_prob)
    return loss_op


optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function
def train_step():
    keep_prob = tf.convert_to_tensor(1.0)
    with tf.GradientTape() as tape:
        _, _, loss_op = forward(keep_prob)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss_op, variables)
    with tf.control_dependencies([loss_op]):
        optimizer.apply_gradients(zip(gradients, variables))


@tf.function
def compute_loss_op_and_accuracy():
    keep_prob = tf.convert_to_tensor(1.0)
    Y, logits, loss_op = forward(keep_prob)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(Y, 1)), tf.float32))
    return loss_op, accuracy


# Training cycle
for step in range(1, 17):
    # Run optimization; every run takes the next batch
    train_step()

    if step % 4 == 0:
        # Calculate batch loss and accuracy
        # (note that this consumes a new batch of data)
        loss, acc = (value.numpy() for value in compute_loss_op_and_accuracy())
        print("Step %d, Minibatch Loss= %.4f, Accuracy= %.3f" % (step, loss, acc))

loss = compute_loss_op(keep_prob=0.8).numpy()
print("With dropout: %s" % (loss > 0))
print("Finished")
