# Tensors that are no placeholders are fed: a hidden layer, a constant, a variable's value.
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(51)
X = rng.rand(30, 6)
Y = (X[:, :2].sum(axis=1) > 1.0).astype(int)

temperature = tf.constant(1.0, name='temperature')

hidden_2 = tf.keras.layers.Dense(4, activation=tf.nn.tanh, name='hidden')


@tf.function(input_signature=[tf.TensorSpec([None, 6], tf.float32)])
def compute_hidden(images):
    hidden = hidden_2(images)
    return hidden


logits_2 = tf.keras.layers.Dense(2, name='logits')


@tf.function(input_signature=[tf.TensorSpec([None, 6], tf.float32)])
def run(images):
    hidden = hidden_2(images)
    logits = logits_2(hidden)
    return tf.argmax(logits, 1)


@tf.function(input_signature=[tf.TensorSpec([None, 6], tf.float32)])
def compute_probs(images):
    hidden = hidden_2(images)
    logits = logits_2(hidden)
    probs = tf.nn.softmax(logits / temperature)
    return probs


@tf.function
def compute_probs_2(hidden):
    hidden = tf.cast(hidden, tf.float32)
    logits = logits_2(hidden)
    probs = tf.nn.softmax(logits / temperature)
    return probs


@tf.function
def compute_probs_3(hidden, temperature):
    hidden = tf.cast(hidden, tf.float32)
    temperature = tf.cast(temperature, tf.float32)
    logits = logits_2(hidden)
    probs = tf.nn.softmax(logits / temperature)
    return probs


optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None], tf.int64),
])
def train_step(images, labels):
    with tf.GradientTape() as tape:
        hidden = hidden_2(images)
        logits = logits_2(hidden)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


for i in range(15):
    cost = train_step(images=X, labels=Y).numpy()
print('loss %.6f' % cost)

# partial feed: labels are not needed here
h = compute_hidden(images=X[:3]).numpy()
print('hidden %.6f' % h.sum())

# the same through the fed hidden layer; images are not needed now
direct = compute_probs(images=X[:3]).numpy()
through = compute_probs_2(hidden=h).numpy()
print('equal:', bool(np.allclose(direct, through)))

# hidden units switched on one by one
for unit in range(4):
    p = compute_probs_2(hidden=np.eye(4)[unit:unit + 1]).numpy()
    print('unit', unit, '%.5f %.5f' % tuple(p[0]))

# a constant is fed
soft = compute_probs_3(hidden=h, temperature=10.0).numpy()
print('soft %.5f' % soft.max())

# accuracy in numpy
pred = run(images=X).numpy()
print('accuracy %.3f' % np.mean(pred == Y))
