"""An MLP trained with Adam on minibatches."""

import numpy as np
import tensorflow as tf

STEPS, BATCH = 40, 16

glorot = tf.keras.initializers.GlorotUniform
hidden_w = tf.Variable(glorot()([6, 12]), name="hidden/w")
hidden_b = tf.Variable(tf.zeros([12]), name="hidden/b")
logits_w = tf.Variable(glorot()([12, 3]), name="logits/w")
logits_b = tf.Variable(tf.zeros([3]), name="logits/b")
weights = [hidden_w, hidden_b, logits_w, logits_b]
optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)
signature = [tf.TensorSpec([None, 6], name="x"), tf.TensorSpec([None], tf.int32, name="y")]


def model(x):
    return tf.matmul(tf.nn.relu(tf.matmul(x, hidden_w) + hidden_b), logits_w) + logits_b


@tf.function(input_signature=signature)
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x)))
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


@tf.function(input_signature=signature)
def accuracy(x, y):
    return tf.reduce_mean(tf.cast(tf.equal(tf.argmax(model(x), 1, output_type=tf.int32), y), tf.float32))


inputs = np.random.randn(64, 6).astype(np.float32)
labels = np.argmax(inputs[:, :3], 1)

for step in range(STEPS):
    rows = np.random.permutation(64)[:BATCH]
    value = train_step(x=inputs[rows], y=labels[rows]).numpy()
    if step % 10 == 0:
        print("step %d loss %.4f" % (step, value))
print("accuracy", accuracy(x=inputs, y=labels).numpy())
print("weights", tf.reduce_sum(tf.square(hidden_w)).numpy())
