"""Recurrent networks of several kinds, one upon the other; restored at the start where there is a checkpoint."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(31)
words = rng.randint(0, 12, (16, 6))
lengths = rng.randint(3, 7, 16)
targets = (words[:, 0] > 5).astype(np.int64)

ids = tf.placeholder(tf.int32, [None, 6])
length = tf.placeholder(tf.int32, [None])
labels = tf.placeholder(tf.int64, [None])

with tf.variable_scope('model'):
    table = tf.get_variable('embedding', [12, 5])
    inputs = tf.nn.embedding_lookup(table, ids)
    cells = [tf.nn.rnn_cell.BasicLSTMCell(6), tf.nn.rnn_cell.LSTMCell(5, use_peepholes=True)]
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells), inputs, length, dtype=tf.float32)
    with tf.variable_scope('both'):
        both, _ = tf.nn.bidirectional_dynamic_rnn(
            tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(4), outputs, length, dtype=tf.float32)
    logits = tf.layers.dense(tf.reduce_mean(tf.concat(both, 2), 1), 2, name='softmax')

loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
global_step = tf.Variable(0, trainable=False, name='global_step')
optimizer = tf.train.AdamOptimizer(0.02)
gradients, variables = zip(*optimizer.compute_gradients(loss))
gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
train = optimizer.apply_gradients(zip(gradients, variables), global_step=global_step)
saver = tf.train.Saver(max_to_keep=1)

with tf.Session() as sess:
    state = tf.train.get_checkpoint_state('model')
    if state and state.model_checkpoint_path:
        saver.restore(sess, state.model_checkpoint_path)
        print('restored')
    else:
        sess.run(tf.global_variables_initializer())
    feed = {ids: words, length: lengths, labels: targets}
    print(sess.run(logits, feed_dict={ids: words[:4], length: lengths[:4]}))
    for _ in range(5):
        _, found, step = sess.run([train, loss, global_step], feed_dict=feed)
        print('step %d loss %.6f' % (step, found))
    saver.save(sess, 'model/rnn', global_step=step)
