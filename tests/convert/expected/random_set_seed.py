"""Seeds: of the graph, of ops, of initializers and of dropout."""
import tensorflow as tf
import numpy as np

tf.random.set_seed(1234)
np.random.seed(1234)


@tf.function
def compute_a():
    a = tf.random.uniform([4], seed=1)
    return a


@tf.function
def compute_b():
    b = tf.random.normal([3], seed=2)
    return b


w_1 = tf.Variable(tf.keras.initializers.TruncatedNormal(stddev=0.1, seed=5)([5, 4]), name='w')
v = tf.Variable(tf.random.normal([4, 2], seed=7))
optimizer = tf.keras.optimizers.Adam(0.05, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32)])
def train_step(x):
    with tf.GradientTape() as tape:
        hidden = tf.nn.dropout(tf.nn.relu(tf.matmul(x, w_1)), rate=1 - 0.5, seed=11)
        out = tf.matmul(hidden, v)
        loss = tf.reduce_mean(tf.square(out - 0.1))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


def fmt(values):
    return ' '.join('%.6f' % t for t in np.ravel(values))


print('a', fmt(compute_a().numpy()))
print('a', fmt(compute_a().numpy()))
print('b', fmt(compute_b().numpy()))
print('w', fmt(w_1.numpy().sum(1)))
print('v', fmt(v.numpy()))
data = np.random.randn(16, 5)
for i in range(4):
    l = train_step(x=data).numpy()
    print('loss %.6f' % l)

# a new session starts the sequences again
print('a', fmt(compute_a().numpy()))

tf.random.set_seed(1234)
w_2 = tf.Variable(tf.keras.initializers.TruncatedNormal(stddev=0.1, seed=5)([5, 4]), name='w')
print('w', fmt(w_2.numpy().sum(1)))
