"""Keras layers and losses within a TF1 graph: K.set_session, a model called on a placeholder."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Dense, Dropout

np.random.seed(9)
tf.random.set_seed(9)
xs = np.random.randn(60, 8)
ys = np.eye(3)[np.argmax(xs[:, :3], axis=1)]


x_object = Dense(16, activation='relu')
x_object_2 = Dense(16, activation='tanh')
preds_object = Dense(3, activation='softmax')


def forward(img):
    x = x_object(img)
    x = x_object_2(x)
    preds = preds_object(x)
    return preds


@tf.function(input_signature=[
    tf.TensorSpec((None, 8), tf.float32),
    tf.TensorSpec((None, 3), tf.float32),
])
def compute_loss(img, labels):
    preds = forward(img)
    loss = tf.reduce_mean(tf.keras.losses.categorical_crossentropy(labels, preds))
    return loss


@tf.function(input_signature=[
    tf.TensorSpec((None, 8), tf.float32),
    tf.TensorSpec((None, 3), tf.float32),
])
def compute_acc(img, labels):
    preds = forward(img)
    acc = tf.reduce_mean(tf.keras.metrics.categorical_accuracy(labels, preds))
    return acc


optimizer = tf.keras.optimizers.SGD(0.3)


@tf.function(input_signature=[
    tf.TensorSpec((None, 8), tf.float32),
    tf.TensorSpec((None, 3), tf.float32),
])
def train_step_2(img, labels):
    with tf.GradientTape() as tape:
        preds = forward(img)
        loss = tf.reduce_mean(tf.keras.losses.categorical_crossentropy(labels, preds))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))


for i in range(12):
    b = slice(i % 3 * 20, i % 3 * 20 + 20)
    train_step_2(img=xs[b], labels=ys[b])
    if i % 4 == 0:
        print('step %d loss %.5f' % (i, compute_loss(img=xs, labels=ys).numpy()))
print('accuracy %.4f' % compute_acc(img=xs, labels=ys).numpy())
