# refused: tf.contrib.seq2seq decoders
"""dynamic_decode with a helper, a part of another library in TF2."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import seq2seq

VOCAB, SIZE = 6, 5
ids = tf.placeholder(tf.int32, [None, 4])
lengths = tf.placeholder(tf.int32, [None])
embedding = tf.get_variable('embedding', [VOCAB, SIZE])
cell = tf.nn.rnn_cell.GRUCell(SIZE)
helper = seq2seq.TrainingHelper(tf.nn.embedding_lookup(embedding, ids), lengths)
decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(tf.shape(ids)[0], tf.float32),
                               output_layer=tf.layers.Dense(VOCAB))
outputs, state, out_lengths = seq2seq.dynamic_decode(decoder)
loss = seq2seq.sequence_loss(outputs.rnn_output, ids, tf.sequence_mask(lengths, 4, dtype=tf.float32))
train = tf.train.AdamOptimizer(0.05).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        _, l = sess.run([train, loss], {ids: np.arange(8).reshape(2, 4) % VOCAB, lengths: [4, 4]})
        print('%.4f' % l)
