"""Batch normalization with tf.layers: the update ops are a dependency of the
train op; training is a placeholder."""
import tensorflow as tf
import numpy as np

rng = np.random.RandomState(77)
X = rng.randn(96, 6) * np.array([1, 5, 0.2, 3, 1, 10]) + 2
t = ((X[:, 0] + X[:, 2] * 5 + X[:, 5] / 10) > 14).astype(np.int32)

x = tf.placeholder(tf.float32, [None, 6], name='x')
y = tf.placeholder(tf.int32, [None], name='y')
training = tf.placeholder(tf.bool, name='training')

net = x
net = tf.layers.batch_normalization(net, training=training, momentum=0.8)
for i, units in enumerate([12, 8]):
    net = tf.layers.dense(net, units, use_bias=False, name='dense%d' % i)
    net = tf.layers.batch_normalization(net, training=training, momentum=0.8, name='bn%d' % i)
    net = tf.nn.relu(net)
logits = tf.layers.dense(net, 2, name='logits')

loss = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=logits)
correct = tf.nn.in_top_k(logits, y, 1)
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

# moving_mean and moving_variance are updated by ops in this collection
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train_op = tf.train.AdamOptimizer(0.02).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(4):
        for i in range(0, 96, 24):
            _, l = sess.run([train_op, loss], feed_dict={x: X[i:i + 24], y: t[i:i + 24], training: True})
        test_loss, acc = sess.run([loss, accuracy], feed_dict={x: X, y: t, training: False})
        print('epoch %d  train %.5f  test %.5f  accuracy %.3f' % (epoch, l, test_loss, acc))

    for v in tf.global_variables():
        if 'moving' in v.name and 'bn' in v.name:
            print(v.op.name, '%.5f' % sess.run(v).sum())
