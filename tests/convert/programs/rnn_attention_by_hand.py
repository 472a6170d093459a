"""Translation of reversed digits: an encoder, attention by hand and an unrolled decoder with teacher forcing."""
import numpy as np
import tensorflow as tf

np.random.seed(31)
VOCAB, T, EMB, UNITS, GO = 8, 5, 6, 10, 0
source_np = np.random.randint(1, VOCAB, (48, T))
target_np = source_np[:, ::-1]

source = tf.placeholder(tf.int32, [None, T], 'source')
decoder_in = tf.placeholder(tf.int32, [None, T], 'decoder_in')
target = tf.placeholder(tf.int32, [None, T], 'target')

with tf.variable_scope('embedding'):
    embeddings = tf.get_variable('table', [VOCAB, EMB], tf.float32, tf.random_uniform_initializer(-1.0, 1.0))

with tf.variable_scope('encoder'):
    enc_cell = tf.nn.rnn_cell.GRUCell(UNITS)
    enc_out, enc_state = tf.nn.dynamic_rnn(enc_cell, tf.nn.embedding_lookup(embeddings, source), dtype=tf.float32)

dec_cell = tf.nn.rnn_cell.GRUCell(UNITS)


def attend(state, memory):
    with tf.variable_scope('attention', reuse=tf.AUTO_REUSE):
        wq = tf.get_variable('wq', [UNITS, UNITS])
        wk = tf.get_variable('wk', [UNITS, UNITS])
        v = tf.get_variable('v', [UNITS])
        keys = tf.tensordot(memory, wk, axes=1)
        query = tf.expand_dims(tf.matmul(state, wq), 1)
        scores = tf.reduce_sum(v * tf.tanh(keys + query), axis=2)
        weights = tf.nn.softmax(scores)
        return tf.reduce_sum(tf.expand_dims(weights, 2) * memory, axis=1), weights


state = enc_state
step_logits = []
dec_emb = tf.nn.embedding_lookup(embeddings, decoder_in)
with tf.variable_scope('decoder') as scope:
    for t in range(T):
        if t > 0:
            scope.reuse_variables()
        context, weights = attend(state, enc_out)
        output, state = dec_cell(tf.concat([dec_emb[:, t], context], 1), state)
        step_logits.append(tf.layers.dense(output, VOCAB, name='projection'))

logits = tf.stack(step_logits, axis=1)
predictions = tf.argmax(logits, 2)
loss = tf.contrib.seq2seq.sequence_loss(logits, target, tf.ones([tf.shape(target)[0], T]))
params = tf.trainable_variables()
gradients = tf.gradients(loss, params)
clipped, norm = tf.clip_by_global_norm(gradients, 1.0)
global_step = tf.train.get_or_create_global_step()
train_op = tf.train.AdamOptimizer(0.02).apply_gradients(zip(clipped, params), global_step=global_step)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(4):
        for i in range(0, 48, 16):
            tgt = target_np[i:i + 16]
            go = np.concatenate([np.full((16, 1), GO), tgt[:, :-1]], axis=1)
            _, l, n, step = sess.run([train_op, loss, norm, global_step],
                                     {source: source_np[i:i + 16], decoder_in: go, target: tgt})
        print('step %d loss %.5f norm %.5f' % (step, l, n))
    go = np.concatenate([np.full((48, 1), GO), target_np[:, :-1]], axis=1)
    p = sess.run(predictions, {source: source_np, decoder_in: go})
    print('right %.4f' % (p == target_np).mean())
