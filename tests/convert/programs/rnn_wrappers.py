"""Wrappers round cells: residual, dropout of inputs and states, a cell in a scope of its own;
stacked bidirectional layers."""
import numpy as np
import tensorflow as tf

np.random.seed(37)
T, D = 6, 5
seqs = np.random.randn(20, T, D)
lengths = np.array([T, 3, 1, 5] * 5)
labels = (seqs[:, 0, 0] > 0).astype(np.int32)

x = tf.placeholder(tf.float32, [None, T, D])
n = tf.placeholder(tf.int32, [None])
y = tf.placeholder(tf.int32, [None])
keep = tf.placeholder(tf.float32)

gru = tf.nn.rnn_cell.GRUCell(D, kernel_initializer=tf.orthogonal_initializer())
gru = tf.nn.rnn_cell.ResidualWrapper(gru)
gru = tf.nn.rnn_cell.DropoutWrapper(gru, input_keep_prob=keep, state_keep_prob=keep)
out1, state1 = tf.nn.dynamic_rnn(gru, x, sequence_length=n, dtype=tf.float32, scope='residual')

fw = [tf.nn.rnn_cell.BasicLSTMCell(4), tf.nn.rnn_cell.BasicLSTMCell(3)]
bw = [tf.nn.rnn_cell.BasicLSTMCell(4), tf.nn.rnn_cell.BasicLSTMCell(3)]
out2, last_fw, last_bw = tf.contrib.rnn.stack_bidirectional_dynamic_rnn(fw, bw, x, sequence_length=n,
                                                                        dtype=tf.float32, scope='stack')

features = tf.concat([state1, last_fw[-1].h, last_bw[-1].h], axis=1)
logits = tf.layers.dense(features, 2)
loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
train = tf.train.AdamOptimizer(0.02).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(10):
        sess.run(train, {x: seqs, n: lengths, y: labels, keep: 0.9})
        if i % 3 == 0:
            print(i, 'loss %.5f' % sess.run(loss, {x: seqs, n: lengths, y: labels, keep: 1.0}))
    a, b = sess.run([out1, out2], {x: seqs, n: lengths, keep: 1.0})
    print(a.shape, b.shape, '%.4f %.4f' % (a.sum(), b.sum()))
    print('after the end:', np.abs(a[2, 1:]).sum(), np.abs(b[2, 1:]).sum())
