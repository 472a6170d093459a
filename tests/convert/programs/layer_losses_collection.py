"""Regularizers of tf.layers, tf.losses with weights, and the losses collection."""
import numpy as np
import tensorflow as tf

np.random.seed(50)
a = np.random.randn(48, 5).astype(np.float32)
cls = (a.sum(1) > 0).astype(np.int32)
reg = (a[:, 0] * 2).reshape(-1, 1)
sample_weight = np.random.rand(48).astype(np.float32)
sample_weight[::5] = 0.0

x = tf.placeholder(tf.float32, [None, 5])
c = tf.placeholder(tf.int32, [None])
r = tf.placeholder(tf.float32, [None, 1])
sw = tf.placeholder(tf.float32, [None])

regularizer = tf.contrib.layers.l2_regularizer(scale=0.02)
shared = tf.layers.dense(x, 10, tf.nn.relu, kernel_regularizer=regularizer)
shared = tf.layers.dense(shared, 6, tf.nn.relu, kernel_regularizer=tf.contrib.layers.l1_regularizer(0.001))
class_logits = tf.layers.dense(shared, 2)
value = tf.layers.dense(shared, 1, kernel_regularizer=regularizer, bias_regularizer=regularizer)

class_loss = tf.losses.sparse_softmax_cross_entropy(labels=c, logits=class_logits, weights=sw)
value_loss = tf.losses.mean_squared_error(r, value, weights=0.5)
tf.losses.absolute_difference(r, value, weights=0.1)
tf.losses.add_loss(0.01 * tf.reduce_mean(tf.square(shared)))

reg_loss = tf.losses.get_regularization_loss()
data_losses = tf.losses.get_losses()
total = tf.losses.get_total_loss()
train = tf.train.AdamOptimizer(0.01).minimize(total)

feed = {x: a, c: cls, r: reg, sw: sample_weight}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(12):
        _, t = sess.run([train, total], feed)
        if i % 4 == 0:
            cl, vl, rl = sess.run([class_loss, value_loss, reg_loss], feed)
            print('%2d total %.5f class %.5f value %.5f reg %.5f' % (i, t, cl, vl, rl))
    parts = sess.run(data_losses, feed)
    print(len(parts), 'data losses, sum %.5f' % sum(parts))
    print('difference %.6f' % (sess.run(total, feed) - sum(parts) - sess.run(reg_loss)))
