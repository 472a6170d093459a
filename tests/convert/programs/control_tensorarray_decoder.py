"""Greedy decoding with while_loop and TensorArray, and a running mean with scan."""
import numpy as np
import tensorflow as tf

VOCAB, HIDDEN, MAX_LEN = 7, 5, 6
rs = np.random.RandomState(17)

start = tf.placeholder(tf.int32, [None], name='start')
emb = tf.Variable(rs.randn(VOCAB, HIDDEN).astype(np.float32), name='emb')
U = tf.Variable(rs.randn(HIDDEN, HIDDEN).astype(np.float32) * 0.5, name='U')
V = tf.Variable(rs.randn(HIDDEN, VOCAB).astype(np.float32), name='V')
batch = tf.shape(start)[0]


def cond(step, token, state, outputs, scores):
    return tf.less(step, MAX_LEN)


def body(step, token, state, outputs, scores):
    state = tf.tanh(tf.nn.embedding_lookup(emb, token) + tf.matmul(state, U))
    logits = tf.matmul(state, V)
    token = tf.argmax(logits, axis=1, output_type=tf.int32)
    outputs = outputs.write(step, token)
    scores = scores.write(step, tf.reduce_max(tf.nn.log_softmax(logits), axis=1))
    return step + 1, token, state, outputs, scores


outputs_ta = tf.TensorArray(dtype=tf.int32, size=MAX_LEN, dynamic_size=False)
scores_ta = tf.TensorArray(dtype=tf.float32, size=0, dynamic_size=True, infer_shape=True)
init_state = tf.zeros([batch, HIDDEN])
_, _, last, outputs_ta, scores_ta = tf.while_loop(
    cond, body, [tf.constant(0), start, init_state, outputs_ta, scores_ta])
tokens = tf.transpose(outputs_ta.stack(), [1, 0])
score = tf.reduce_sum(scores_ta.stack(), axis=0)
loss = -tf.reduce_mean(score)
train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)

series = tf.placeholder(tf.float32, [None])
smooth = tf.scan(lambda a, v: 0.8 * a + 0.2 * v, series, initializer=tf.constant(0.0))
squares = tf.map_fn(lambda v: v * v, series)
total = tf.foldl(lambda a, v: a + v, series)
largest = tf.case({tf.greater(total, 10.0): lambda: tf.constant('big')}, default=lambda: tf.constant('small'))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    t, s = sess.run([tokens, score], feed_dict={start: [1, 2, 3]})
    print(t.tolist(), np.round(s, 4).tolist())
    for i in range(5):
        _, l = sess.run([train, loss], {start: [1, 2, 3, 4]})
        print('%d %.5f' % (i, l))
    for values in ([1., 2., 3.], [4., 5., 6., 7.]):
        sm, sq, tot, size = sess.run([smooth, squares, total, largest], feed_dict={series: values})
        print(np.round(sm, 4).tolist(), sq.tolist(), tot, size.decode())
