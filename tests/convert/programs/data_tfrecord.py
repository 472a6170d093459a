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


writer = tf.python_io.TFRecordWriter(FILE)
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
    features = tf.parse_single_example(record, features={
        'image': tf.FixedLenFeature([], tf.string),
        'label': tf.FixedLenFeature([], tf.int64),
        'score': tf.FixedLenFeature([2], tf.float32),
        'missing': tf.FixedLenFeature([], tf.float32, default_value=-1.0),
    })
    image = tf.reshape(tf.decode_raw(features['image'], tf.uint8), [25])
    return tf.cast(image, tf.float32) / 255., features['label'], features['score'] + features['missing']


dataset = tf.data.TFRecordDataset([FILE]).map(parse).apply(tf.contrib.data.batch_and_drop_remainder(6)).repeat()
iterator = dataset.make_one_shot_iterator()
image, label, score = iterator.get_next()

logits = tf.layers.dense(image, 2)
loss = tf.losses.sparse_softmax_cross_entropy(label, logits)
train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(7):
        _, l, s, y = sess.run([train, loss, score, label])
        print('step %d loss %.5f score %.2f labels %s' % (step, l, s.sum(), y.tolist()))

print('records', sum(1 for _ in tf.python_io.tf_record_iterator(FILE)))
os.remove(FILE)
