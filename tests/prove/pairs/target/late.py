"""The same with layers that are built when they are first called, and variables without names."""

import numpy as np
import tensorflow as tf

online = tf.keras.layers.Dense(4, activation="tanh", use_bias=False)
target = tf.keras.layers.Dense(4, activation="tanh", use_bias=False)
last = []


def computed(x):
    if not last:
        last.extend(tf.Variable(lambda: tf.random.normal([4, 4], 0.0, 0.3)) for _ in range(2))
    return [tf.matmul(layer(x), w) for layer, w in zip((online, target), last)]


@tf.function(input_signature=[tf.TensorSpec([None, 4])])
def difference(x):
    ours, theirs = computed(x)
    return ours - theirs


@tf.function(input_signature=[tf.TensorSpec([None, 4])])
def predict(x):
    return computed(x)[0]


data = np.random.randn(10, 4)
for _ in range(2):
    print(np.abs(difference(data).numpy()).mean() > 0.001)
    target.kernel.assign(online.kernel)
    last[1].assign(last[0])
print(predict(data).numpy()[0, 0])
