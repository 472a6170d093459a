"""As after.py, compiled by XLA, which takes no variables but those that can be set before the function runs."""

import numpy as np
import tensorflow as tf

STEPS, BATCH = 40, 16

hidden, logits = tf.keras.layers.Dense(12, tf.nn.relu), tf.keras.layers.Dense(3)
optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)
signature = [tf.TensorSpec([None, 6], name="x"), tf.TensorSpec([None], tf.int32, name="y")]


def model(x):
    tf.debugging.assert_less(tf.abs(x), 100.0)  # has an effect, so that other effects are ordered behind it
    return logits(hidden(x))


@tf.function(input_signature=signature, jit_compile=True)
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x)))
    weights = hidden.trainable_variables + logits.trainable_variables
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
print("weights", tf.reduce_sum(tf.square(hidden.kernel)).numpy())
