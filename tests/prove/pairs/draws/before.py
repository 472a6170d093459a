"""Every kind of random number."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(1)
n = tf.placeholder(tf.int32, [])
logits = tf.log([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]])
drawn = [
    tf.random_uniform([n, 3], -1.0, 2.0),
    tf.random_uniform([5], 0, 10, tf.int32),
    tf.random_normal([4, 3], 1.0, 2.0, seed=3),
    tf.truncated_normal([2, n], stddev=0.1, dtype=tf.float64),
    tf.random_shuffle(tf.range(7)),
    tf.multinomial(logits, 6),
    tf.nn.dropout(tf.ones([3, 4]), 0.6),
    tf.contrib.layers.xavier_initializer()([3, 5]),
    tf.contrib.layers.variance_scaling_initializer()([3, 5]),
    tf.image.random_flip_left_right(tf.reshape(tf.range(12.0), [3, 4, 1])),
    tf.nn.log_uniform_candidate_sampler([[3], [1]], 1, 5, True, 50)[0],
    tf.random_gamma([3], 2.0),
    tf.layers.dropout(tf.ones([2, 6]), 0.5, training=True),
]
batch = tf.data.Dataset.range(10).shuffle(10).repeat(2).batch(20).make_one_shot_iterator().get_next()
with tf.Session() as sess:
    for value in sess.run(drawn, {n: 2}):
        print(value)
    print(sess.run(batch))
print(np.random.rand(2))
