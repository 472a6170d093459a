"""A residual net: a list of blocks, strides, separable and depthwise convolutions, global pooling."""
import numpy as np
import tensorflow as tf

np.random.seed(73)
x_np = np.random.rand(24, 12, 12, 3).astype(np.float32)
y_np = np.random.randint(0, 3, 24)
for i in range(24):
    x_np[i, :, :, y_np[i]] += 0.3


def residual_block(x, out_channels, stride, name):
    in_channels = x.get_shape().as_list()[-1]
    with tf.variable_scope(name):
        with tf.variable_scope('a'):
            w = tf.get_variable('w', [3, 3, in_channels, out_channels],
                                initializer=tf.random_normal_initializer(stddev=np.sqrt(2.0 / 9 / out_channels)))
            y = tf.nn.relu(tf.nn.conv2d(x, w, [1, stride, stride, 1], 'SAME'))
        with tf.variable_scope('b'):
            w = tf.get_variable('w', [3, 3, out_channels, out_channels],
                                initializer=tf.random_normal_initializer(stddev=np.sqrt(2.0 / 9 / out_channels)))
            y = tf.nn.conv2d(y, w, [1, 1, 1, 1], 'SAME')
        if stride != 1:
            x = tf.nn.avg_pool(x, [1, stride, stride, 1], [1, stride, stride, 1], 'VALID')
        if in_channels != out_channels:
            extra = (out_channels - in_channels) // 2
            x = tf.pad(x, [[0, 0], [0, 0], [0, 0], [extra, out_channels - in_channels - extra]])
        return tf.nn.relu(x + y)


images = tf.placeholder(tf.float32, [None, 12, 12, 3])
labels = tf.placeholder(tf.int32, [None])

net = tf.layers.conv2d(images, 4, 3, padding='same', name='init')
for i, (channels, stride) in enumerate([(4, 1), (8, 2), (8, 1)]):
    net = residual_block(net, channels, stride, 'block%d' % i)
depth_w = tf.get_variable('depth_w', [3, 3, 8, 1])
net = tf.nn.depthwise_conv2d(net, depth_w, strides=[1, 1, 1, 1], padding='SAME')
net = tf.layers.separable_conv2d(net, 6, 3, padding='same', activation=tf.nn.relu6)
net = tf.nn.lrn(net, 2, bias=1.0, alpha=0.001, beta=0.75)
pooled = tf.reduce_mean(net, [1, 2])
logits = tf.layers.dense(pooled, 3)

xent = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels))
costs = [tf.nn.l2_loss(v) for v in tf.trainable_variables() if v.op.name.find('w') > 0]
cost = xent + 1e-4 * tf.add_n(costs)
train = tf.train.MomentumOptimizer(0.02, 0.9).minimize(cost)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(8):
        b = slice(step % 2 * 12, step % 2 * 12 + 12)
        _, c = sess.run([train, cost], {images: x_np[b], labels: y_np[b]})
        if step % 3 == 0:
            print('step %d cost %.5f' % (step, c))
    p, l = sess.run([pooled, logits], {images: x_np, labels: y_np})
    print('pooled %.5f logits %.5f, %d weights' % (p.sum(), l.sum(), len(costs)))
