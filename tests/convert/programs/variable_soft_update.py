"""Assign ops of all kinds; a target network that follows softly."""
import numpy as np
import tensorflow as tf

TAU = 0.2
rs = np.random.RandomState(64)

x = tf.placeholder(tf.float32, [None, 3])


def build_net(scope, trainable):
    with tf.variable_scope(scope):
        h = tf.layers.dense(x, 5, activation=tf.nn.relu, name='l1', trainable=trainable)
        return tf.layers.dense(h, 1, name='l2', trainable=trainable)


online = build_net('online', True)
target = build_net('target', False)
e_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='online')
t_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='target')
hard_replace = [t.assign(e) for t, e in zip(t_params, e_params)]
soft_replace = [tf.assign(t, (1 - TAU) * t + TAU * e) for t, e in zip(t_params, e_params)]

loss = tf.reduce_mean(tf.square(online - 1.0))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

# counters and statistics
episodes = tf.Variable(0, trainable=False, name='episodes', dtype=tf.int32)
count_up = episodes.assign_add(1)
best = tf.Variable(-1e9, trainable=False, name='best')
score = tf.placeholder(tf.float32, [])
keep_best = tf.assign(best, tf.maximum(best, score))
buffer = tf.Variable(tf.zeros([4]), trainable=False, name='buffer')
position = tf.placeholder(tf.int32, [])
put = tf.scatter_update(buffer, position, score)
shrink = tf.assign_sub(buffer, 0.5 * buffer)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    batch = rs.randn(10, 3)
    sess.run(hard_replace)
    d = sess.run(online - target, {x: batch})
    print('after hard replace: %.6f' % abs(d).max())
    for i in range(6):
        sess.run(train, {x: batch})
        sess.run(soft_replace)
        n = sess.run(count_up)
        s = float(np.sin(i * 2.0))
        b = sess.run(keep_best, feed_dict={score: s})
        sess.run(put, {score: s, position: i % 4})
        o, t = sess.run([online, target], {x: batch})
        print('%d online %.5f target %.5f best %.4f' % (n, o.mean(), t.mean(), b))
    print('shrunk', ' '.join('%.5f' % v for v in sess.run(shrink)))
    print('buffer', ' '.join('%.5f' % v for v in sess.run(buffer)))
    print('episodes', int(sess.run(episodes)))
