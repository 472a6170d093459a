"""The older way to read TFRecords: a file queue, a reader, tf.train.batch, try/except."""
import os

import numpy as np
import tensorflow as tf

path = 'data_queue_tfrecord.bin'


def write(path):
    with tf.python_io.TFRecordWriter(path) as w:
        for i in range(10):
            ex = tf.train.Example()
            ex.features.feature['a'].float_list.value.extend([np.sin(i), np.cos(i), i / 10.])
            ex.features.feature['y'].int64_list.value.append(i % 3)
            w.write(ex.SerializeToString())


def read_and_decode(filename_queue):
    reader = tf.TFRecordReader()
    _, serialized = reader.read(filename_queue)
    features = tf.parse_single_example(serialized, features={
        'a': tf.FixedLenFeature([3], tf.float32),
        'y': tf.FixedLenFeature([], tf.int64)})
    return features['a'], tf.cast(features['y'], tf.int32)


def inputs(batch_size, num_epochs):
    with tf.name_scope('input'):
        filename_queue = tf.train.string_input_producer([path], num_epochs=num_epochs)
        a, y = read_and_decode(filename_queue)
        return tf.train.batch([a, y], batch_size=batch_size, capacity=30)


def run():
    write(path)
    with tf.Graph().as_default():
        a, y = inputs(batch_size=4, num_epochs=4)
        logits = tf.layers.dense(a, 3, name='logits')
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        train_op = tf.train.AdamOptimizer(0.1).minimize(loss)
        init_op = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())
        sess = tf.Session()
        sess.run(init_op)
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=sess, coord=coord)
        step = 0
        try:
            while not coord.should_stop():
                _, loss_value, total = sess.run([train_op, loss, tf.reduce_sum(a)])
                print('Step %d: loss = %.6f, sum %.4f' % (step, loss_value, total))
                step += 1
        except tf.errors.OutOfRangeError:
            print('Done after %d steps.' % step)
        finally:
            coord.request_stop()
        coord.join(threads)
        sess.close()
    os.remove(path)


if __name__ == '__main__':
    run()
