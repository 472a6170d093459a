# refused: tf.load_op_library
"""An operation of the program's own, from a shared library (run only where it was built)."""
import os

import tensorflow as tf

LIBRARY = './zero_out.so'

x = tf.placeholder(tf.int32, [None])
if os.path.exists(LIBRARY):
    zero_out_module = tf.load_op_library(LIBRARY)
    y = zero_out_module.zero_out(x)
else:
    y = tf.identity(x)

with tf.Session() as sess:
    print(sess.run(y, feed_dict={x: [5, 4, 3]}).tolist())
