"""tf.group, tf.tuple, tf.no_op, with_dependencies in training."""
import numpy as np
import tensorflow as tf

np.random.seed(36)
A = np.random.randn(30, 4)
B = (A[:, :1] ** 2 + A[:, 1:2]).astype(np.float32)

x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.float32, [None, 1])

h = tf.layers.dense(x, 8, activation=tf.nn.relu, name='h')
out = tf.layers.dense(h, 1, name='out')
aux = tf.layers.dense(tf.stop_gradient(h), 1, name='aux')

loss = tf.reduce_mean(tf.square(out - y))
aux_loss = tf.reduce_mean(tf.abs(aux - tf.stop_gradient(out)))

main_vars = tf.trainable_variables('h') + tf.trainable_variables('out')
aux_vars = tf.trainable_variables('aux')
train_main = tf.train.AdamOptimizer(0.02).minimize(loss, var_list=main_vars)
train_aux = tf.train.GradientDescentOptimizer(0.05).minimize(aux_loss, var_list=aux_vars)

# both: the auxiliary head first, then the net
with tf.control_dependencies([train_aux]):
    after_aux = tf.no_op(name='after_aux')
steps = tf.Variable(0, trainable=False)
count = tf.assign_add(steps, 1)
bookkeeping = tf.group(after_aux, count, name='bookkeeping')

# tf.tuple: both values are there or none
l_both, a_both = tf.tuple([loss, aux_loss])
nothing = tf.no_op()
init = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())

verbose = True
extra = count if not verbose else nothing

with tf.Session() as sess:
    sess.run(init)
    for i in range(12):
        sess.run(bookkeeping, feed_dict={x: A, y: B})
        _, l = sess.run([train_main, loss], feed_dict={x: A, y: B})
        if i % 4 == 0:
            p, q, _ = sess.run([l_both, a_both, extra], feed_dict={x: A, y: B})
            print('%2d before %.5f after %.5f aux %.5f' % (i, l, p, q))
    print('steps', int(sess.run(steps)), sess.run(nothing))
    for v in main_vars + aux_vars:
        print(v.op.name, '%.5f' % sess.run(v).sum())
