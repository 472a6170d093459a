"""Squares; half converted."""

import tensorflow as tf

x = tf.compat.v1.placeholder(tf.float32, [])


@tf.function
def square(x):
    return x * x


for number in range(3):
    print("square of", number, "is", square(number).numpy())
