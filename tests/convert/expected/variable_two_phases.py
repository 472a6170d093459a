"""Transfer learning: pretraining, then a new head with a smaller rate for the body; frozen variables are read before and after."""
import numpy as np
import tensorflow as tf


import re


def of_scope(variables, scope):
    """The variables whose names begin with a scope, a regular expression as in TF1."""
    return [v for v in variables if re.match(scope or "", v.name)]


rs = np.random.RandomState(14)
x_np = rs.randn(60, 9).astype(np.float32)
y_np = (x_np[:, :1] * x_np[:, 1:2] > 0).astype(np.float32)


hidden1_2 = tf.keras.layers.Dense(14, activation=tf.nn.elu, name='hidden1')
hidden2_2 = tf.keras.layers.Dense(8, activation=tf.nn.elu, name='hidden2')
outputs = tf.keras.layers.Dense(1, name='outputs')


@tf.function(input_signature=[tf.TensorSpec((None, 9), tf.float32)])
def build(x):
    training = False
    hidden1 = hidden1_2(x)
    hidden1_drop = (tf.nn.dropout(hidden1, rate=0.0) if training else hidden1)
    hidden2 = hidden2_2(hidden1_drop)
    logits = outputs(hidden2)


build.get_concrete_function()  # makes the variables of its layers


def compute_loss_2(x, y, training):
    hidden1 = hidden1_2(x)
    hidden1_drop = (tf.nn.dropout(hidden1, rate=0.0) if training else hidden1)
    hidden2 = hidden2_2(hidden1_drop)
    logits = outputs(hidden2)
    xentropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
    loss = tf.reduce_mean(xentropy, name='loss')
    return loss


@tf.function(input_signature=[tf.TensorSpec((None, 9), tf.float32), tf.TensorSpec((None, 1), tf.float32)])
def compute_loss(x, y):
    return compute_loss_2(x, y, training=False)


optimizer = tf.keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)
train_vars = of_scope([*(v.value for v in hidden1_2.trainable_variables), *(v.value for v in hidden2_2.trainable_variables), *(v.value for v in outputs.trainable_variables)], 'hidden[2]|outputs')


@tf.function(input_signature=[tf.TensorSpec((None, 9), tf.float32), tf.TensorSpec((None, 1), tf.float32)])
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss_2(x, y, training=True)
    gradients = tape.gradient(loss, train_vars)
    optimizer.apply_gradients(zip(gradients, train_vars))


optimizer_2 = tf.keras.optimizers.SGD(0.05)


@tf.function(input_signature=[tf.TensorSpec((None, 9), tf.float32), tf.TensorSpec((None, 1), tf.float32)])
def train_step_2(x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss_2(x, y, training=False)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer_2.apply_gradients(zip(gradients, variables))


before = {v.name.split(":")[0]: v.numpy() for v in [*(v.value for v in hidden1_2.trainable_variables), *(v.value for v in hidden2_2.trainable_variables), *(v.value for v in outputs.trainable_variables)]}
for epoch in range(6):
    train_step(x=x_np, y=y_np)
after = {v.name.split(":")[0]: v.numpy() for v in [*(v.value for v in hidden1_2.trainable_variables), *(v.value for v in hidden2_2.trainable_variables), *(v.value for v in outputs.trainable_variables)]}
for name in sorted(before):
    print(name, 'moved' if np.abs(before[name] - after[name]).max() > 0 else 'frozen')
for epoch in range(3):
    train_step_2(x=x_np, y=y_np)
print('loss %.6f' % compute_loss(x=x_np, y=y_np).numpy())
kernel = hidden1_2.kernel.value
print('kernel %.5f' % kernel.numpy().sum())
