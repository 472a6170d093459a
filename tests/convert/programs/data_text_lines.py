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
    height, width, kind = tf.decode_csv(line, record_defaults=[[0.0], [0.0], [0]])
    features = {'size': tf.stack([height, width]), 'area': height * width}
    return features, kind


dataset = tf.data.TextLineDataset(path).skip(1).map(parse, num_parallel_calls=1).batch(4).repeat(2)
features, kind = dataset.make_one_shot_iterator().get_next()

logit = tf.layers.dense(features['size'], 1, kernel_initializer=tf.random_normal_initializer(stddev=0.1))
logit = tf.squeeze(logit, 1) + 0.1 * features['area']
loss = tf.losses.sigmoid_cross_entropy(kind, logit)
train = tf.train.AdamOptimizer(0.1).minimize(loss)

words = tf.data.Dataset.from_generator(lambda: ([i] * i for i in range(1, 6)), tf.int64, tf.TensorShape([None]))
words = words.padded_batch(2, padded_shapes=[None])
next_words = words.make_one_shot_iterator().get_next()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    step = 0
    while True:
        try:
            area, l, _ = sess.run([features['area'], loss, train])
        except tf.errors.OutOfRangeError:
            print('no more lines after', step, 'batches')
            break
        print('batch %d of %d: area %.4f loss %.5f' % (step, len(area), area.sum(), l))
        step += 1

    try:
        while True:
            print(sess.run(next_words).tolist())
    except tf.errors.OutOfRangeError:
        print('end of words')

os.remove(path)
