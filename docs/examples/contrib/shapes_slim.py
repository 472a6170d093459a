"""A small convolutional network with slim: bars, columns and squares in noise."""
from __future__ import print_function

import argparse

import numpy as np
import tensorflow as tf
from tensorflow.contrib import slim

SIZE = 16
CLASSES = 3


def make_images(n, random):
    """A horizontal bar, a vertical bar or a square, at a random place."""
    labels = random.randint(CLASSES, size=n)
    images = random.normal(0, 0.3, size=(n, SIZE, SIZE, 1))
    extents = [(2, 8), (8, 2), (4, 4)]
    for image, label in zip(images, labels):
        height, width = extents[label]
        top = random.randint(SIZE - height + 1)
        left = random.randint(SIZE - width + 1)
        image[top:top + height, left:left + width] += 1.0
    return images.astype(np.float32), labels.astype(np.int64)


def arg_scope(is_training, weight_decay=1e-4):
    batch_norm_params = {
        "is_training": is_training,
        "decay": 0.9,
        "epsilon": 1e-3,
        "scale": True,
        "updates_collections": tf.GraphKeys.UPDATE_OPS,
    }
    with slim.arg_scope(
            [slim.conv2d, slim.fully_connected],
            activation_fn=tf.nn.relu,
            weights_initializer=tf.contrib.layers.xavier_initializer(),
            weights_regularizer=slim.l2_regularizer(weight_decay),
            normalizer_fn=slim.batch_norm,
            normalizer_params=batch_norm_params):
        with slim.arg_scope([slim.conv2d], stride=1, padding="SAME") as scope:
            return scope


def network(images, is_training, reuse=None):
    with tf.variable_scope("shapes", reuse=reuse):
        with slim.arg_scope(arg_scope(is_training)):
            net = slim.repeat(images, 2, slim.conv2d, 8, [3, 3], scope="conv1")
            net = slim.max_pool2d(net, [2, 2], scope="pool1")
            net = slim.conv2d(net, 16, [3, 3], scope="conv2")
            net = slim.max_pool2d(net, [2, 2], scope="pool2")
            net = slim.flatten(net)
            net = slim.fully_connected(net, 32, scope="fc3")
            net = slim.dropout(net, 0.8, is_training=is_training, scope="dropout3")
    with tf.variable_scope("logits", reuse=reuse):
        return tf.contrib.layers.fully_connected(
            net, CLASSES, activation_fn=None,
            weights_initializer=tf.contrib.layers.variance_scaling_initializer(),
            weights_regularizer=tf.contrib.layers.l2_regularizer(scale=1e-4))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100)
    args = parser.parse_args()

    random = np.random.RandomState(0)
    tf.set_random_seed(1)
    is_training = tf.placeholder_with_default(False, [], name="is_training")
    images = tf.placeholder(tf.float32, [None, SIZE, SIZE, 1], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")

    logits = network(images, is_training)
    tf.losses.sparse_softmax_cross_entropy(labels, logits)
    total_loss = tf.losses.get_total_loss()
    accuracy = tf.contrib.metrics.accuracy(tf.argmax(logits, 1), labels)

    global_step = tf.train.create_global_step()
    learning_rate = tf.train.piecewise_constant(global_step, [60], [0.05, 0.01])
    optimizer = tf.train.MomentumOptimizer(learning_rate, momentum=0.9)
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update_ops):
        train_op = optimizer.minimize(total_loss, global_step=global_step)

    print("weights:", sum(np.prod(v.shape.as_list()) for v in slim.get_model_variables()))

    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        for _ in range(args.steps):
            x, y = make_images(32, random)
            step, loss, _ = sess.run(
                [global_step, total_loss, train_op],
                feed_dict={images: x, labels: y, is_training: True})
            if step % 25 == 0:
                print("step %d: loss %.4f" % (step, loss))
        x, y = make_images(200, random)
        print("accuracy: %.3f" % sess.run(accuracy, {images: x, labels: y}))


if __name__ == "__main__":
    main()
