"""A TextLineDataset, CSV decoding, padded batches and several epochs."""
import os
import tempfile

import tensorflow as tf

fd, path = tempfile.mkstemp(suffix='.csv')
with os.fdopen(fd, 'w') as f:
    f.write('height,width,kind\n')
    for i in range(17):
        f.write('%.2f,%.2f,%d\n' % (1 + i * 0.1, 3 - i * 0.15, int(i > 8)))


def parse(line):
    height, width, kind = tf.io.decode_csv(line, record_defaults=[[0.0], [0.0], [0]])
    features = {'size': tf.stack([height, width]), 'area': height * width}
    return features, kind


dataset = tf.data.TextLineDataset(path).skip(1).map(parse, num_parallel_calls=1).batch(4).repeat(2)
iterator = iter(dataset)

logit_layer = tf.keras.layers.Dense(1, kernel_initializer=tf.random_normal_initializer(stddev=0.1))
optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        features, kind = next(iterator)
        logit = logit_layer(features['size'])
        logit = tf.squeeze(logit, 1) + 0.1 * features['area']
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(kind, logit.dtype), logits=logit))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))
    return features['area'], loss


words = tf.data.Dataset.from_generator(lambda: ([i] * i for i in range(1, 6)), tf.int64, tf.TensorShape([None]))
words = words.padded_batch(2, padded_shapes=[None])
iterator_2 = iter(words)


@tf.function
def compute_next_words():
    next_words = next(iterator_2)
    return next_words


step = 0
while True:
    try:
        area, l = (value.numpy() for value in train_step())
    except tf.errors.OutOfRangeError:
        print('no more lines after', step, 'batches')
        break
    print('batch %d of %d: area %.4f loss %.5f' % (step, len(area), area.sum(), l))
    step += 1

try:
    while True:
        print(tf.nest.map_structure(lambda value: value.numpy(), compute_next_words()).tolist())
except tf.errors.OutOfRangeError:
    print('end of words')

os.remove(path)
