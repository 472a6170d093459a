"""MultiRNNCell of LSTM cells with DropoutWrapper; GRU and basic cells beside it."""
import numpy as np
import tensorflow as tf

np.random.seed(53)
T, D, H = 5, 3, 8
wave = np.sin(np.arange(200) * 0.3)
seqs = np.array([[wave[i + k:i + k + D] for k in range(T)] for i in range(60)])
target = np.array([wave[i + T + D - 1] for i in range(60)]).reshape(-1, 1)

inputs = tf.placeholder(tf.float32, [None, T, D])
labels = tf.placeholder(tf.float32, [None, 1])
keep_prob = tf.placeholder(tf.float32, [])


def lstm_cell(size):
    cell = tf.contrib.rnn.LSTMCell(size, initializer=tf.random_uniform_initializer(-0.3, 0.3))
    return tf.contrib.rnn.DropoutWrapper(cell, output_keep_prob=keep_prob)


stacked = tf.contrib.rnn.MultiRNNCell([lstm_cell(H) for _ in range(2)])
outputs, state = tf.nn.dynamic_rnn(stacked, inputs, dtype=tf.float32)
top = outputs[:, -1, :]

with tf.variable_scope('gru'):
    gru_out, gru_state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(H), inputs, dtype=tf.float32)
with tf.variable_scope('basic'):
    basic_out, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(H, activation=tf.nn.tanh),
                                     inputs, dtype=tf.float32)
with tf.variable_scope('peephole'):
    peep_out, _ = tf.nn.dynamic_rnn(
        tf.nn.rnn_cell.LSTMCell(H, use_peepholes=True, num_proj=4, cell_clip=2.0), inputs, dtype=tf.float32)

features = tf.concat([top, gru_state, basic_out[:, -1], peep_out[:, -1]], axis=1)
pred = tf.layers.dense(features, 1)
loss = tf.reduce_mean(tf.square(pred - labels))
tvars = tf.trainable_variables()
grads, _ = tf.clip_by_global_norm(tf.gradients(loss, tvars), 5.0)
train_op = tf.train.AdamOptimizer(0.01).apply_gradients(zip(grads, tvars))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(12):
        sess.run(train_op, {inputs: seqs, labels: target, keep_prob: 0.9})
        if i % 4 == 3:
            print('step', i, 'loss %.6f' % sess.run(loss, {inputs: seqs, labels: target, keep_prob: 1.0}))
    st, o = sess.run([state, outputs], {inputs: seqs[:10], keep_prob: 1.})
    print('layers', len(st), 'h equals last output:', bool(np.allclose(st[-1].h, o[:, -1])))
    print('c %.5f h %.5f' % (st[0].c.sum(), st[1].h.sum()))
    print('prediction %.5f for %.5f' % (sess.run(pred, {inputs: seqs[5:6], keep_prob: 1.})[0, 0], target[5, 0]))
