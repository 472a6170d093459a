"""A longer program: batch normalization, dropout, decay, summaries, checkpoints, early stopping."""
from __future__ import print_function

import os
import shutil

import numpy as np
import tensorflow as tf

WORK_DIR = 'main_full_training_tmp'
CKPT = os.path.join(WORK_DIR, 'best')
NUM_CLASSES = 4
IMAGE = 10


def load():
    """Crosses, squares, and two kinds of lines."""
    rng = np.random.RandomState(111)
    images = rng.rand(120, IMAGE, IMAGE, 1).astype(np.float32) * 0.5
    labels = rng.randint(0, NUM_CLASSES, 120)
    for im, label in zip(images, labels):
        r, c = rng.randint(0, 5, 2)
        if label == 0:
            im[r + 2, c:c + 5] += 0.5
            im[r:r + 5, c + 2] += 0.5
        elif label == 1:
            im[r:r + 5, c:c + 5] += 0.3
        elif label == 2:
            im[r + 2, :] += 0.4
        else:
            im[:, c + 2] += 0.4
    return (images[:80], labels[:80]), (images[80:100], labels[80:100]), (images[100:], labels[100:])


def conv_block(x, filters, training, name):
    with tf.variable_scope(name):
        x = tf.layers.conv2d(x, filters, 3, padding='same', use_bias=False, name='conv',
                             kernel_initializer=tf.variance_scaling_initializer(2.0))
        x = tf.layers.batch_normalization(x, momentum=0.7, training=training, name='bn')
        x = tf.nn.relu(x)
        return tf.layers.max_pooling2d(x, 2, 2, name='pool')


def network(images, training):
    x = conv_block(images, 6, training, 'block1')
    x = conv_block(x, 8, training, 'block2')
    x = tf.layers.flatten(x)
    x = tf.layers.dropout(x, 0.2, training=training)
    return tf.layers.dense(x, NUM_CLASSES, kernel_regularizer=tf.contrib.layers.l2_regularizer(1e-3), name='fc')


def evaluate(sess, fetches, feeds, data):
    images, labels = data
    training, x, y = feeds
    return sess.run(fetches, feed_dict={x: images, y: labels, training: False})


def main():
    if not os.path.exists(WORK_DIR):
        os.makedirs(WORK_DIR)
    train, valid, test = load()

    x = tf.placeholder(tf.float32, [None, IMAGE, IMAGE, 1], name='images')
    y = tf.placeholder(tf.int32, [None], name='labels')
    training = tf.placeholder(tf.bool, [], name='training')
    feeds = (training, x, y)

    logits = network(x, training)
    xent = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    loss = xent + tf.losses.get_regularization_loss()
    accuracy = tf.reduce_mean(tf.cast(tf.nn.in_top_k(logits, y, 1), tf.float32), name='accuracy')

    global_step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.02, global_step, 8, 0.8, staircase=True)
    optimizer = tf.train.AdamOptimizer(rate)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        grads_and_vars = optimizer.compute_gradients(loss)
        clipped, norm = tf.clip_by_global_norm([g for g, _ in grads_and_vars], 2.0)
        train_op = optimizer.apply_gradients(zip(clipped, [v for _, v in grads_and_vars]), global_step=global_step)

    tf.summary.scalar('loss', loss)
    tf.summary.scalar('accuracy', accuracy)
    tf.summary.scalar('rate', rate)
    merged = tf.summary.merge_all()
    saver = tf.train.Saver()

    best, patience = None, 0
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        writer = tf.summary.FileWriter(os.path.join(WORK_DIR, 'log'), sess.graph)
        for epoch in range(6):
            norms = []
            for i in range(0, len(train[0]), 20):
                feed = {x: train[0][i:i + 20], y: train[1][i:i + 20], training: True}
                _, n, step, summary = sess.run([train_op, norm, global_step, merged], feed)
                norms.append(n)
                writer.add_summary(summary, step)
            v_loss, v_acc = evaluate(sess, [xent, accuracy], feeds, valid)
            print('epoch %d norm %.4f valid loss %.5f accuracy %.3f' % (epoch, np.mean(norms), v_loss, v_acc))
            if best is None or v_loss < best:
                best, patience = v_loss, 0
                saver.save(sess, CKPT)
            else:
                patience += 1
                if patience == 3:
                    print('stopped early')
                    break
        writer.close()
        print('steps', sess.run(global_step), 'rate %.5f' % sess.run(rate))

    # the best model, in a new session
    with tf.Session() as sess:
        saver.restore(sess, CKPT)
        t_loss, t_acc = evaluate(sess, [xent, accuracy], feeds, test)
        print('test loss %.5f accuracy %.3f' % (t_loss, t_acc))

    shutil.rmtree(WORK_DIR)


if __name__ == '__main__':
    main()
