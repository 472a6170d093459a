"""Noise that is wrongly drawn once."""

import tensorflow as tf

w = tf.Variable(tf.random.normal([3]), name="w")
drawn = tf.random.normal([2, 2])


@tf.function
def noise():
    return tf.identity(drawn)


@tf.function(input_signature=[tf.TensorSpec([None, 3])])
def step(x):
    return noise(), tf.nn.dropout(x * w, 0.5)


for _ in range(4):
    print([value.numpy() for value in step(x=[[1.0, 2.0, 3.0]])])
print(noise().numpy())
print(tf.random.uniform([2]).numpy())
