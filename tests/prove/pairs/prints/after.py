"""Squares, one more than before."""

import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([])])
def square(x):
    return x * x


for number in range(4):
    print("square of", number, "is", square(x=number).numpy())
