"""A network in TF-Slim: arg_scope, repeat, dropout, batch_norm, slim.losses."""
import numpy as np
import tensorflow as tf

slim = tf.contrib.slim

rs = np.random.RandomState(88)
images_np = rs.rand(36, 12, 12, 1)
labels_np = rs.randint(0, 3, 36)
for im, l in zip(images_np, labels_np):
    im[l * 4:l * 4 + 4] += 0.7

images = tf.placeholder(tf.float32, [None, 12, 12, 1], name='images')
labels = tf.placeholder(tf.int64, [None], name='labels')
is_training = tf.placeholder(tf.bool, [], name='is_training')


def net(inputs, num_classes, is_training, scope='net'):
    batch_norm_params = {'is_training': is_training, 'decay': 0.9, 'updates_collections': tf.GraphKeys.UPDATE_OPS}
    with tf.variable_scope(scope, 'net', [inputs]):
        with slim.arg_scope([slim.conv2d, slim.fully_connected],
                            weights_regularizer=slim.l2_regularizer(0.0005),
                            weights_initializer=tf.truncated_normal_initializer(stddev=0.1)):
            with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm,
                                normalizer_params=batch_norm_params):
                x = slim.repeat(inputs, 2, slim.conv2d, 4, [3, 3], scope='conv1')
                x = slim.max_pool2d(x, [2, 2], scope='pool1')
                x = slim.conv2d(x, 8, [3, 3], scope='conv2')
                x = slim.avg_pool2d(x, [2, 2], scope='pool2')
            x = slim.flatten(x, scope='flatten')
            x = slim.fully_connected(x, 10, scope='fc1')
            x = slim.dropout(x, 0.9, is_training=is_training, scope='dropout')
            logits = slim.fully_connected(x, num_classes, activation_fn=None, scope='fc2')
    return logits


logits = net(images, 3, is_training)
one_hot = slim.one_hot_encoding(labels, 3)
tf.losses.softmax_cross_entropy(one_hot, logits)
total_loss = tf.losses.get_total_loss()
reg_loss = tf.losses.get_regularization_loss()
accuracy = tf.reduce_mean(tf.to_float(tf.equal(tf.argmax(logits, 1), labels)))

optimizer = tf.train.AdamOptimizer(learning_rate=0.01)
train_op = slim.learning.create_train_op(total_loss, optimizer)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(10):
        i = step % 3 * 12
        loss = sess.run(train_op, {images: images_np[i:i + 12], labels: labels_np[i:i + 12], is_training: True})
        if step % 3 == 0:
            print('step %d: loss %.5f' % (step, loss))
    acc, reg = sess.run([accuracy, reg_loss], {images: images_np, labels: labels_np, is_training: False})
    print('accuracy %.4f, regularization %.6f' % (acc, reg))
    moving = [v for v in tf.global_variables() if 'moving' in v.op.name]
    print('moving', ['%.4f' % sess.run(v).sum() for v in moving])
