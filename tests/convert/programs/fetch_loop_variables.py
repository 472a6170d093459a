"""Prints every variable and every gradient by name: fetches by loop variable, list and dict."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(0)
x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])

with tf.variable_scope('layer1'):
    w1 = tf.get_variable('w', [3, 4], initializer=tf.constant_initializer(0.1))
    b1 = tf.get_variable('b', [4], initializer=tf.zeros_initializer())
    h = tf.nn.sigmoid(tf.matmul(x, w1) + b1)
with tf.variable_scope('layer2'):
    w2 = tf.get_variable('w', [4, 1], initializer=tf.constant_initializer(0.2))
    b2 = tf.get_variable('b', [1], initializer=tf.zeros_initializer())
    out = tf.matmul(h, w2) + b2
loss = tf.reduce_mean((out - y) ** 2)
opt = tf.train.GradientDescentOptimizer(0.2)
grads_and_vars = opt.compute_gradients(loss)
train = opt.apply_gradients(grads_and_vars)
stats = {'mean': tf.reduce_mean(out), 'max': tf.reduce_max(out), 'loss': loss}

rs = np.random.RandomState(21)
X, Y = rs.rand(12, 3), rs.rand(12, 1)
sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
for i in range(6):
    train.run(feed_dict={x: X, y: Y})
    if i % 2 == 0:
        for name, tensor in stats.items():
            print(i, name, '%.5f' % tensor.eval(feed_dict={x: X, y: Y}))
values = sess.run(stats, feed_dict={x: X, y: Y})
print(sorted((k, round(float(v), 5)) for k, v in values.items()))
grads = sess.run([g for g, v in grads_and_vars], feed_dict={x: X, y: Y})
print(['%.6f' % np.abs(value).sum() for value in grads])
for v in tf.trainable_variables():
    print(v.name, '%.5f' % sess.run(v).sum())
for v, value in zip(tf.trainable_variables(), sess.run(tf.trainable_variables())):
    print(v.name, value.shape)
sess.close()
