"""A linear model trained with Adam, whose gradients get small."""

import numpy as np
import tensorflow as tf

w = tf.Variable(tf.random.normal([3, 1]), name="w")
optimizer = tf.keras.optimizers.Adam(learning_rate=0.02)  # wrong: TF1's epsilon is 1e-8, that of Keras 1e-7


@tf.function(input_signature=[tf.TensorSpec([None, 3]), tf.TensorSpec([None, 1])])
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = 1e-4 * tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
    optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w]))
    return loss


inputs = np.random.randn(32, 3).astype(np.float32)
target = inputs.dot(np.array([[1.0], [-2.0], [0.5]], np.float32))

for step in range(60):
    value = train_step(inputs, target).numpy()
    if step % 20 == 0:
        print("step {}: {:.2e}".format(step, value))
print("done")
