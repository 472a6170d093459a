"""Gradients of several small batches are added up in variables, then applied."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(116)
data = rng.randn(48, 3)
goal = np.abs(data).sum(axis=1, keepdims=True)

x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
hidden = tf.layers.dense(x, 9, tf.nn.relu, name='hidden')
out = tf.layers.dense(hidden, 1, name='out')
loss = tf.reduce_mean(tf.square(out - y))

opt = tf.train.AdamOptimizer(0.05)
tvs = tf.trainable_variables()
accum_vars = [tf.Variable(tf.zeros_like(tv.initialized_value()), trainable=False) for tv in tvs]
zero_ops = [tv.assign(tf.zeros_like(tv)) for tv in accum_vars]
gvs = opt.compute_gradients(loss, tvs)
accum_ops = [accum_vars[i].assign_add(gv[0]) for i, gv in enumerate(gvs)]
n = tf.placeholder(tf.float32, [])
train_step = opt.apply_gradients([(accum_vars[i] / n, gv[1]) for i, gv in enumerate(gvs)])

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for epoch in range(5):
    for start in range(0, 48, 24):
        sess.run(zero_ops)
        for k in range(start, start + 24, 8):
            sess.run(accum_ops, feed_dict={x: data[k:k + 8], y: goal[k:k + 8]})
        sess.run(train_step, feed_dict={n: 3})
    print('epoch %d loss %.6f' % (epoch, sess.run(loss, {x: data, y: goal})))
print('accumulated %.5f' % sum(np.abs(a).sum() for a in sess.run(accum_vars)))
for v in tvs:
    print(v.op.name, '%.5f' % sess.run(v).sum())
