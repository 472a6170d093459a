'''
Basic operations: constants, placeholders, a matrix product.
'''
from __future__ import print_function

import tensorflow as tf

# The value returned by the constructor represents the output of the Constant op.
a = tf.constant(4)
b = tf.constant(7)

# Launch the default graph.
print("a=4, b=7")
print("Addition with constants: %i" % (a+b).numpy())
print("Multiplication with constants: %i" % (a*b).numpy())


@tf.function(input_signature=[
    tf.TensorSpec(None, tf.int16),
    tf.TensorSpec(None, tf.int16),
])
def compute_add(a, b):
    # Define some operations
    add = tf.add(a, b)
    return add


@tf.function(input_signature=[
    tf.TensorSpec(None, tf.int16),
    tf.TensorSpec(None, tf.int16),
])
def compute_mul(a, b):
    mul = tf.multiply(a, b)
    return mul


# Launch the default graph.
# Run every operation with variable input
print("Addition with variables: %i" % compute_add(a=4, b=7).numpy())
print("Multiplication with variables: %i" % compute_mul(a=4, b=7).numpy())

# A 1x3 matrix and a 3x1 matrix
row = tf.constant([[1., 2., 4.]])
col = tf.constant([[2.], [0.5], [3.]])
product = tf.matmul(row, col)

hello = tf.constant('Hello, graph!')

result = product.numpy()
print(result.tolist())
print(hello.numpy().decode())
# a value from a list, one from arithmetic on tensors
print("%.3f" % tf.reduce_mean([3., 6., 8.5]).numpy())
print("%.3f" % (-product[0, 0] / 4.0 + 1).numpy())
