"""Sentiment LSTM: embedding, cells made by a function, clipped gradients in a comprehension, two phases of training."""
import numpy as np
import tensorflow as tf

np.random.seed(6)
VOCAB, T, EMB, UNITS, LAYERS = 25, 7, 6, 8, 2
x_np = np.random.randint(1, VOCAB, (60, T))
len_np = np.random.randint(3, T + 1, 60)
y_np = (x_np[:, 0] > VOCAB // 2).astype(np.int64)


def make_cell(size, keep):
    cell = tf.nn.rnn_cell.LSTMCell(size)
    return tf.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=keep)


def build_model(ids, lengths, keep):
    with tf.variable_scope('model'):
        table = tf.get_variable('embedding', [VOCAB, EMB])
        inputs = tf.nn.embedding_lookup(table, ids)
        cell = tf.nn.rnn_cell.MultiRNNCell([make_cell(UNITS, keep) for _ in range(LAYERS)])
        outputs, state = tf.nn.dynamic_rnn(cell, inputs, sequence_length=lengths, dtype=tf.float32)
        return tf.layers.dense(state[-1].h, 2, name='softmax')


def main():
    ids = tf.placeholder(tf.int32, [None, T])
    lengths = tf.placeholder(tf.int32, [None])
    labels = tf.placeholder(tf.int64, [None])
    keep = tf.placeholder_with_default(1.0, shape=())

    logits = build_model(ids, lengths, keep)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), labels), tf.float32))

    optimizer = tf.train.AdamOptimizer(0.02)
    grads_and_vars = optimizer.compute_gradients(loss)
    capped = [(tf.clip_by_value(grad, -1., 1.), var) for grad, var in grads_and_vars if grad is not None]
    train_op = optimizer.apply_gradients(capped)

    n_params = np.sum([np.prod(v.get_shape().as_list()) for v in tf.trainable_variables()])
    print('parameters', n_params)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(4):
            order = np.random.permutation(60)
            losses = []
            for i in range(0, 60, 20):
                b = order[i:i + 20]
                l, _ = sess.run([loss, train_op], feed_dict={ids: x_np[b], lengths: len_np[b], labels: y_np[b],
                                                             keep: 1.0})
                losses.append(l)
            acc = sess.run(accuracy, feed_dict={ids: x_np, lengths: len_np, labels: y_np})
            print('epoch %d loss %.5f accuracy %.3f' % (epoch, np.mean(losses), acc))


if __name__ == '__main__':
    main()
