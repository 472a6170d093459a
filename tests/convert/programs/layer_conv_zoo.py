"""Convolutions and pooling of every kind in tf.layers and tf.nn, 1-D to 3-D, with gradients."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(99)
signal_np = rs.randn(6, 12, 3)
image_np = rs.randn(6, 8, 8, 2)
volume_np = rs.randn(6, 4, 4, 4, 1)
y_np = rs.randn(6, 4)

signal = tf.placeholder(tf.float32, [None, 12, 3])
image = tf.placeholder(tf.float32, [None, 8, 8, 2])
volume = tf.placeholder(tf.float32, [None, 4, 4, 4, 1])
y = tf.placeholder(tf.float32, [None, 4])

c1 = tf.layers.conv1d(signal, 4, 3, strides=2, padding='same', activation=tf.nn.relu, name='c1')
c1 = tf.layers.average_pooling1d(c1, 2, 2)
c2 = tf.layers.conv2d(image, 5, (3, 2), dilation_rate=2, name='c2', bias_initializer=tf.constant_initializer(0.1))
c2 = tf.layers.conv2d_transpose(c2, 3, (2, 2), strides=(2, 2), name='up')
c2 = tf.layers.average_pooling2d(c2, (2, 2), (2, 2), padding='same')
c3 = tf.layers.conv3d(volume, 3, 2, activation=tf.nn.elu, name='c3')
c3 = tf.layers.max_pooling3d(c3, 2, 1)

kernel = tf.get_variable('kernel', [3, 3, 2, 2], initializer=tf.truncated_normal_initializer(stddev=0.2))
raw = tf.nn.depthwise_conv2d(image, kernel, [1, 2, 2, 1], 'SAME')
atrous = tf.nn.atrous_conv2d(image, tf.get_variable('atrous', [2, 2, 2, 2]), rate=2, padding='VALID')
back = tf.nn.conv2d_transpose(raw, tf.get_variable('back', [2, 2, 3, 4]), tf.stack([tf.shape(raw)[0], 8, 8, 3]),
                              [1, 2, 2, 1], 'SAME')

parts = [tf.contrib.layers.flatten(p) for p in (c1, c2, c3, raw, atrous, back)]
joined = tf.concat(parts, axis=1)
out = tf.layers.dense(joined, 4, activation=tf.nn.softsign,
                      kernel_initializer=tf.random_normal_initializer(stddev=0.05))
loss = tf.reduce_mean(tf.squared_difference(out, y))
train = tf.train.GradientDescentOptimizer(0.2).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {signal: signal_np, image: image_np, volume: volume_np, y: y_np}
    print([p.get_shape().as_list()[1] for p in parts])
    for i in range(6):
        _, l = sess.run([train, loss], feed)
        print('%d %.6f' % (i, l))
    print(' '.join('%.4f' % v.sum() for v in sess.run(parts, feed)))
