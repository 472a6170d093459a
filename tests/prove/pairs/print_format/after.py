"""Squares, printed in another way."""

import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([])])
def square(x):
    return x * x


for number in range(3):
    print("square of", number, "=", square(x=number).numpy())
