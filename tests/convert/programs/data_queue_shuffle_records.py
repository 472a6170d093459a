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
    writer = tf.python_io.TFRecordWriter(filename)
    for index in range(images.shape[0]):
        image_raw = images[index].tobytes()
        example = tf.train.Example(features=tf.train.Features(feature={
            'height': _int64_feature(images.shape[1]),
            'label': _int64_feature(int(labels[index])),
            'image_raw': _bytes_feature(image_raw)}))
        writer.write(example.SerializeToString())
    writer.close()


def read_and_decode(filename_queue):
    reader = tf.TFRecordReader()
    _, serialized_example = reader.read(filename_queue)
    features = tf.parse_single_example(
        serialized_example,
        features={
            'image_raw': tf.FixedLenFeature([], tf.string),
            'label': tf.FixedLenFeature([], tf.int64),
        })
    image = tf.decode_raw(features['image_raw'], tf.uint8)
    image.set_shape([36])
    # Convert from [0, 255] -> [-0.5, 0.5] floats.
    image = tf.cast(image, tf.float32) * (1. / 255) - 0.5
    label = tf.cast(features['label'], tf.int32)
    return image, label


def inputs(batch_size, num_epochs):
    if not num_epochs:
        num_epochs = None
    with tf.name_scope('input'):
        filename_queue = tf.train.string_input_producer([FILE], num_epochs=num_epochs)
        image, label = read_and_decode(filename_queue)
        images, sparse_labels = tf.train.shuffle_batch(
            [image, label], batch_size=batch_size, num_threads=1,
            capacity=100 + 3 * batch_size, min_after_dequeue=32)
        return images, sparse_labels


rs = np.random.RandomState(9)
pictures = rs.randint(0, 255, (32, 6, 6)).astype(np.uint8)
classes = (pictures[:, :3].mean(axis=(1, 2)) > pictures[:, 3:].mean(axis=(1, 2))).astype(int)
convert_to(pictures, classes, FILE)

images, labels = inputs(batch_size=BATCH, num_epochs=EPOCHS)
W = tf.Variable(tf.zeros([36, 2]))
b = tf.Variable(tf.zeros([2]))
logits = tf.matmul(images, W) + b
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
init_op = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())

sess = tf.Session()
sess.run(init_op)
coord = tf.train.Coordinator()
threads = tf.train.start_queue_runners(sess=sess, coord=coord)
seen = 0
try:
    step = 0
    while not coord.should_stop():
        _, loss_value, ones = sess.run([train_op, loss, tf.reduce_sum(labels)])
        seen += int(ones)
        if step == 0:
            print('Step %d: loss = %.4f' % (step, loss_value))
        step += 1
except tf.errors.OutOfRangeError:
    print('Done training for %d epochs, %d steps.' % (EPOCHS, step))
finally:
    # When done, ask the threads to stop.
    coord.request_stop()
# Wait for threads to finish.
coord.join(threads)
print('W %.4f' % sess.run(W)[:, 1].sum())
sess.close()
print('labels', seen, seen == EPOCHS * classes.sum())
os.remove(FILE)
