'''
Basic operations: constants, placeholders, a matrix product.
'''
from __future__ import print_function

import tensorflow as tf

# The value returned by the constructor represents the output of the Constant op.
a = tf.constant(4)
b = tf.constant(7)

# Launch the default graph.
with tf.Session() as sess:
    print("a=4, b=7")
    print("Addition with constants: %i" % sess.run(a+b))
    print("Multiplication with constants: %i" % sess.run(a*b))

# Basic Operations with variable as graph input
a = tf.placeholder(tf.int16)
b = tf.placeholder(tf.int16)

# Define some operations
add = tf.add(a, b)
mul = tf.multiply(a, b)

# Launch the default graph.
with tf.Session() as sess:
    # Run every operation with variable input
    print("Addition with variables: %i" % sess.run(add, feed_dict={a: 4, b: 7}))
    print("Multiplication with variables: %i" % sess.run(mul, feed_dict={a: 4, b: 7}))

# A 1x3 matrix and a 3x1 matrix
row = tf.constant([[1., 2., 4.]])
col = tf.constant([[2.], [0.5], [3.]])
product = tf.matmul(row, col)

hello = tf.constant('Hello, graph!')

sess = tf.Session()
result = sess.run(product)
print(result.tolist())
print(sess.run(hello).decode())
# a value from a list, one from arithmetic on tensors
print("%.3f" % sess.run(tf.reduce_mean([3., 6., 8.5])))
print("%.3f" % sess.run(-product[0, 0] / 4.0 + 1))
sess.close()
