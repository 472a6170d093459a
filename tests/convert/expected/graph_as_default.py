"""Two graphs, each under its own as_default()."""
import tensorflow as tf
import numpy as np

np.random.seed(27)
series = np.cumsum(np.random.randn(120)) * 0.1
windows = np.array([series[i:i + 8] for i in range(100)])
nexts = series[8:108].reshape(-1, 1)

weights = tf.Variable(tf.random.truncated_normal([8, 1], stddev=0.2))
biases = tf.Variable(tf.zeros([1]))
optimizer = tf.keras.optimizers.SGD(0.05)


@tf.function(input_signature=[
    tf.TensorSpec((None, 8), tf.float32),
    tf.TensorSpec((None, 1), tf.float32),
])
def train_step(inp, out):
    with tf.GradientTape() as tape:
        pred = tf.matmul(inp, weights) + biases
        loss = tf.reduce_mean(tf.abs(pred - out))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


print('Initialized')
for step in range(20):
    l = train_step(inp=windows, out=nexts).numpy()
    if step % 5 == 0:
        print('linear: loss at step %d: %.6f' % (step, l))
print('linear weights: %.5f' % weights.numpy().sum())

# a second model, the same names mean other things
h_layer = tf.keras.layers.Dense(10, activation=tf.nn.tanh)
pred_layer = tf.keras.layers.Dense(1)


@tf.function(input_signature=[tf.TensorSpec([None, 8], tf.float32)])
def compute_pred(inp):
    h = h_layer(inp)
    pred = pred_layer(h)
    return pred


optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 8], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(inp, out):
    with tf.GradientTape() as tape:
        h = h_layer(inp)
        pred = pred_layer(h)
        loss = tf.keras.losses.Huber(1.0)(out, pred)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


for step in range(20):
    l = train_step_2(inp=windows, out=nexts).numpy()
    if step % 5 == 0:
        print('mlp: loss at step %d: %.6f' % (step, l))
print('mlp prediction: %.5f' % compute_pred(inp=windows[:1]).numpy()[0, 0])
