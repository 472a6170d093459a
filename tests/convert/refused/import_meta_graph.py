# refused: import_meta_graph
"""A graph is loaded from a file; its tensors are found by name."""
import shutil

import tensorflow as tf

folder = 'import_meta_graph_model'


def save():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None, 2], name='x')
        w = tf.Variable([[1.0], [2.0]], name='w')
        tf.matmul(x, w, name='y')
        sess.run(tf.global_variables_initializer())
        tf.train.Saver().save(sess, folder + '/model')


def load():
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        saver = tf.train.import_meta_graph(folder + '/model.meta')
        saver.restore(sess, tf.train.latest_checkpoint(folder))
        x = graph.get_tensor_by_name('x:0')
        y = graph.get_tensor_by_name('y:0')
        print(sess.run(y, feed_dict={x: [[1., 1.], [0., 3.]]}).tolist())


save()
load()
shutil.rmtree(folder)
