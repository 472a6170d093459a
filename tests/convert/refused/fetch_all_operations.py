# refused: graph.get_operations
"""What is fetched is found by walking over the operations of the graph."""
import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3], name='x')
h = tf.nn.relu(x - 0.5)
h = tf.nn.relu(tf.reduce_sum(h, axis=1) - 1.0)

fetches = []
for op in tf.get_default_graph().get_operations():
    if op.type == 'Relu':
        fetches.append(op.outputs[0])

with tf.Session() as sess:
    for value in sess.run(fetches, feed_dict={x: np.arange(6).reshape(2, 3) / 4.0}):
        print(value.shape, '%.4f' % value.sum())
