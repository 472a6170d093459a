"""contrib.layers.batch_norm as normalizer of convolutions; is_training is a Python
bool, the net is built twice with shared variables."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.layers import conv2d, batch_norm, fully_connected, flatten

BATCH = 8
np.random.seed(18)
pics = np.random.rand(32, 8, 8, 1).astype('float32') * 3
kind = (pics[:, :4].mean(axis=(1, 2, 3)) > pics[:, 4:].mean(axis=(1, 2, 3))).astype('int32')

image = tf.placeholder(tf.float32, [None, 8, 8, 1])
label = tf.placeholder(tf.int32, [None])


def build(x, is_training, reuse):
    bn = {'is_training': is_training, 'decay': 0.8, 'scale': True}
    with tf.variable_scope('net', reuse=reuse):
        x = conv2d(x, 4, 3, normalizer_fn=batch_norm, normalizer_params=bn, scope='c1')
        x = conv2d(x, 6, 3, stride=2, normalizer_fn=batch_norm, normalizer_params=bn, scope='c2')
        x = fully_connected(flatten(x), 2, activation_fn=None, scope='out')
    return x


train_logits = build(image, True, None)
test_logits = build(image, False, True)

loss = tf.losses.sparse_softmax_cross_entropy(label, train_logits)
test_loss = tf.losses.sparse_softmax_cross_entropy(label, test_logits)

update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
print(len(update_ops), 'update ops')
with tf.control_dependencies(update_ops):
    train = tf.train.MomentumOptimizer(0.02, 0.9).minimize(loss)

with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for epoch in range(4):
        for k in range(0, 32, BATCH):
            sess.run(train, {image: pics[k:k + BATCH], label: kind[k:k + BATCH]})
        print('epoch %d train %.5f test %.5f' % ((epoch,) + tuple(
            sess.run([loss, test_loss], {image: pics, label: kind}))))
    for v in tf.global_variables('net'):
        if 'moving' in v.name:
            print(v.op.name, '%.5f' % v.eval().sum())
