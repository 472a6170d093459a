"""Training with dropout, and evaluation without it."""

import numpy as np
import tensorflow as tf

w = tf.Variable(tf.random.truncated_normal([5, 8], stddev=0.3), name="w")
v = tf.Variable(tf.random.truncated_normal([8, 1], stddev=0.3), name="v")
optimizer = tf.keras.optimizers.SGD(0.1, momentum=0.9)
signature = [tf.TensorSpec([None, 5]), tf.TensorSpec([])]


def compute_loss(x, keep_prob):
    hidden = tf.nn.dropout(tf.nn.sigmoid(tf.matmul(x, w)), 1 - keep_prob)
    return tf.reduce_mean(tf.square(tf.matmul(hidden, v) - 1.0))


@tf.function(input_signature=signature)
def train_step(x, keep_prob):
    with tf.GradientTape() as tape:
        loss = compute_loss(x, keep_prob)
    optimizer.apply_gradients(zip(tape.gradient(loss, [w, v]), [w, v]))


@tf.function(input_signature=signature)
def evaluate(x, keep_prob):
    return compute_loss(x, keep_prob)


data = np.random.randn(12, 5)
for step in range(10):
    train_step(x=data, keep_prob=0.7)
    print(step, evaluate(x=data, keep_prob=1.0).numpy())
