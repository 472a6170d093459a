"""TFRecords: written with Examples, read back by a dataset with parse_single_example."""
import os

import numpy as np
import tensorflow as tf

FILE = 'data_tfrecord.tfrecords'
rs = np.random.RandomState(62)


def _int64_feature(value):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))


def _bytes_feature(value):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


writer = tf.io.TFRecordWriter(FILE)
for i in range(18):
    image = rs.randint(0, 256, (5, 5)).astype(np.uint8)
    label = int(image[:2].mean() > image[3:].mean())
    example = tf.train.Example(features=tf.train.Features(feature={
        'image': _bytes_feature(image.tobytes()),
        'label': _int64_feature(label),
        'score': tf.train.Feature(float_list=tf.train.FloatList(value=[i * 0.5, 1.0])),
    }))
    writer.write(example.SerializeToString())
writer.close()


def parse(record):
    features = tf.io.parse_single_example(record, features={
        'image': tf.io.FixedLenFeature([], tf.string),
        'label': tf.io.FixedLenFeature([], tf.int64),
        'score': tf.io.FixedLenFeature([2], tf.float32),
        'missing': tf.io.FixedLenFeature([], tf.float32, default_value=-1.0),
    })
    image = tf.reshape(tf.io.decode_raw(features['image'], tf.uint8), [25])
    return tf.cast(image, tf.float32) / 255., features['label'], features['score'] + features['missing']


dataset = tf.data.TFRecordDataset([FILE]).map(parse).batch(6, drop_remainder=True).repeat()
iterator = iter(dataset)

logits_layer = tf.keras.layers.Dense(2)
optimizer = tf.keras.optimizers.SGD(0.5)


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        image, label, score = next(iterator)
        logits = logits_layer(image)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))
    return loss, score, label


for step in range(7):
    l, s, y = (value.numpy() for value in train_step())
    print('step %d loss %.5f score %.2f labels %s' % (step, l, s.sum(), y.tolist()))

print('records', sum(1 for _ in tf.data.TFRecordDataset(FILE).as_numpy_iterator()))
os.remove(FILE)
