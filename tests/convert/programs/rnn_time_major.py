"""Time-major input, static_rnn with sequence lengths, an initial state of zeros by hand."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.rnn import BasicLSTMCell, static_rnn, LSTMStateTuple

rs = np.random.RandomState(95)
STEPS, BATCH, DIM, HIDDEN = 5, 8, 3, 6
batch = rs.randn(STEPS, BATCH, DIM)
lens = rs.randint(0, STEPS + 1, BATCH)
lens[0] = 0
target = rs.randn(BATCH, 2)

x = tf.placeholder(tf.float32, [STEPS, BATCH, DIM])
t = tf.placeholder(tf.float32, [BATCH, 2])
seq = tf.placeholder(tf.int32, [BATCH])

with tf.variable_scope('dyn'):
    start = LSTMStateTuple(tf.ones([BATCH, HIDDEN]) * 0.1, tf.zeros([BATCH, HIDDEN]))
    d_out, d_state = tf.nn.dynamic_rnn(BasicLSTMCell(HIDDEN), x, sequence_length=seq, initial_state=start,
                                       time_major=True)
with tf.variable_scope('stat'):
    cell = BasicLSTMCell(HIDDEN, activation=tf.nn.relu)
    s_out, s_state = static_rnn(cell, tf.unstack(x), sequence_length=seq, dtype=tf.float32)

W = tf.get_variable('W', [2 * HIDDEN, 2], initializer=tf.truncated_normal_initializer(stddev=0.5))
pred = tf.matmul(tf.concat([d_state.h, s_state.h], 1), W)
loss = tf.nn.l2_loss(pred - t) / BATCH
opt = tf.train.RMSPropOptimizer(0.01)
grads = opt.compute_gradients(loss)
train = opt.apply_gradients([(tf.clip_by_value(g, -0.2, 0.2), v) for g, v in grads])

with tf.Session() as sess:
    tf.global_variables_initializer().run()
    feed = {x: batch, t: target, seq: lens}
    for k in range(8):
        l, _ = sess.run([loss, train], feed)
        if k % 3 == 0:
            print('loss %.6f' % l)
    a, b, c = sess.run([d_out, s_out[-1], d_state.c], feed)
    print('%s %.5f %.5f %.5f' % (a.shape, a.sum(), b.sum(), c.sum()))
    print('length 0 keeps its state: %.3f' % c[0].mean())
