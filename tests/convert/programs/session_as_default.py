"""sess.as_default(), get_default_session(), a graph kept in a variable, explicit close."""
import numpy as np
import tensorflow as tf

np.random.seed(58)
g = tf.Graph()
with g.as_default():
    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.get_variable('w', [3, 3], initializer=tf.orthogonal_initializer())
    scale = tf.get_variable('scale', [], initializer=tf.ones_initializer())
    y = tf.matmul(x, w) * scale
    energy = tf.reduce_sum(tf.square(y), axis=1)
    shrink = scale.assign(scale * 0.5)
    init_op = tf.global_variables_initializer()


def current_scale():
    return tf.get_default_session().run(scale)


sess = tf.Session(graph=g)
with sess.as_default():
    init_op.run()
    points = np.random.randn(5, 3)
    print('energy kept:', bool(np.allclose(energy.eval({x: points}), (points ** 2).sum(1), atol=1e-4)))
    print('scale %.3f' % current_scale())
    shrink.eval()
    print('scale %.3f' % current_scale())
    print('y %.5f' % np.abs(y.eval(feed_dict={x: points})).sum())

# the session lives on after the with
sess.run(shrink)
with sess.as_default(), g.as_default():
    doubled = tf.multiply(scale, 2.0)
    print('doubled %.3f' % doubled.eval())
print('scale %.3f' % sess.run(scale))
sess.close()
