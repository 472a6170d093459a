"""Queue-based input: file names, a line reader, decode_csv, tf.train.batch, Coordinator."""
import os
import tempfile

import numpy as np
import tensorflow as tf

folder = tempfile.mkdtemp()
names = []
for part in range(2):
    name = os.path.join(folder, 'part%d.csv' % part)
    with open(name, 'w') as f:
        for i in range(12):
            k = part * 12 + i
            f.write('%.3f,%.3f,%d\n' % (np.sin(k), np.cos(k), k % 2))
    names.append(name)


def read_example(line):
    a, b, label = tf.io.decode_csv(line, record_defaults=[[0.0], [0.0], [0]])
    example = tf.stack([a, b])
    return example, label


dataset = tf.data.Dataset.from_tensor_slices(names)
dataset = dataset.repeat()
dataset = dataset.flat_map(lambda name: tf.data.TextLineDataset(name).skip(0))
dataset = dataset.map(read_example).batch(6, drop_remainder=True)
iterator = iter(dataset)

w = tf.Variable(tf.random.truncated_normal([2, 2], stddev=0.3))
optimizer = tf.keras.optimizers.SGD(0.5)


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        example_batch, label_batch = next(iterator)
        logits = tf.matmul(example_batch, w)
        cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=label_batch))
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    with tf.control_dependencies([cost]):
        optimizer.apply_gradients(zip(gradients, variables))
    return example_batch, label_batch, cost


for step in range(8):
    x, y, c = (value.numpy() for value in train_step())
    print('step %d x %.4f y %d cost %.5f' % (step, x.sum(), y.sum(), c))
print('w %.5f' % w.numpy().sum())

for name in names:
    os.remove(name)
os.rmdir(folder)
