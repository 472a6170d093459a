"""py_func, tf.Print, tf.Assert and tf.identity in the middle of a graph."""
import numpy as np
import tensorflow as tf

np.random.seed(81)
calls = []


def clip_rows(a, limit):
    """Plain numpy, called by the graph."""
    calls.append(a.shape)
    n = np.sqrt((a ** 2).sum(axis=1, keepdims=True))
    return (a * np.minimum(1.0, limit / n)).astype(np.float32)


def two_results(a):
    order = np.argsort(a).astype(np.int64)
    return order, a[order]


limit = tf.constant(1.5)

w = tf.Variable(tf.random.normal([3, 1]))
optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def train_step(x):
    with tf.GradientTape() as tape:
        clipped = tf.numpy_function(clip_rows, [x, limit], tf.float32)
        clipped.set_shape([None, 3])
        out = tf.matmul(clipped, w)
        out = tf.raw_ops.Print(input=out, data=[tf.shape(out), tf.reduce_mean(out)], message='out: ', first_n=2, summarize=3)
        check = tf.Assert(tf.reduce_all(tf.math.is_finite(out)), [out])
        out = tf.identity(out, name='checked')
        loss = tf.reduce_mean(tf.square(out - 1.0))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_order_and_ordered(x):
    order, ordered = tf.numpy_function(two_results, [tf.reshape(x, [-1])], [tf.int64, tf.float32], stateful=False)
    return order, ordered


data = np.random.randn(12, 3) * 2
for i in range(5):
    l = train_step(x=data).numpy()
    print('step %d loss %.6f' % (i, l))
o, s = (value.numpy() for value in compute_order_and_ordered(x=data[:2]))
print(o.tolist(), '%.4f' % s[0])
print('calls', len(calls), 'w %.5f' % w.numpy().sum())
