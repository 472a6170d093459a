"""Summaries of gradients and variables, two writers, values written by hand."""
import glob
import shutil

import numpy as np
import tensorflow as tf

logs = 'summary_gradients_logs'
rs = np.random.RandomState(22)
train_x, test_x = rs.randn(48, 6), rs.randn(16, 6)
train_y, test_y = np.sin(train_x).sum(1), np.sin(test_x).sum(1)


def variable_summaries(var, name):
    with tf.name_scope('summaries_' + name):
        mean = tf.reduce_mean(var)
        tf.summary.scalar('mean', mean)
        tf.summary.scalar('stddev', tf.sqrt(tf.reduce_mean(tf.square(var - mean))))
        tf.summary.histogram('histogram', var)


x = tf.placeholder(tf.float32, [None, 6])
y = tf.placeholder(tf.float32, [None])
with tf.variable_scope('layer1'):
    w1 = tf.get_variable('w', [6, 8], initializer=tf.truncated_normal_initializer(stddev=0.3))
    variable_summaries(w1, 'w')
    h = tf.nn.relu(tf.matmul(x, w1))
    tf.summary.histogram('activations', h)
with tf.variable_scope('layer2'):
    w2 = tf.get_variable('w', [8, 1], initializer=tf.truncated_normal_initializer(stddev=0.3))
    out = tf.squeeze(tf.matmul(h, w2), 1)
loss = tf.reduce_mean(tf.square(out - y), name='loss')
loss_summary = tf.summary.scalar('mse', loss)

opt = tf.train.AdamOptimizer(0.01)
grads = opt.compute_gradients(loss)
for g, v in grads:
    tf.summary.histogram(v.op.name + '/gradient', g)
apply_grads = opt.apply_gradients(grads)
merged = tf.summary.merge_all()
parts = tf.summary.merge([loss_summary, tf.summary.image('weights', tf.reshape(w1, [1, 6, 8, 1]), max_outputs=1)])

sess = tf.Session()
train_writer = tf.summary.FileWriter(logs + '/train', sess.graph)
test_writer = tf.summary.FileWriter(logs + '/test')
sess.run(tf.global_variables_initializer())

for i in range(10):
    if i % 5 == 4:
        summary, l = sess.run([parts, loss], {x: test_x, y: test_y})
        test_writer.add_summary(summary, i)
        print('test loss at step %d: %.6f' % (i, l))
    summary, _, l = sess.run([merged, apply_grads, loss], {x: train_x, y: train_y})
    train_writer.add_summary(summary, i)
    # a value from Python
    epoch_summary = tf.Summary()
    epoch_summary.value.add(tag='python/loss', simple_value=float(l))
    train_writer.add_summary(epoch_summary, i)
train_writer.close()
test_writer.close()
print('loss %.6f, w1 %.6f' % (l, sess.run(w1).sum()))
print(len(glob.glob(logs + '/*/*')), 'event files')
shutil.rmtree(logs)
