"""First the head is trained, then everything: var_list and two optimizers."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(101)
x_np = rs.randn(70, 6)
y_np = (np.abs(x_np[:, :1]) + x_np[:, 1:2] > 0.7).astype(np.float32)


fc1 = tf.keras.layers.Dense(10, activation=tf.nn.relu, name='fc1')
fc2 = tf.keras.layers.Dense(10, activation=tf.nn.relu, name='fc2')
fc = tf.keras.layers.Dense(1, name='fc')


@tf.function(input_signature=[tf.TensorSpec([None, 6], tf.float32)])
def build(x):
    with tf.name_scope('base/'):
        h = fc1(x)
        h = fc2(h)
    with tf.name_scope('head/'):
        out = fc(h)


build.get_concrete_function()  # makes the variables of its layers


def compute_loss_2(x, y):
    with tf.name_scope('base/'):
        h = fc1(x)
        h = fc2(h)
    with tf.name_scope('head/'):
        out = fc(h)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(y, out.dtype), logits=out))
    return loss


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss(x, y):
    return compute_loss_2(x, y)


base_vars = [*(v.value for v in fc1.trainable_variables), *(v.value for v in fc2.trainable_variables)]
head_vars = [*(v.value for v in fc.trainable_variables)]
print(len(base_vars), len(head_vars), len([*(v.value for v in fc1.trainable_variables), *(v.value for v in fc2.trainable_variables), *(v.value for v in fc.trainable_variables)]))

optimizer = tf.keras.optimizers.SGD(0.3)


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss_2(x, y)
    gradients = tape.gradient(loss, head_vars)
    optimizer.apply_gradients(zip(gradients, head_vars))


optimizer_2 = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss_2(x, y)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer_2.apply_gradients(zip(gradients, variables))


kernels = [v for v in [*(v.value for v in fc1.trainable_variables), *(v.value for v in fc2.trainable_variables), *(v.value for v in fc.trainable_variables)] if 'kernel' in v.name]


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss_and_decay(x, y):
    loss = compute_loss_2(x, y)
    decay = tf.add_n([tf.nn.l2_loss(k) for k in kernels])
    return [loss, decay]


optimizer_3 = tf.keras.optimizers.SGD(0.05)


@tf.function
def train_step_3():
    with tf.GradientTape() as tape:
        decay = tf.add_n([tf.nn.l2_loss(k) for k in kernels])
        loss = 0.1 * decay
    gradients = tape.gradient(loss, kernels)
    optimizer_3.apply_gradients(zip(gradients, kernels))


before = tf.nest.map_structure(lambda value: value.numpy(), base_vars)
for _ in range(8):
    train_step(x=x_np, y=y_np)
after = tf.nest.map_structure(lambda value: value.numpy(), base_vars)
print('base unchanged:', all((p == q).all() for p, q in zip(before, after)))
print('loss %.5f' % compute_loss(x=x_np, y=y_np).numpy())
for _ in range(8):
    train_step_2(x=x_np, y=y_np)
print('loss %.5f' % compute_loss(x=x_np, y=y_np).numpy())
train_step_3()
train_step_3()
print('loss %.5f, decay %.5f' % tuple([value.numpy() for value in compute_loss_and_decay(x=x_np, y=y_np)]))
for v in head_vars:
    print(v.name, '%.5f' % np.sum(v.numpy()))
