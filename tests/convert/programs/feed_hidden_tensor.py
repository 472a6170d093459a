# Tensors that are no placeholders are fed: a hidden layer, a constant, a variable's value.
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(51)
X = rng.rand(30, 6)
Y = (X[:, :2].sum(axis=1) > 1.0).astype(int)

images = tf.placeholder(tf.float32, [None, 6])
labels = tf.placeholder(tf.int64, [None])
temperature = tf.constant(1.0, name='temperature')

hidden = tf.layers.dense(images, 4, activation=tf.nn.tanh, name='hidden')
logits = tf.layers.dense(hidden, 2, name='logits')
probs = tf.nn.softmax(logits / temperature)

loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
step = tf.train.AdamOptimizer(0.1).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(15):
        _, cost = sess.run([step, loss], {images: X, labels: Y})
    print('loss %.6f' % cost)

    # partial feed: labels are not needed here
    h = sess.run(hidden, {images: X[:3]})
    print('hidden %.6f' % h.sum())

    # the same through the fed hidden layer; images are not needed now
    direct = sess.run(probs, {images: X[:3]})
    through = sess.run(probs, feed_dict={hidden: h})
    print('equal:', bool(np.allclose(direct, through)))

    # hidden units switched on one by one
    for unit in range(4):
        p = sess.run(probs, feed_dict={hidden: np.eye(4)[unit:unit + 1]})
        print('unit', unit, '%.5f %.5f' % tuple(p[0]))

    # a constant is fed
    soft = sess.run(probs, feed_dict={hidden: h, temperature: 10.0})
    print('soft %.5f' % soft.max())

    # accuracy in numpy
    pred = sess.run(tf.argmax(logits, 1), feed_dict={images: X})
    print('accuracy %.3f' % np.mean(pred == Y))
