"""Bidirectional LSTMs: static over a list, dynamic over a padded batch."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn

rs = np.random.RandomState(41)
STEPS, DIM, HIDDEN = 6, 4, 7
xs = rs.randn(50, STEPS, DIM)
lengths = rs.randint(2, STEPS + 1, 50)
ys = (xs[:, 0, 0] + xs[np.arange(50), lengths - 1, 1] > 0).astype(np.int32)

X = tf.placeholder(tf.float32, [None, STEPS, DIM])
L = tf.placeholder(tf.int32, [None])
Y = tf.placeholder(tf.int32, [None])

# static
with tf.variable_scope('static'):
    steps = tf.unstack(X, STEPS, 1)
    fw = rnn.BasicLSTMCell(HIDDEN, forget_bias=1.0)
    bw = rnn.BasicLSTMCell(HIDDEN, forget_bias=0.5)
    outputs, state_fw, state_bw = rnn.static_bidirectional_rnn(fw, bw, steps, dtype=tf.float32)
    w = tf.get_variable('w', [2 * HIDDEN, 2], initializer=tf.random_normal_initializer())
    static_logits = tf.matmul(outputs[-1], w)

# dynamic
with tf.variable_scope('dynamic'):
    cell_fw = tf.nn.rnn_cell.LSTMCell(HIDDEN, state_is_tuple=True)
    cell_bw = tf.nn.rnn_cell.LSTMCell(HIDDEN, state_is_tuple=True)
    (out_fw, out_bw), (st_fw, st_bw) = tf.nn.bidirectional_dynamic_rnn(
        cell_fw, cell_bw, X, sequence_length=L, dtype=tf.float32)
    both = tf.concat([out_fw, out_bw], 2)
    last = tf.concat([st_fw.h, st_bw.h], axis=1)
    dynamic_logits = tf.layers.dense(last, 2, name='logits')

losses, trains = {}, {}
for name, logits in (('static', static_logits), ('dynamic', dynamic_logits)):
    losses[name] = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
    trains[name] = tf.train.AdamOptimizer(0.02).minimize(
        losses[name], var_list=tf.trainable_variables(name + '/'))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {X: xs, Y: ys, L: lengths}
    for i in range(9):
        _, ls = sess.run([trains['static'], losses['static']], feed_dict={X: xs, Y: ys})
        _, ld = sess.run([trains['dynamic'], losses['dynamic']], feed_dict=feed)
        if i % 2 == 0:
            print('step %d static %.5f dynamic %.5f' % (i, ls, ld))
    b, c = sess.run([both, st_bw.c], feed)
    print('outputs', b.shape, '%.5f' % b.sum(), 'state %.5f' % c.sum())
    print('padding is zero:', bool((b[lengths < STEPS, -1] == 0).all()))
