"""An LSTM with CTC loss: sparse targets, sequence lengths, greedy decoding."""
import numpy as np
import tensorflow as tf

np.random.seed(91)
B, T, F, CLASSES = 3, 8, 4, 4   # three letters and the blank
features = np.random.randn(B, T, F)
lengths = np.array([8, 7, 6])
texts = [[0, 1, 2], [1, 1], [2, 0, 1]]


def sparse_tuple_from(sequences, dtype=np.int32):
    indices = []
    values = []
    for n, seq in enumerate(sequences):
        indices.extend(zip([n] * len(seq), range(len(seq))))
        values.extend(seq)
    indices = np.asarray(indices, dtype=np.int64)
    values = np.asarray(values, dtype=dtype)
    shape = np.asarray([len(sequences), indices.max(0)[1] + 1], dtype=np.int64)
    return indices, values, shape


inputs = tf.placeholder(tf.float32, [None, None, F])
targets = tf.sparse_placeholder(tf.int32)
seq_len = tf.placeholder(tf.int32, [None])

cell = tf.contrib.rnn.LSTMCell(10, state_is_tuple=True)
outputs, _ = tf.nn.dynamic_rnn(cell, inputs, seq_len, dtype=tf.float32)
shape = tf.shape(inputs)
batch_s = shape[0]
W = tf.Variable(tf.truncated_normal([10, CLASSES], stddev=0.1))
b = tf.Variable(tf.constant(0., shape=[CLASSES]))
logits = tf.matmul(tf.reshape(outputs, [-1, 10]), W) + b
logits = tf.reshape(logits, [batch_s, -1, CLASSES])
logits = tf.transpose(logits, (1, 0, 2))    # time major

loss = tf.nn.ctc_loss(targets, logits, seq_len)
cost = tf.reduce_mean(loss)
optimizer = tf.train.MomentumOptimizer(0.05, 0.9).minimize(cost)
decoded, log_prob = tf.nn.ctc_greedy_decoder(logits, seq_len)
ler = tf.reduce_mean(tf.edit_distance(tf.cast(decoded[0], tf.int32), targets))

with tf.Session() as session:
    tf.global_variables_initializer().run()
    feed = {inputs: features, targets: sparse_tuple_from(texts), seq_len: lengths}
    for step in range(12):
        batch_cost, _ = session.run([cost, optimizer], feed)
        if step % 4 == 3:
            print('step %d cost %.5f error rate %.4f' % (step, batch_cost, session.run(ler, feed_dict=feed)))
    d, lp = session.run([decoded[0], log_prob], feed_dict=feed)
    print('decoded', d.values.tolist(), d.dense_shape.tolist(), '%.4f' % lp.sum())
    print('dense', session.run(tf.sparse_tensor_to_dense(targets, default_value=-1), feed).tolist())
