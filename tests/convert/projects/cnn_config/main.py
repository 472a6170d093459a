#!/usr/bin/python
from __future__ import print_function

import numpy as np
import tensorflow as tf

import loader
from cnn_model import TCNNConfig, TextCNN


def feed_data(x_batch, y_batch, keep_prob):
    feed_dict = {
        model.input_x: x_batch,
        model.input_y: y_batch,
        model.keep_prob: keep_prob
    }
    return feed_dict


def evaluate(sess, x_, y_):
    total_loss = 0.0
    total_acc = 0.0
    for start in range(0, len(x_), 16):
        feed_dict = feed_data(x_[start:start + 16], y_[start:start + 16], 1.0)
        loss, acc = sess.run([model.loss, model.acc], feed_dict=feed_dict)
        total_loss += loss * len(x_[start:start + 16])
        total_acc += acc * len(x_[start:start + 16])
    return total_loss / len(x_), total_acc / len(x_)


def train():
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    for epoch in range(3):
        for start in range(0, 64, 16):
            feed_dict = feed_data(x_train[start:start + 16], y_train[start:start + 16], config.dropout_keep_prob)
            feed_dict[model.keep_prob] = config.dropout_keep_prob
            session.run(model.optim, feed_dict=feed_dict)
        loss, acc = evaluate(session, x_train, y_train)
        print('Epoch %d loss %.5f acc %.3f' % (epoch, loss, acc))


if __name__ == '__main__':
    config = TCNNConfig()
    x_train, y_train = loader.load(3, config)
    model = TextCNN(config)
    train()
