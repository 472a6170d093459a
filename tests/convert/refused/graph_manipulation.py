# refused: changing sess.graph and its GraphDef
"""The GraphDef of the session is changed by hand and run again."""
import tensorflow as tf

x = tf.placeholder(tf.float32, [], name='x')
y = tf.add(x, tf.constant(2.0, name='two'), name='y')

with tf.Session() as sess:
    print('%.1f' % sess.run(y, {x: 1.0}))
    definition = sess.graph.as_graph_def()
    for node in definition.node:
        if node.name == 'two':
            node.attr['value'].tensor.float_val[:] = [10.0]
    sess.graph.finalize()

with tf.Graph().as_default() as changed:
    y, = tf.import_graph_def(definition, return_elements=['y:0'])
with tf.Session(graph=changed) as sess:
    print('%.1f' % sess.run(y, {'import/x:0': 1.0}))
