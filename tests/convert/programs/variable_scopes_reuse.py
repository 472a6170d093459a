"""get_variable, scopes, reuse: a siamese net with shared weights."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(83)
left = rs.randn(64, 8)
same = rs.randint(0, 2, 64)
right = np.where(same[:, None] == 1, left + 0.3 * rs.randn(64, 8), rs.randn(64, 8))


def fc(x, n_out, name, activation=None):
    n_in = x.get_shape().as_list()[1]
    with tf.variable_scope(name):
        W = tf.get_variable('W', shape=[n_in, n_out], dtype=tf.float32,
                            initializer=tf.truncated_normal_initializer(stddev=0.2))
        b = tf.get_variable('b', shape=[n_out], initializer=tf.constant_initializer(0.01))
        y = tf.nn.bias_add(tf.matmul(x, W), b)
        return y if activation is None else activation(y)


def network(x):
    net = fc(x, 12, 'fc1', tf.nn.relu)
    net = fc(net, 6, 'fc2', tf.nn.relu)
    return fc(net, 3, 'fc3')


x1 = tf.placeholder(tf.float32, [None, 8])
x2 = tf.placeholder(tf.float32, [None, 8])
y_ = tf.placeholder(tf.float32, [None])

with tf.variable_scope("siamese") as scope:
    o1 = network(x1)
    scope.reuse_variables()
    o2 = network(x2)

# contrastive loss
margin = 2.0
d2 = tf.reduce_sum(tf.pow(o1 - o2, 2), 1)
d = tf.sqrt(d2 + 1e-6, name='distance')
pos = tf.multiply(y_, d2)
neg = tf.multiply(1.0 - y_, tf.square(tf.maximum(margin - d, 0)))
loss = tf.reduce_mean(pos + neg, name='loss')
train_step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

# the same weights, once more
with tf.variable_scope("siamese", reuse=True):
    w_again = tf.get_variable('fc1/W')
with tf.variable_scope("other", reuse=tf.AUTO_REUSE):
    for _ in range(2):
        extra = tf.get_variable('extra', [2, 2], initializer=tf.ones_initializer())

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for step in range(20):
    _, loss_v = sess.run([train_step, loss], feed_dict={x1: left, x2: right, y_: same})
    if step % 5 == 0:
        print('step %d: loss %.5f' % (step, loss_v))
dist = sess.run(d, {x1: left, x2: right})
print('same %.5f, different %.5f' % (dist[same == 1].mean(), dist[same == 0].mean()))
print('names', [v.name for v in tf.trainable_variables()])
print('W %.5f, extra %.1f' % (sess.run(w_again).sum(), sess.run(extra).sum()))
