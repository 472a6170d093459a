"""A mistake that is often made: the update ops of batch normalization are never run, so
the moving averages stay as they began. The conversion must not mend it."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(3)
xs = rng.randn(60, 4) * 3 + 5
ys = (xs[:, 0] > 5).astype(np.float32)[:, None]

x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.float32, [None, 1])
is_train = tf.placeholder(tf.bool, ())

net = tf.layers.dense(x, 8)
net = tf.layers.batch_normalization(net, training=is_train)
net = tf.nn.relu(net)
# a second mistake: the third argument is noise_shape, so this dropout is never active
net = tf.layers.dropout(net, 0.5, None)
out = tf.layers.dense(net, 1)
loss = tf.losses.sigmoid_cross_entropy(y, out)
train = tf.train.AdamOptimizer(0.01).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(15):
        sess.run(train, {x: xs, y: ys, is_train: True})
        if i % 5 == 4:
            a = sess.run(loss, {x: xs, y: ys, is_train: True})
            b = sess.run(loss, {x: xs, y: ys, is_train: False})
            print('step %d: in training mode %.5f, in test mode %.5f' % (i, a, b))
    for v in tf.global_variables():
        if 'moving' in v.name:
            print(v.op.name, sess.run(v).tolist())
