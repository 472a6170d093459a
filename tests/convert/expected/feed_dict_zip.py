"""Feeds made with dict(zip(...)) and with a comprehension over placeholders."""
import numpy as np
import tensorflow as tf

np.random.seed(40)

sizes = [3, 5, 2]
names = ['price', 'text', 'time']


w_1 = tf.Variable(tf.random.truncated_normal([3, 1], stddev=0.5))
w_2 = tf.Variable(tf.random.truncated_normal([5, 1], stddev=0.5))
w_3 = tf.Variable(tf.random.truncated_normal([2, 1], stddev=0.5))


@tf.function
def compute_weights():
    weights = []
    weights.append(w_1)
    weights.append(w_2)
    weights.append(w_3)
    return weights


bias = tf.Variable(tf.zeros([1]))


def forward(inputs_0, inputs_1, inputs_2, total):
    total += tf.matmul(inputs_0, w_1)
    total += tf.matmul(inputs_1, w_2)
    total += tf.matmul(inputs_2, w_3)
    logit = total + bias
    return logit


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
])
def compute_logit(inputs_0, inputs_1, inputs_2):
    # one weight matrix for each input, summed
    return forward(inputs_0, inputs_1, inputs_2, total=0)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss(inputs_0, inputs_1, inputs_2, label):
    # one weight matrix for each input, summed
    logit = forward(inputs_0, inputs_1, inputs_2, total=0)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logit, labels=label))
    return loss


optimizer = tf.keras.optimizers.Adagrad(0.3)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 5], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(inputs_0, inputs_1, inputs_2, label):
    with tf.GradientTape() as tape:
        # one weight matrix for each input, summed
        total = 0
        logit = forward(inputs_0, inputs_1, inputs_2, total)
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logit, labels=label))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))


arrays = [np.random.randn(50, s) for s in sizes]
truth = (arrays[0][:, :1] - arrays[1][:, 2:3] + arrays[2][:, 1:] > 0).astype('f')


for epoch in range(4):
    for i in range(0, 50, 20):
        values = [a[i:i + 20] for a in arrays] + [truth[i:i + 20]]
        train_step(**dict(zip(['inputs_0', 'inputs_1', 'inputs_2', 'label'], values)))
    print('epoch', epoch, 'loss %.6f' % compute_loss(**dict(zip(['inputs_0', 'inputs_1', 'inputs_2', 'label'], arrays + [truth]))).numpy())

# without the label
feed = {ph: a[:4] for ph, a in zip(['inputs_0', 'inputs_1', 'inputs_2'], arrays)}
print('logits', ' '.join('%.4f' % v for v in compute_logit(**feed).numpy()[:, 0]))
for n, w in zip(names, tf.nest.map_structure(lambda value: value.numpy(), compute_weights())):
    print(n, '%.5f' % w.sum())
