# refused: variables of layers that no function makes
"""Copies variables to a network that nothing computes: no function makes its variables."""
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])


def network(scope):
    with tf.variable_scope(scope):
        return tf.layers.dense(x, 2, name='l1')


online = network('online')
target = network('target')
pairs = zip(tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='target'),
            tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='online'))
copy = [tf.assign(t, o) for t, o in pairs]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(copy)
    print(sess.run(online, {x: [[1., 2., 3.]]}))
