"""Operations whose meaning changed: where over rows, div, losses with weights, old argument names."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(105)
a_np, b_np = rng.randn(3, 3).astype('f'), rng.randn(3, 3).astype('f')

a = tf.placeholder(tf.float32, [3, 3])
b = tf.placeholder(tf.float32, [3, 3])
pick = tf.placeholder(tf.bool, [3])
k = tf.placeholder(tf.int32, [None])

results = [
    ('where', tf.where(pick, a, b)),
    ('div ints', tf.div(k, 2)),
    ('div floats', tf.div(a, 2.0)),
    ('sum', tf.reduce_sum(a, reduction_indices=[1], keep_dims=True)),
    ('argmax', tf.argmax(a, dimension=1)),
    ('softmax', tf.nn.softmax(a, dim=0)),
    ('expand', tf.expand_dims(a, dim=0)),
    ('squeeze', tf.squeeze(tf.expand_dims(a, 1), squeeze_dims=[1])),
    ('split', tf.split(a, 3, axis=0)[1]),
    ('to_int', tf.to_int32(a * 10)),
    ('gather', tf.batch_gather(a, tf.constant([[0], [2], [1]]))),
    ('count', tf.count_nonzero(a > 0)),
    ('log1p', tf.log1p(tf.abs(a)) - tf.log(tf.abs(a) + 1)),
    ('matrix', tf.matrix_determinant(a) + tf.trace(b)),
    ('norm', tf.nn.l2_normalize(a, dim=1)),
    ('mse weights', tf.losses.mean_squared_error(a, b, weights=[[1.0], [0.0], [2.0]])),
    ('log_loss', tf.losses.log_loss([1.0, 0.0, 1.0], [0.9, 0.0, 1.0])),
    ('cosine', tf.losses.cosine_distance(a, b, axis=1)),
    ('huber', tf.losses.huber_loss(a, b, delta=0.5)),
    ('hinge', tf.losses.hinge_loss(tf.to_float(a > 0), b)),
    ('sparse xent', tf.losses.sparse_softmax_cross_entropy([0, 2, 1], a, weights=[1.0, 0.5, 0.0])),
]
words = tf.string_split(['to be  or', 'not'], delimiter=' ')
segment = tf.unsorted_segment_sum(tf.range(6), [0, 1, 0, 1, 2, 2], 3)

with tf.Session() as sess:
    feed = {a: a_np, b: b_np, pick: [True, False, True], k: [-7, 7, 8]}
    for name, op in results:
        v = np.asarray(sess.run(op, feed))
        print('%-11s %s %s %.5f' % (name, v.dtype, v.shape, np.sum(v * (1 + np.arange(v.size).reshape(v.shape)))))
    w = sess.run(words)
    print([t.decode() for t in w.values], w.dense_shape.tolist())
    print(sess.run(segment).tolist())
