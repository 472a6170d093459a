"""
Two nets on a few noisy points, one with dropout. A bool placeholder says
whether we train.
"""
import tensorflow as tf
import numpy as np

np.random.seed(1)

# Hyper parameters
N_SAMPLES = 20
N_HIDDEN = 40
LR = 0.01

# training data
x = np.linspace(-1, 1, N_SAMPLES)[:, np.newaxis]
y = 0.5 * x + 0.3*np.random.randn(N_SAMPLES)[:, np.newaxis]

# test data
test_x = x.copy()
test_y = 0.5 * test_x + 0.3*np.random.randn(N_SAMPLES)[:, np.newaxis]


# overfitting net
o1_layer = tf.keras.layers.Dense(N_HIDDEN, activation=tf.nn.relu)
o2_layer = tf.keras.layers.Dense(N_HIDDEN, activation=tf.nn.relu)
o_out_layer = tf.keras.layers.Dense(1)
optimizer = tf.keras.optimizers.Adam(LR, epsilon=1e-8)

# dropout net
d1_layer = tf.keras.layers.Dense(N_HIDDEN, activation=tf.nn.relu)
d2_layer = tf.keras.layers.Dense(N_HIDDEN, activation=tf.nn.relu)
d_out_layer = tf.keras.layers.Dense(1)


def forward(tf_x, tf_y, tf_is_training):
    o1 = o1_layer(tf_x)
    o2 = o2_layer(o1)
    o_out = o_out_layer(o2)
    o_loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(o_out, tf.float32), tf.cast(tf_y, tf.float32)))
    d1 = d1_layer(tf_x)
    d1 = (tf.nn.dropout(d1, rate=0.4) if tf_is_training else d1)   # drop out 40% of inputs
    d2 = d2_layer(d1)
    d2 = (tf.nn.dropout(d2, rate=0.4) if tf_is_training else d2)
    d_out = d_out_layer(d2)
    d_loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(d_out, tf.float32), tf.cast(tf_y, tf.float32)))
    return o_out, o_loss, d_out, d_loss


@tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32), tf.TensorSpec([None, 1], tf.float32)])
def evaluate(tf_x, tf_y):
    o_out, o_loss, d_out, d_loss = forward(tf_x, tf_y, tf_is_training=False)
    return o_loss, d_loss, o_out, d_out


optimizer_2 = tf.keras.optimizers.Adam(LR, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32), tf.TensorSpec([None, 1], tf.float32)])
def train_step(tf_x, tf_y):
    with tf.GradientTape(persistent=True) as tape:
        _, o_loss, _, d_loss = forward(tf_x, tf_y, tf_is_training=True)
    o_train_variables = tape.watched_variables()
    o_train_gradients = tape.gradient(o_loss, o_train_variables)
    d_train_variables = tape.watched_variables()
    d_train_gradients = tape.gradient(d_loss, d_train_variables)
    optimizer.apply_gradients([(g, v) for g, v in zip(o_train_gradients, o_train_variables) if g is not None])
    optimizer_2.apply_gradients([(g, v) for g, v in zip(d_train_gradients, d_train_variables) if g is not None])


for t in range(21):
    train_step(tf_x=x, tf_y=y)  # train, set is_training=True

    if t % 10 == 0:
        o_loss_, d_loss_, o_out_, d_out_ = (value.numpy() for value in evaluate(tf_x=test_x, tf_y=test_y))
        print('step %2d | overfitting loss=%.4f sum=%.4f | dropout loss=%.4f sum=%.4f' % (
            t, o_loss_, o_out_.sum(), d_loss_, d_out_.sum()))
