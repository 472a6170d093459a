# refused: tf.import_graph_def
"""A frozen GraphDef is imported and run by string names."""
import os

import tensorflow as tf

path = 'frozen_graph_by_name.pb'

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='input')
    v = tf.Variable(3.0, name='v')
    tf.multiply(x, v, name='output')
    sess.run(tf.global_variables_initializer())
    frozen = tf.graph_util.convert_variables_to_constants(sess, sess.graph_def, ['output'])
    with tf.gfile.GFile(path, 'wb') as f:
        f.write(frozen.SerializeToString())

graph_def = tf.GraphDef()
with tf.gfile.FastGFile(path, 'rb') as f:
    graph_def.ParseFromString(f.read())
with tf.Graph().as_default():
    tf.import_graph_def(graph_def, name='')
    with tf.Session() as sess:
        print(sess.run('output:0', {'input:0': [1.0, 2.0]}).tolist())
os.remove(path)
