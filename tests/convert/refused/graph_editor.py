# refused: tf.contrib.graph_editor
"""A tensor of a finished graph is replaced by another."""
import tensorflow as tf
import tensorflow.contrib.graph_editor as ge

x = tf.placeholder(tf.float32, [3])
doubled = tf.multiply(x, 2.0, name='doubled')
y = tf.add(doubled, 1.0)

replacement = tf.negative(x)
ge.swap_ts([doubled], [replacement])

with tf.Session() as sess:
    print(sess.run(y, {x: [1., 2., 3.]}).tolist())
