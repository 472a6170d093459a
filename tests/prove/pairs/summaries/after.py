"""Gradient descent with summaries; it prints nothing."""

import numpy as np
import tensorflow as tf

w = tf.Variable(tf.random.truncated_normal([2, 1], stddev=0.5), name="w")
optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[tf.TensorSpec([None, 2], name="x")])
def train_step(x):
    with tf.GradientTape() as tape:
        prediction = tf.matmul(x, w)
        loss = tf.reduce_mean(tf.square(prediction - 1.0))
    optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w]))
    return {"train/loss": loss}, {"prediction": prediction}


data = np.random.rand(20, 2).astype(np.float32)
writer = tf.summary.create_file_writer("/tmp/logs/train")
for step in range(0, 50, 10):
    scalars, histograms = train_step(x=data)
    with writer.as_default():
        for tag, value in scalars.items():
            tf.summary.scalar(tag, value, step)
        for tag, value in histograms.items():
            tf.summary.histogram(tag, value, step)
writer.close()
