"""First the head is trained, then everything: var_list and two optimizers."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(101)
x_np = rs.randn(70, 6)
y_np = (np.abs(x_np[:, :1]) + x_np[:, 1:2] > 0.7).astype(np.float32)

x = tf.placeholder(tf.float32, [None, 6])
y = tf.placeholder(tf.float32, [None, 1])

with tf.variable_scope('base'):
    h = tf.layers.dense(x, 10, tf.nn.relu, name='fc1')
    h = tf.layers.dense(h, 10, tf.nn.relu, name='fc2')
with tf.variable_scope('head'):
    out = tf.layers.dense(h, 1, name='fc')

loss = tf.losses.sigmoid_cross_entropy(y, out)

base_vars = tf.trainable_variables('base')
head_vars = tf.trainable_variables(scope='head')
print(len(base_vars), len(head_vars), len(tf.trainable_variables()))

train_head = tf.train.GradientDescentOptimizer(0.3).minimize(loss, var_list=head_vars)
train_all = tf.train.AdamOptimizer(0.01).minimize(loss)
kernels = [v for v in tf.trainable_variables() if 'kernel' in v.name]
decay = tf.add_n([tf.nn.l2_loss(k) for k in kernels])
train_decay = tf.train.GradientDescentOptimizer(0.05).minimize(0.1 * decay, var_list=kernels)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
before = sess.run(base_vars)
for _ in range(8):
    sess.run(train_head, {x: x_np, y: y_np})
after = sess.run(base_vars)
print('base unchanged:', all((p == q).all() for p, q in zip(before, after)))
print('loss %.5f' % sess.run(loss, {x: x_np, y: y_np}))
for _ in range(8):
    sess.run(train_all, {x: x_np, y: y_np})
print('loss %.5f' % sess.run(loss, {x: x_np, y: y_np}))
sess.run(train_decay)
sess.run(train_decay)
print('loss %.5f, decay %.5f' % tuple(sess.run([loss, decay], {x: x_np, y: y_np})))
for v in head_vars:
    print(v.name, '%.5f' % np.sum(sess.run(v)))
