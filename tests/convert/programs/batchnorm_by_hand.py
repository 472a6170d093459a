"""Batch normalization by hand: moments, moving averages under tf.cond, scale and shift."""
import tensorflow as tf
import numpy as np

rs = np.random.RandomState(120)
x_data = rs.gamma(2.0, 2.0, (80, 3)).astype(np.float32)
y_data = (np.log1p(x_data).sum(axis=1, keepdims=True) > 4.5).astype(np.float32)


def bn(x, is_training, name, decay=0.7):
    n = x.get_shape().as_list()[-1]
    with tf.variable_scope(name):
        beta = tf.get_variable('beta', [n], initializer=tf.zeros_initializer())
        gamma = tf.get_variable('gamma', [n], initializer=tf.ones_initializer())
        pop_mean = tf.get_variable('pop_mean', [n], initializer=tf.zeros_initializer(), trainable=False)
        pop_var = tf.get_variable('pop_var', [n], initializer=tf.ones_initializer(), trainable=False)
        batch_mean, batch_var = tf.nn.moments(x, axes=[0])

        def update():
            train_mean = tf.assign(pop_mean, pop_mean * decay + batch_mean * (1 - decay))
            train_var = tf.assign(pop_var, pop_var * decay + batch_var * (1 - decay))
            with tf.control_dependencies([train_mean, train_var]):
                return tf.identity(batch_mean), tf.identity(batch_var)

        mean, var = tf.cond(is_training, update, lambda: (pop_mean, pop_var))
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, 1e-3)


xs = tf.placeholder(tf.float32, [None, 3])
ys = tf.placeholder(tf.float32, [None, 1])
on_train = tf.placeholder(tf.bool)

net = bn(xs, on_train, 'input')
w1 = tf.get_variable('w1', [3, 10], initializer=tf.random_normal_initializer(stddev=0.4))
net = tf.nn.tanh(bn(tf.matmul(net, w1), on_train, 'hidden'))
w2 = tf.get_variable('w2', [10, 1], initializer=tf.random_normal_initializer(stddev=0.4))
logit = tf.matmul(net, w2)
loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=ys, logits=logit))
train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for i in range(12):
    b = slice(i % 4 * 20, i % 4 * 20 + 20)
    sess.run(train_op, feed_dict={xs: x_data[b], ys: y_data[b], on_train: True})
    if i % 4 == 3:
        print('test loss %.5f' % sess.run(loss, feed_dict={xs: x_data, ys: y_data, on_train: False}))
for v in tf.global_variables():
    print(v.op.name, '%.5f' % sess.run(v).sum())
