"""Squares, printed."""

import tensorflow as tf

x = tf.placeholder(tf.float32, [])
square = x * x
with tf.Session() as sess:
    for number in range(3):
        print("square of", number, "is", sess.run(square, {x: number}))
