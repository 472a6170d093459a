# refused: tensors named by text that is known only when the program runs
"""The name of what is fetched comes from the command line."""
import sys

import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None], name='x')
tf.reduce_sum(x, name='sum')
tf.reduce_max(x, name='max')

wanted = sys.argv[1] if len(sys.argv) > 1 else 'max'
with tf.Session() as sess:
    print('%.2f' % sess.run(wanted + ':0', {'x:0': np.linspace(0, 1, 5)}))
