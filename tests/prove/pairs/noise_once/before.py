"""Noise that is drawn anew at each run."""

import tensorflow as tf

w = tf.Variable(tf.random_normal([3]), name="w")
noise = tf.random_normal([2, 2])
x = tf.placeholder(tf.float32, [None, 3])
hidden = tf.nn.dropout(x * w, 0.5)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        print(sess.run([noise, hidden], {x: [[1.0, 2.0, 3.0]]}))
    print(sess.run(noise))
    print(sess.run(tf.random_uniform([2])))
