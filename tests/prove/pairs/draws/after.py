"""Every kind of random number."""

import numpy as np
import tensorflow as tf

tf.random.set_seed(1)
logits = tf.math.log([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]])


@tf.function(input_signature=[tf.TensorSpec([], tf.int32)])
def draw(n):
    return [
        tf.random.uniform([n, 3], -1.0, 2.0),
        tf.random.uniform([5], 0, 10, tf.int32),
        tf.random.normal([4, 3], 1.0, 2.0, seed=3),
        tf.random.truncated_normal([2, n], stddev=0.1, dtype=tf.float64),
        tf.random.shuffle(tf.range(7)),
        tf.random.categorical(logits, 6),
        tf.nn.dropout(tf.ones([3, 4]), 0.4),
        tf.keras.initializers.GlorotUniform()([3, 5]),
        tf.keras.initializers.VarianceScaling(2 * 1.3 * 0.87962566**2)([3, 5]),
        tf.image.random_flip_left_right(tf.reshape(tf.range(12.0), [3, 4, 1])),
        tf.random.log_uniform_candidate_sampler([[3], [1]], 1, 5, True, 50)[0],
        tf.random.gamma([3], 2.0),
        dropout(tf.ones([2, 6]), training=True),
    ]


dropout = tf.keras.layers.Dropout(0.5)
for value in draw(n=2):
    print(value.numpy())
print(next(iter(tf.data.Dataset.range(10).shuffle(10).repeat(2).batch(20))).numpy())
print(np.random.rand(2))
