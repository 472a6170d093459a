# refused: tf.make_template
"""A template makes its variables at its first call and shares them afterwards."""
import numpy as np
import tensorflow as tf


def affine(x, units):
    w = tf.get_variable('w', [x.get_shape()[1], units], initializer=tf.ones_initializer())
    return tf.matmul(x, w)


layer = tf.make_template('affine', affine, units=2)
a = tf.placeholder(tf.float32, [None, 3])
b = tf.placeholder(tf.float32, [None, 3])
out = layer(a) + layer(b)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(out, {a: np.ones((1, 3)), b: np.ones((1, 3)) * 2}).tolist(), len(tf.trainable_variables()))
