"""build() returns a namedtuple of tensors and ops; run_epoch() and main() use it."""
import collections

import numpy as np
import tensorflow as tf

Model = collections.namedtuple('Model', 'x y keep logits loss accuracy train')


def build(n_features, n_classes, layers=(16, 8), rate=0.01):
    x = tf.placeholder(tf.float32, [None, n_features], name='x')
    y = tf.placeholder(tf.int64, [None], name='y')
    keep = tf.placeholder_with_default(1.0, [], name='keep')

    net = x
    for i, units in enumerate(layers):
        net = tf.layers.dense(net, units, activation=tf.nn.relu, name='dense_%d' % i)
        net = tf.nn.dropout(net, keep)
    logits = tf.layers.dense(net, n_classes, name='logits')

    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))
    train = tf.train.AdamOptimizer(rate).minimize(loss)
    return Model(x=x, y=y, keep=keep, logits=logits, loss=loss, accuracy=accuracy, train=train)


def run_epoch(sess, model, data, labels, batch=20, train=False):
    total_loss, total_acc, n = 0., 0., 0
    for i in range(0, len(data), batch):
        feed = {model.x: data[i:i + batch], model.y: labels[i:i + batch]}
        fetches = [model.loss, model.accuracy]
        if train:
            feed[model.keep] = 0.9
            fetches.append(model.train)
        out = sess.run(fetches, feed_dict=feed)
        total_loss += out[0]
        total_acc += out[1]
        n += 1
    return total_loss / n, total_acc / n


def main():
    rs = np.random.RandomState(102)
    data = rs.randn(100, 5)
    labels = (data[:, 0] > 0).astype(int) + (data[:, 1] > 0).astype(int)
    model = build(5, 3)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(4):
            run_epoch(sess, model, data[:80], labels[:80], train=True)
            loss, acc = run_epoch(sess, model, data[80:], labels[80:])
            print('epoch {} loss {:.5f} accuracy {:.3f}'.format(epoch, loss, acc))
        logits = sess.run(model.logits, {model.x: data[:2]})
        print(' '.join('%.4f' % v for v in logits.ravel()))


main()
