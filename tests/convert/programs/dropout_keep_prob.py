"""tf.nn.dropout with a keep probability that is fed; a new mask at every run."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(10)
train_x = rs.randn(60, 10)
train_y = np.eye(2)[(train_x[:, 0] > 0).astype(int)]

x = tf.placeholder(tf.float32, [None, 10])
y = tf.placeholder(tf.float32, [None, 2])
keep_prob = tf.placeholder(tf.float32)

w_h = tf.Variable(tf.random_normal([10, 20], stddev=0.2))
w_h2 = tf.Variable(tf.random_normal([20, 20], stddev=0.2))
w_o = tf.Variable(tf.random_normal([20, 2], stddev=0.2))


def model(X, w_h, w_h2, w_o, p_keep):
    X = tf.nn.dropout(X, p_keep)
    h = tf.nn.relu(tf.matmul(X, w_h))
    h = tf.nn.dropout(h, p_keep)
    h2 = tf.nn.relu(tf.matmul(h, w_h2))
    h2 = tf.nn.dropout(h2, keep_prob=p_keep, noise_shape=[tf.shape(h2)[0], 20])
    return tf.matmul(h2, w_o)


py_x = model(x, w_h, w_h2, w_o, keep_prob)
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=py_x, labels=y))
train_op = tf.train.RMSPropOptimizer(0.005, 0.9).minimize(cost)
predict_op = tf.argmax(py_x, 1)

mask = tf.nn.dropout(tf.ones([200]), keep_prob)

with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for i in range(5):
        for start, end in zip(range(0, 60, 20), range(20, 61, 20)):
            sess.run(train_op, feed_dict={x: train_x[start:end], y: train_y[start:end], keep_prob: 0.8})
        print(i, 'cost %.5f' % sess.run(cost, feed_dict={x: train_x, y: train_y, keep_prob: 1.0}),
              'accuracy %.3f' % np.mean(np.argmax(train_y, axis=1) ==
                                        sess.run(predict_op, feed_dict={x: train_x, keep_prob: 1.0})))
    m1 = sess.run(mask, {keep_prob: 0.5})
    m2 = sess.run(mask, {keep_prob: 0.5})
    print('masks differ:', bool((m1 != m2).any()), 'values:', sorted(set(m1.tolist())))
