from __future__ import print_function

import numpy as np
import tensorflow as tf

from model import Model


def main():
    rng = np.random.RandomState(0)
    images = rng.rand(60, 16)
    labels = np.eye(3)[(images[:, :3]).argmax(1)]
    image = tf.placeholder(tf.float32, [None, 16])
    label = tf.placeholder(tf.float32, [None, 3])
    model = Model(image, label)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())

    for epoch in range(4):
        error = sess.run(model.error, {image: images, label: labels})
        print('Test error {:6.2f}%'.format(100 * error))
        for start in range(0, 60, 10):
            batch, target = images[start:start + 10], labels[start:start + 10]
            sess.run(model.optimize, {image: batch, label: target})


if __name__ == '__main__':
    main()
