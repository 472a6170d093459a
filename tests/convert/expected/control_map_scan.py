"""map_fn, scan, foldl, tensor arrays of results, and gradients through scan."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(70)

decay = tf.Variable(0.8, name='decay')


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_norms(elems):
    norms = tf.map_fn(lambda row: tf.norm(row), elems)
    return norms


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_pairs(elems):
    pairs = tf.map_fn(lambda row: (tf.reduce_max(row), tf.argmax(row)), elems, dtype=(tf.float32, tf.int64))
    return pairs


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_running_and_cumulative(elems):
    running = tf.scan(lambda acc, row: acc * decay + row, elems, initializer=tf.zeros([3]))
    cumulative = tf.scan(lambda a, v: a + v, elems)
    return running, cumulative


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_total(elems):
    total = tf.foldl(lambda acc, row: acc + tf.reduce_sum(row), elems, initializer=0.0)
    return total


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_backwards(elems):
    backwards = tf.foldr(lambda acc, row: acc * 0.5 + row[0], elems, initializer=0.0)
    return backwards


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_zipped(elems):
    norms = tf.map_fn(lambda row: tf.norm(row), elems)
    zipped = tf.map_fn(lambda t: t[0] * t[1][0], (norms, elems), dtype=tf.float32)
    return zipped


# an RNN by scan
Wx = tf.Variable(tf.random.normal([3, 5], stddev=0.4))
Wh = tf.Variable(tf.random.normal([5, 5], stddev=0.4))


def step(h, row):
    h = tf.reshape(h, [1, 5])
    h = tf.tanh(tf.matmul(h, Wh) + tf.matmul(tf.reshape(row, [1, 3]), Wx))
    return tf.reshape(h, [5])


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_states(elems):
    states = tf.scan(step, elems, initializer=tf.zeros([5]))
    return states


optimizer = tf.keras.optimizers.Adam(0.05, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def train_step(elems):
    with tf.GradientTape() as tape:
        running = tf.scan(lambda acc, row: acc * decay + row, elems, initializer=tf.zeros([3]))
        states = tf.scan(step, elems, initializer=tf.zeros([5]))
        loss = tf.reduce_mean(tf.square(tf.reduce_sum(states, 1) - running[:, 0]))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


data = rng.randn(7, 3)
print('norms', ' '.join('%.4f' % v for v in tf.nest.map_structure(lambda value: value.numpy(), compute_norms(elems=data))))
m, a = tf.nest.map_structure(lambda value: value.numpy(), compute_pairs(elems=data))
print('max', '%.5f' % m.sum(), a.tolist())
r, c = tf.nest.map_structure(lambda value: value.numpy(), compute_running_and_cumulative(elems=data))
print('running %.5f cumulative %.5f' % (r[-1].sum(), c[-1].sum()))
print('total %.5f backwards %.5f zipped %.5f' % tuple(
    [tf.nest.map_structure(lambda value: value.numpy(), compute_total(elems=data)), tf.nest.map_structure(lambda value: value.numpy(), compute_backwards(elems=data)), tf.nest.map_structure(lambda value: value.numpy(), compute_zipped(elems=data)).sum()]))
for i in range(8):
    l = train_step(elems=data).numpy()
    if i % 2 == 0:
        print('loss %d %.6f' % (i, l))
print('decay %.6f, last state %.5f' % (decay.numpy(), tf.nest.map_structure(lambda value: value.numpy(), compute_states(elems=data[:3]))[-1].sum()))
