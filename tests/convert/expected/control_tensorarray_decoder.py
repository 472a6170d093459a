"""Greedy decoding with while_loop and TensorArray, and a running mean with scan."""
import numpy as np
import tensorflow as tf

VOCAB, HIDDEN, MAX_LEN = 7, 5, 6
rs = np.random.RandomState(17)

emb = tf.Variable(rs.randn(VOCAB, HIDDEN).astype(np.float32), name='emb')
U = tf.Variable(rs.randn(HIDDEN, HIDDEN).astype(np.float32) * 0.5, name='U')
V = tf.Variable(rs.randn(HIDDEN, VOCAB).astype(np.float32), name='V')


def cond(step, token, state, outputs, scores):
    return tf.less(step, MAX_LEN)


def body(step, token, state, outputs, scores):
    state = tf.tanh(tf.nn.embedding_lookup(emb, token) + tf.matmul(state, U))
    logits = tf.matmul(state, V)
    token = tf.argmax(logits, axis=1, output_type=tf.int32)
    outputs = outputs.write(step, token)
    scores = scores.write(step, tf.reduce_max(tf.nn.log_softmax(logits), axis=1))
    return step + 1, token, state, outputs, scores


def forward(start):
    batch = tf.shape(start)[0]
    outputs_ta = tf.TensorArray(dtype=tf.int32, size=MAX_LEN, dynamic_size=False)
    scores_ta = tf.TensorArray(dtype=tf.float32, size=0, dynamic_size=True, infer_shape=True)
    init_state = tf.zeros([batch, HIDDEN])
    _, _, last, outputs_ta, scores_ta = tf.while_loop(
        cond, body, [tf.constant(0), start, init_state, outputs_ta, scores_ta])
    return outputs_ta, scores_ta


@tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
def compute_tokens_and_score(start):
    outputs_ta, scores_ta = forward(start)
    tokens = tf.transpose(outputs_ta.stack(), [1, 0])
    score = tf.reduce_sum(scores_ta.stack(), axis=0)
    return tokens, score


optimizer = tf.keras.optimizers.SGD(0.05)


@tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
def train_step(start):
    with tf.GradientTape() as tape:
        _, scores_ta = forward(start)
        score = tf.reduce_sum(scores_ta.stack(), axis=0)
        loss = -tf.reduce_mean(score)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def evaluate(series):
    smooth = tf.scan(lambda a, v: 0.8 * a + 0.2 * v, series, initializer=tf.constant(0.0))
    squares = tf.map_fn(lambda v: v * v, series)
    total = tf.foldl(lambda a, v: a + v, series)
    largest = tf.case([(tf.greater(total, 10.0), lambda: tf.constant('big'))], default=lambda: tf.constant('small'))
    return smooth, squares, total, largest


t, s = (value.numpy() for value in compute_tokens_and_score(start=[1, 2, 3]))
print(t.tolist(), np.round(s, 4).tolist())
for i in range(5):
    l = train_step(start=[1, 2, 3, 4]).numpy()
    print('%d %.5f' % (i, l))
for values in ([1., 2., 3.], [4., 5., 6., 7.]):
    sm, sq, tot, size = tf.nest.map_structure(lambda value: value.numpy(), evaluate(series=values))
    print(np.round(sm, 4).tolist(), sq.tolist(), tot, size.decode())
