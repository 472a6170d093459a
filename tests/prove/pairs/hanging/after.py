"""Squares, one after another, without an end."""

import time

import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([])])
def square(x):
    return x * x


number = 0
while True:
    print("square of", number, "is", square(x=number).numpy())
    number = min(number + 1, 2)
    time.sleep(0.1)
