"""Images with batch normalization, Adam, a global step and averages of the weights; restored at the start."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(23)
images = rng.rand(24, 8, 8, 1).astype(np.float32)
labels = rng.randint(0, 3, 24)
images[labels == 1, 2:4] += 0.5
images[labels == 2, :, 5] += 0.5

x = tf.placeholder(tf.float32, [None, 8, 8, 1])
y = tf.placeholder(tf.int64, [None])
training = tf.placeholder(tf.bool)

with tf.variable_scope('block'):
    net = tf.layers.conv2d(x, 4, 3, use_bias=False, name='conv')
    net = tf.nn.relu(tf.layers.batch_normalization(net, momentum=0.8, training=training, name='bn'))
net = tf.layers.dense(tf.layers.flatten(net), 6, activation=tf.nn.relu)
net = tf.layers.batch_normalization(net, momentum=0.8, training=training)
logits = tf.layers.dense(net, 3)

loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
global_step = tf.train.get_or_create_global_step()
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    step = tf.train.AdamOptimizer(0.01).minimize(loss, global_step=global_step)
ema = tf.train.ExponentialMovingAverage(0.9)
with tf.control_dependencies([step]):
    train = ema.apply(tf.trainable_variables())
saver = tf.train.Saver()


def main():
    with tf.Session() as sess:
        checkpoint = tf.train.latest_checkpoint('model')
        if checkpoint:
            saver.restore(sess, checkpoint)
            print('restored')
        else:
            sess.run(tf.global_variables_initializer())
        print(sess.run(logits, feed_dict={x: images[:3], training: False}))
        for i in range(0, 24, 6):
            _, found = sess.run([train, loss], {x: images[i:i + 6], y: labels[i:i + 6], training: True})
            print('step %d loss %.6f' % (sess.run(global_step), found))
        print(sess.run(logits, feed_dict={x: images[:3], training: False}))
        saver.save(sess, 'model/net', global_step=global_step)


if __name__ == '__main__':
    main()
