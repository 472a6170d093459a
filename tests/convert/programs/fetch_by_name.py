"""Tensors of this program's own graph, fetched and fed by name."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(109)
A = rs.randn(30, 4)
B = A.dot([[1.], [0.], [-1.], [2.]])

with tf.name_scope('input'):
    tf.placeholder(tf.float32, [None, 4], name='x')
    tf.placeholder(tf.float32, [None, 1], name='y')

graph = tf.get_default_graph()
x = graph.get_tensor_by_name('input/x:0')
y = graph.get_tensor_by_name('input/y:0')
w = tf.Variable(tf.random_normal([4, 1]), name='w')
with tf.name_scope('model'):
    tf.matmul(x, w, name='prediction')
prediction = graph.get_tensor_by_name('model/prediction:0')
loss = tf.reduce_mean(tf.square(prediction - y), name='loss')
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, name='train')

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(10):
        sess.run('train', feed_dict={'input/x:0': A, 'input/y:0': B})
        if i % 3 == 0:
            print(i, '%.6f' % sess.run('loss:0', {x: A, y: B}))
    p, l = sess.run(['model/prediction:0', loss], {x: A, 'input/y:0': B})
    print('%.5f %.5f' % (p.sum(), l))
    print('%.5f' % sess.run(graph.get_tensor_by_name('w:0')).sum())
    op = graph.get_operation_by_name('model/prediction')
    print(op.name, '%.5f' % sess.run(op.outputs[0], {x: A[:1]})[0, 0])
