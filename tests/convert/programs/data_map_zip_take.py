"""Datasets put together: zip, concatenate, flat_map, take, skip, enumerate by a range; next elements of
two iterators in one run; the same iterator in a function."""
import numpy as np
import tensorflow as tf

xs = np.linspace(0, 1, 10).astype(np.float32)


def input_fn(batch_size, offset=0.0):
    ds = tf.data.Dataset.from_tensor_slices({'x': xs, 'i': np.arange(10)})
    ds = ds.map(lambda d: {'x': d['x'] + offset, 'i': d['i'] * 2})
    return ds.batch(batch_size).repeat().make_one_shot_iterator().get_next()


numbers = tf.data.Dataset.range(3).concatenate(tf.data.Dataset.range(10, 12))
squares = numbers.map(lambda v: v * v)
pairs = tf.data.Dataset.zip((numbers, squares)).repeat(2).skip(1).take(7)
flat = tf.data.Dataset.range(1, 4).flat_map(lambda n: tf.data.Dataset.from_tensors(n).repeat(n))

next_pair = pairs.make_one_shot_iterator().get_next()
next_flat = flat.make_one_shot_iterator().get_next()
features = input_fn(4, offset=1.0)
other = input_fn(5)
joined = tf.reduce_sum(features['x']) + tf.reduce_sum(other['x'])

with tf.Session() as sess:
    try:
        while True:
            n, s = sess.run(next_pair)
            print(n, s, end='; ')
    except tf.errors.OutOfRangeError:
        print('end')
    out = []
    while True:
        try:
            out.append(int(sess.run(next_flat)))
        except tf.errors.OutOfRangeError:
            break
    print(out)
    for _ in range(4):
        f, j = sess.run([features, joined])
        print(f['i'].tolist(), '%.4f %.4f' % (f['x'].sum(), j))
