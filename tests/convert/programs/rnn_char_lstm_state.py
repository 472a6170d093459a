"""A character model: the LSTM state (a tuple) goes through the session between
batches, and characters are chosen one by one at the end."""
import numpy as np
import tensorflow as tf

text = "the cat sat on the mat and the rat sat on the cat " * 4
chars = sorted(set(text))
char_to_id = {c: i for i, c in enumerate(chars)}
ids = np.array([char_to_id[c] for c in text])
V = len(chars)

batch_size, num_steps, hidden = 4, 10, 16
n_batches = len(ids) // (batch_size * num_steps)
xdata = ids[:n_batches * batch_size * num_steps].reshape(batch_size, -1)
ydata = np.roll(ids, -1)[:n_batches * batch_size * num_steps].reshape(batch_size, -1)


def model(batch, steps, reuse=None):
    with tf.variable_scope('rnnlm', reuse=reuse):
        x = tf.placeholder(tf.int32, [batch, steps])
        y = tf.placeholder(tf.int32, [batch, steps])
        embedding = tf.get_variable('embedding', [V, 6])
        inputs = tf.nn.embedding_lookup(embedding, x)
        cell = tf.nn.rnn_cell.BasicLSTMCell(hidden)
        initial = cell.zero_state(batch, tf.float32)
        outputs, last = tf.nn.dynamic_rnn(cell, inputs, initial_state=initial, scope='rnn')
        softmax_w = tf.get_variable('softmax_w', [hidden, V])
        softmax_b = tf.get_variable('softmax_b', [V], initializer=tf.zeros_initializer())
        logits = tf.matmul(tf.reshape(outputs, [-1, hidden]), softmax_w) + softmax_b
        loss = tf.contrib.seq2seq.sequence_loss(tf.reshape(logits, [batch, steps, V]), y,
                                                tf.ones([batch, steps]))
    return x, y, initial, last, tf.nn.softmax(logits), loss


x, y, initial_state, last_state, probs, loss = model(batch_size, num_steps)
train = tf.train.AdamOptimizer(0.03).minimize(loss)
x1, _, initial1, last1, probs1, _ = model(1, 1, reuse=True)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(4):
        state = sess.run(initial_state)
        total = 0.0
        for b in range(n_batches):
            c, h = initial_state
            feed = {x: xdata[:, b * num_steps:(b + 1) * num_steps],
                    y: ydata[:, b * num_steps:(b + 1) * num_steps],
                    c: state.c, h: state.h}
            l, state, _ = sess.run([loss, last_state, train], feed)
            total += l
        print('epoch %d loss %.5f state %.5f' % (epoch, total / n_batches, state.h.sum()))

    # write
    state = sess.run(initial1)
    char, out = 't', 't'
    for _ in range(12):
        p, state = sess.run([probs1, last1], {x1: [[char_to_id[char]]], initial1: state})
        char = chars[int(np.argmax(p[0]))]
        out += char
    print(repr(out), '%.4f' % p.max())
