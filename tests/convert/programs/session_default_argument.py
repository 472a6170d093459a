"""Helpers that take the session as an optional argument, and a global default session."""
import numpy as np
import tensorflow as tf

sess = tf.InteractiveSession()

x = tf.placeholder(tf.float32, [None, 5])
t = tf.placeholder(tf.float32, [None, 1])
W = tf.Variable(tf.ones([5, 1]) * 0.1)
net = tf.tanh(tf.matmul(x, W))
cost = tf.reduce_sum(tf.square(net - t)) / tf.cast(tf.shape(x)[0], tf.float32)
train_step = tf.train.MomentumOptimizer(0.05, 0.9).minimize(cost)
init = tf.initialize_all_variables()


def get_batch(size, rs=np.random.RandomState(8)):
    xs = rs.uniform(-1, 1, (size, 5))
    return xs, np.tanh(xs.sum(1, keepdims=True))


def fit(steps, session=None):
    session = session or tf.get_default_session()
    for i in range(steps):
        xs, ts = get_batch(16)
        session.run(train_step, feed_dict={x: xs, t: ts})


def measure(xs, ts):
    return cost.eval(feed_dict={x: xs, t: ts}, session=sess)


sess.run(init)
test_x, test_t = get_batch(32)
print('before %.5f' % measure(test_x, test_t))
for epoch in range(3):
    fit(10)
    print('epoch %d %.5f' % (epoch, measure(test_x, test_t)))
fit(5, sess)
print('after %.5f' % measure(test_x, test_t))
print(W.eval().ravel().round(4).tolist())
