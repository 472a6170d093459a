"""Writes TFRecords, reads them with the queue runners of old, trains a classifier on shuffled batches."""
import os

import numpy as np
import tensorflow as tf

FILE = 'data_queue_shuffle_records.tfrecords'
BATCH = 32  # all there is: what comes first is left to chance
EPOCHS = 1


def _int64_feature(value):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))


def _bytes_feature(value):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def convert_to(images, labels, filename):
    print('Writing', filename)
    writer = tf.io.TFRecordWriter(filename)
    for index in range(images.shape[0]):
        image_raw = images[index].tobytes()
        example = tf.train.Example(features=tf.train.Features(feature={
            'height': _int64_feature(images.shape[1]),
            'label': _int64_feature(int(labels[index])),
            'image_raw': _bytes_feature(image_raw)}))
        writer.write(example.SerializeToString())
    writer.close()


rs = np.random.RandomState(9)
pictures = rs.randint(0, 255, (32, 6, 6)).astype(np.uint8)
classes = (pictures[:, :3].mean(axis=(1, 2)) > pictures[:, 3:].mean(axis=(1, 2))).astype(int)
convert_to(pictures, classes, FILE)

num_epochs = EPOCHS
if not num_epochs:
    num_epochs = None

def read_example(serialized_example):
    features = tf.io.parse_single_example(
        serialized_example,
        features={
            'image_raw': tf.io.FixedLenFeature([], tf.string),
            'label': tf.io.FixedLenFeature([], tf.int64),
        })
    image = tf.io.decode_raw(features['image_raw'], tf.uint8)
    image.set_shape([36])
    # Convert from [0, 255] -> [-0.5, 0.5] floats.
    image = tf.cast(image, tf.float32) * (1. / 255) - 0.5
    label = tf.cast(features['label'], tf.int32)
    return image, label

dataset = tf.data.Dataset.from_tensor_slices([FILE])
dataset = dataset.repeat(num_epochs)
dataset = tf.data.TFRecordDataset(dataset)
dataset = dataset.map(read_example).shuffle(100 + 3 * BATCH).batch(BATCH, drop_remainder=True)
iterator = iter(dataset)

W = tf.Variable(tf.zeros([36, 2]))
b = tf.Variable(tf.zeros([2]))
optimizer = tf.keras.optimizers.SGD(0.5)


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        images, labels = next(iterator)
        logits = tf.matmul(images, W) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))
    return loss, tf.reduce_sum(labels)


seen = 0
try:
    step = 0
    while True:
        loss_value, ones = (value.numpy() for value in train_step())
        seen += int(ones)
        if step == 0:
            print('Step %d: loss = %.4f' % (step, loss_value))
        step += 1
except tf.errors.OutOfRangeError:
    print('Done training for %d epochs, %d steps.' % (EPOCHS, step))
# Wait for threads to finish.
print('W %.4f' % W.numpy()[:, 1].sum())
print('labels', seen, seen == EPOCHS * classes.sum())
os.remove(FILE)
