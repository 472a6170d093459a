""" Word2Vec with noise-contrastive estimation.

The negative words are drawn at random at every run.
"""
from __future__ import division, print_function

import random
import numpy as np
import tensorflow as tf

random.seed(4)

# Training Parameters
learning_rate = 0.1
batch_size = 16
num_steps = 12
eval_step = 6

# Word2Vec Parameters
vocabulary_size = 40
embedding_size = 10 # Dimension of the embedding vector
num_sampled = 6 # Number of negative examples to sample

# a "text": a random walk over word numbers
data = [0]
for _ in range(300):
    data.append((data[-1] + random.choice([1, 1, 2, 3, 39])) % vocabulary_size)

data_index = 0


# Generate training batch for the skip-gram model
def next_batch(batch_size):
    global data_index
    batch = np.ndarray(shape=(batch_size), dtype=np.int32)
    labels = np.ndarray(shape=(batch_size, 1), dtype=np.int32)
    for i in range(batch_size):
        batch[i] = data[data_index]
        labels[i, 0] = data[data_index + 1]
        data_index = (data_index + 1) % (len(data) - 1)
    return batch, labels


# Ensure the following ops & var are assigned on CPU
# (some ops are not compatible on GPU)
# Create the embedding variable (each row represent a word embedding vector)
embedding = tf.Variable(tf.random.normal([vocabulary_size, embedding_size]))

# Construct the variables for the NCE loss
nce_weights = tf.Variable(tf.random.normal([vocabulary_size, embedding_size]))
nce_biases = tf.Variable(tf.zeros([vocabulary_size]))


# Define the optimizer
optimizer = tf.keras.optimizers.SGD(learning_rate)


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None, 1], tf.int32),
])
def train_step(X, Y):
    with tf.GradientTape() as tape:
        with tf.device('/cpu:0'):
            # Lookup the corresponding embedding vectors for each sample in X
            X_embed = tf.nn.embedding_lookup(embedding, X)
        # Compute the average NCE loss for the batch
        loss_op = tf.reduce_mean(
            tf.nn.nce_loss(weights=nce_weights,
                           biases=nce_biases,
                           labels=Y,
                           inputs=X_embed,
                           num_sampled=num_sampled,
                           num_classes=vocabulary_size))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss_op, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss_op


@tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
def compute_cosine_sim_op(X):
    with tf.device('/cpu:0'):
        # Lookup the corresponding embedding vectors for each sample in X
        X_embed = tf.nn.embedding_lookup(embedding, X)
    # Evaluation
    # Compute the cosine similarity between input data embedding and every embedding vectors
    X_embed_norm = X_embed / tf.sqrt(tf.reduce_sum(tf.square(X_embed)))
    embedding_norm = embedding / tf.sqrt(tf.reduce_sum(tf.square(embedding), 1, keepdims=True))
    cosine_sim_op = tf.matmul(X_embed_norm, embedding_norm, transpose_b=True)
    return cosine_sim_op


# Run the initializer

# Testing data
x_test = np.array([3, 5, 8], dtype=np.int32)

average_loss = 0
for step in range(1, num_steps + 1):
    # Get a new batch of data
    batch_x, batch_y = next_batch(batch_size)
    # Run training op
    loss = train_step(X=batch_x, Y=batch_y).numpy()
    average_loss += loss

    # Evaluation
    if step % eval_step == 0 or step == 1:
        if step > 1:
            average_loss /= eval_step
        print("Step " + str(step) + ", Average Loss= " + \
              "{:.4f}".format(average_loss))
        average_loss = 0

        sim = compute_cosine_sim_op(X=x_test).numpy()
        for i in range(len(x_test)):
            print("  word %d: similarity to 0 %.5f, sum %.5f" % (x_test[i], sim[i, 0], sim[i].sum()))
