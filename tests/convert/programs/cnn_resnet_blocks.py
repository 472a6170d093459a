"""A small ResNet of functions: batch norm with UPDATE_OPS, weight decay, a decayed rate with momentum."""
import numpy as np
import tensorflow as tf

np.random.seed(8)
NUM_CLASSES, WEIGHT_DECAY = 3, 1e-3


def conv_bn_relu(x, filters, stride, training, name):
    with tf.variable_scope(name):
        x = tf.layers.conv2d(x, filters, 3, strides=stride, padding='same', use_bias=False,
                             kernel_initializer=tf.variance_scaling_initializer(),
                             kernel_regularizer=tf.contrib.layers.l2_regularizer(WEIGHT_DECAY))
        x = tf.layers.batch_normalization(x, momentum=0.9, epsilon=1e-5, training=training)
        return tf.nn.relu(x)


def block(x, filters, stride, training, name):
    with tf.variable_scope(name):
        shortcut = x
        if stride != 1 or x.get_shape()[-1] != filters:
            shortcut = tf.layers.conv2d(x, filters, 1, strides=stride, padding='same', name='shortcut',
                                        kernel_regularizer=tf.contrib.layers.l2_regularizer(WEIGHT_DECAY))
        y = conv_bn_relu(x, filters, stride, training, 'conv1')
        y = conv_bn_relu(y, filters, 1, training, 'conv2')
        return y + shortcut


def inference(images, training):
    net = conv_bn_relu(images, 4, 1, training, 'stem')
    for i, (filters, stride) in enumerate([(4, 1), (8, 2)]):
        net = block(net, filters, stride, training, 'block_%d' % (i + 1))
    net = tf.reduce_mean(net, axis=[1, 2])
    return tf.layers.dense(net, NUM_CLASSES, name='logits')


x = tf.placeholder(tf.float32, [None, 8, 8, 3])
y = tf.placeholder(tf.int64, [None])
is_training = tf.placeholder(tf.bool)

logits = inference(x, is_training)
cross_entropy = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
reg_losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
loss = cross_entropy + tf.add_n(reg_losses)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))

global_step = tf.Variable(0, trainable=False)
boundaries = [4, 8]
learning_rate = tf.train.piecewise_constant(global_step, boundaries, [0.05, 0.02, 0.005])
optimizer = tf.train.MomentumOptimizer(learning_rate, 0.9)
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train_op = optimizer.minimize(loss, global_step=global_step)

images = np.random.rand(24, 8, 8, 3)
targets = np.random.randint(0, NUM_CLASSES, 24)
images[np.arange(24), :, :, targets] += 0.5

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    total = sum(int(np.prod(v.get_shape().as_list())) for v in tf.trainable_variables())
    print('parameters:', total)
    for epoch in range(5):
        for i in range(0, 24, 12):
            _, l, lr = sess.run([train_op, loss, learning_rate],
                                feed_dict={x: images[i:i + 12], y: targets[i:i + 12], is_training: True})
        acc = sess.run(accuracy, feed_dict={x: images, y: targets, is_training: False})
        print('epoch %d loss %.5f rate %.4f accuracy %.3f' % (epoch, l, lr, acc))
