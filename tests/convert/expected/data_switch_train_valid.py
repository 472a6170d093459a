"""Two datasets, one iterator: initialised for training and validation in turn in each epoch."""
import numpy as np
import tensorflow as tf

BATCH_SIZE = 8
EPOCHS = 3


def generate(n, seed):
    rs = np.random.RandomState(seed)
    x = rs.randn(n, 4).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int32)
    return x, y


def preprocess(x, y):
    return x * 2.0, tf.one_hot(y, 2)


train_data = generate(40, 1)
valid_data = generate(16, 2)

train_dataset = tf.data.Dataset.from_tensor_slices(train_data).map(preprocess).batch(BATCH_SIZE)
valid_dataset = tf.data.Dataset.from_tensor_slices(valid_data).map(preprocess).batch(BATCH_SIZE)

h_layer = tf.keras.layers.Dense(16, activation=tf.nn.tanh, kernel_initializer=tf.keras.initializers.GlorotUniform())
score_layer = tf.keras.layers.Dense(2)
optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


def forward(iterator, keep_prob):
    with tf.device('/cpu:0'):
        next_batch = next(iterator)
    x, y = next_batch
    h = h_layer(x)
    h = tf.nn.dropout(h, rate=1 - keep_prob)
    score = score_layer(h)
    return y, score


@tf.function
def train_step(iterator, keep_prob):
    keep_prob = tf.cast(keep_prob, tf.float32)
    with tf.GradientTape() as tape:
        y, score = forward(iterator, keep_prob)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=score, labels=y, axis=-1))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function
def compute_accuracy(iterator):
    keep_prob = tf.convert_to_tensor(1.0)
    y, score = forward(iterator, keep_prob)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(score, 1), tf.argmax(y, 1)), tf.float32))
    return accuracy


for epoch in range(EPOCHS):
    # Initialize iterator with the training dataset
    iterator = iter(train_dataset)
    total, batches = 0.0, 0
    while True:
        try:
            l = train_step(iterator, keep_prob=1.0).numpy()
            total += l
            batches += 1
        except tf.errors.OutOfRangeError:
            break
    print('Epoch %d train loss %.5f' % (epoch + 1, total / batches))
    # Then with the validation dataset
    iterator = iter(valid_dataset)
    accs = []
    try:
        while True:
            accs.append(compute_accuracy(iterator).numpy())
    except tf.errors.OutOfRangeError:
        pass
    print('Validation Accuracy = {:.4f}'.format(np.mean(accs)))
