"""Trains one of two networks against the other, which is not frozen any more; prints little."""

import numpy as np
import tensorflow as tf

eval_w = tf.Variable(tf.random.normal([4, 2], 0.0, 0.3), name="eval/w")
target_w = tf.Variable(tf.random.normal([4, 2], 0.0, 0.3), name="target/w")
optimizer = tf.keras.optimizers.SGD(0.05)


@tf.function(input_signature=[tf.TensorSpec([None, 4])])
def train_step(x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.matmul(x, eval_w) - 1.0 - 0.5 * tf.matmul(x, target_w)))
    weights = list(tape.watched_variables())  # wrong: the target is among them
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))


data = np.random.randn(10, 4)
for _ in range(5):
    train_step(x=data)
print("trained for 5 steps")
