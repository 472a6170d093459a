"""The older way to read TFRecords: a file queue, a reader, tf.train.batch, try/except."""
import os

import numpy as np
import tensorflow as tf

path = 'data_queue_tfrecord.bin'


def write(path):
    with tf.io.TFRecordWriter(path) as w:
        for i in range(10):
            ex = tf.train.Example()
            ex.features.feature['a'].float_list.value.extend([np.sin(i), np.cos(i), i / 10.])
            ex.features.feature['y'].int64_list.value.append(i % 3)
            w.write(ex.SerializeToString())


def run():
    write(path)
    batch_size = 4
    num_epochs = 4

    def read_example(serialized):
        features = tf.io.parse_single_example(serialized, features={
            'a': tf.io.FixedLenFeature([3], tf.float32),
            'y': tf.io.FixedLenFeature([], tf.int64)})
        a_2 = features['a']
        y_2 = tf.cast(features['y'], tf.int32)
        return a_2, y_2

    dataset = tf.data.Dataset.from_tensor_slices([path])
    dataset = dataset.repeat(num_epochs)
    dataset = tf.data.TFRecordDataset(dataset)
    dataset = dataset.map(read_example).batch(batch_size, drop_remainder=True)
    iterator = iter(dataset)
    logits_2 = tf.keras.layers.Dense(3, name='logits')
    optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)

    @tf.function
    def train_step():
        with tf.GradientTape() as tape:
            a, y = next(iterator)
            logits = logits_2(a)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        with tf.control_dependencies([loss]):
            optimizer.apply_gradients(zip(gradients, variables))
        return loss, tf.reduce_sum(a)

    step = 0
    try:
        while True:
            loss_value, total = (value.numpy() for value in train_step())
            print('Step %d: loss = %.6f, sum %.4f' % (step, loss_value, total))
            step += 1
    except tf.errors.OutOfRangeError:
        print('Done after %d steps.' % step)
    os.remove(path)


if __name__ == '__main__':
    run()
