"""Variables found by scope: trainable_variables, get_collection, collections of our own."""
import tensorflow as tf
import numpy as np

rng = np.random.RandomState(55)

with tf.variable_scope('actor'):
    s = tf.placeholder(tf.float32, [None, 3], 's')
    with tf.variable_scope('eval'):
        w = tf.get_variable('w', [3, 4], initializer=tf.random_normal_initializer(0., 0.3),
                            collections=['eval_params', tf.GraphKeys.GLOBAL_VARIABLES,
                                         tf.GraphKeys.TRAINABLE_VARIABLES])
        b = tf.get_variable('b', [4], initializer=tf.constant_initializer(0.1),
                            collections=['eval_params', tf.GraphKeys.GLOBAL_VARIABLES,
                                         tf.GraphKeys.TRAINABLE_VARIABLES])
        act = tf.nn.tanh(tf.matmul(s, w) + b)
    with tf.variable_scope('eval_next'):
        w2 = tf.get_variable('w', [3, 4], trainable=False)
        act2 = tf.nn.tanh(tf.matmul(s, w2))

tf.add_to_collection('outputs', act)
tf.add_to_collection('outputs', act2)
tf.add_to_collection('losses', tf.reduce_mean(tf.square(act - 0.5)))
tf.add_to_collection('losses', 0.01 * tf.nn.l2_loss(w))
total = tf.add_n(tf.get_collection('losses'))

params = tf.get_collection('eval_params')
by_scope = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='actor/eval')   # a prefix: both scopes
exact = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='actor/eval/')
print(len(params), len(by_scope), len(exact), len(tf.trainable_variables('actor')))

train = tf.train.GradientDescentOptimizer(0.5).minimize(total, var_list=params)
copy = [tf.assign(t, e) for t, e in zip([w2], exact)]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    batch = rng.randn(12, 3)
    for i in range(6):
        sess.run(train, {s: batch})
    print('total %.6f' % sess.run(total, {s: batch}))
    outs = sess.run(tf.get_collection('outputs'), {s: batch})
    print('outputs %.5f %.5f' % (outs[0].sum(), outs[1].sum()))
    sess.run(copy)
    for v in by_scope:
        print(v.name, '%.5f' % sess.run(v).sum())
