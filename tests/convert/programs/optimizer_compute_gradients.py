"""compute_gradients, clipping by value and by norm, apply_gradients."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(19)
features = rng.randn(80, 5)
true_w = rng.randn(5, 1) * 3
target = features.dot(true_w) + 0.2 * rng.randn(80, 1)

x = tf.placeholder(tf.float32, [None, 5])
y = tf.placeholder(tf.float32, [None, 1])

w1 = tf.Variable(tf.random_normal([5, 8], stddev=0.5), name='w1')
b1 = tf.Variable(tf.zeros([8]), name='b1')
w2 = tf.Variable(tf.random_normal([8, 1], stddev=0.5), name='w2')
unused = tf.Variable(tf.ones([3]), name='unused')  # no path to the loss: its gradient is None

h = tf.nn.elu(tf.matmul(x, w1) + b1)
loss = tf.reduce_mean(tf.square(tf.matmul(h, w2) - y))

# clip every gradient to [-1, 1]
optimizer = tf.train.GradientDescentOptimizer(0.05)
gvs = optimizer.compute_gradients(loss)
capped_gvs = [(tf.clip_by_value(grad, -1., 1.), var) for grad, var in gvs if grad is not None]
train_op = optimizer.apply_gradients(capped_gvs)

# clip every gradient by its own norm, with a second optimizer
opt2 = tf.train.AdamOptimizer(0.01)
grads_and_vars = opt2.compute_gradients(loss, var_list=[w1, b1, w2])
for i, (g, v) in enumerate(grads_and_vars):
    if g is not None:
        grads_and_vars[i] = (tf.clip_by_norm(g, 0.5), v)
train_op2 = opt2.apply_gradients(grads_and_vars)

# how big are the raw gradients?
norms = [tf.norm(g) for g, v in gvs if g is not None]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {x: features, y: target}
    print('norms', ['%.4f' % n for n in sess.run(norms, feed)])
    for i in range(10):
        sess.run(train_op, feed)
        if i % 3 == 0:
            print('value clip, step %d: %.5f' % (i, sess.run(loss, feed)))
    for i in range(10):
        _, l = sess.run([train_op2, loss], feed_dict=feed)
        if i % 3 == 0:
            print('norm clip, step %d: %.5f' % (i, l))
    print('w1 %.5f  w2 %.5f  unused %.1f' % (
        sess.run(w1).sum(), sess.run(w2).sum(), sess.run(unused).sum()))
