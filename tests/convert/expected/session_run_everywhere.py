"""Early in the file a function trains, later the same op is run at module level, in an if
and in a comprehension; the session is closed in a finally."""
import numpy as np
import tensorflow as tf

VERBOSE = True
np.random.seed(24)
X = np.random.randn(40, 3)
T = (X ** 2).sum(1)

h_2 = tf.keras.layers.Dense(10, activation=tf.nn.relu, name='h')
o = tf.keras.layers.Dense(1, name='o')


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_pred(inputs):
    h = h_2(inputs)
    pred = tf.squeeze(o(h), -1)
    return pred


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def compute_per_example(inputs, targets):
    h = h_2(inputs)
    pred = tf.squeeze(o(h), -1)
    per_example = tf.square(pred - targets)
    return per_example


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def compute_cost(inputs, targets):
    h = h_2(inputs)
    pred = tf.squeeze(o(h), -1)
    per_example = tf.square(pred - targets)
    cost = tf.reduce_mean(per_example)
    return cost


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def compute_step_and_cost(inputs, targets):
    h = h_2(inputs)
    pred = tf.squeeze(o(h), -1)
    per_example = tf.square(pred - targets)
    cost = tf.reduce_mean(per_example)
    return step, cost


step = tf.Variable(0, trainable=False)
optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        h = h_2(inputs)
        pred = tf.squeeze(o(h), -1)
        per_example = tf.square(pred - targets)
        cost = tf.reduce_mean(per_example)
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    step.assign_add(1)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def train_step_2(inputs, targets):
    with tf.GradientTape() as tape:
        h = h_2(inputs)
        pred = tf.squeeze(o(h), -1)
        per_example = tf.square(pred - targets)
        cost = tf.reduce_mean(per_example)
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    step.assign_add(1)
    return [cost, None]


def warm_up(n, quiet=False):
    """Runs n steps on the first half."""
    for _ in range(n):
        train_step(inputs=X[:20], targets=T[:20])
    if not quiet:
        print('after warm-up: %.5f' % compute_cost(inputs=X, targets=T).numpy())


try:
    warm_up(5)
    warm_up(3, quiet=True)
    if VERBOSE:
        s, c = (value.numpy() for value in compute_step_and_cost(inputs=X, targets=T))
        print('step %d cost %.5f' % (s, c))
    else:
        train_step(inputs=X, targets=T)
    losses = [[None if value is None else value.numpy() for value in train_step_2(inputs=X[k:k + 10], targets=T[k:k + 10])][0]
              for k in range(0, 40, 10)]
    print(' '.join('%.5f' % v for v in losses))
    worst = int(np.argmax(compute_per_example(inputs=X, targets=T).numpy()))
    print('worst', worst, '%.5f' % compute_pred(inputs=X[worst:worst + 1]).numpy()[0])
    best = min(range(40), key=lambda k: compute_cost(inputs=X[k:k + 1], targets=T[k:k + 1]).numpy())
    print('best', best)
finally:
    pass
