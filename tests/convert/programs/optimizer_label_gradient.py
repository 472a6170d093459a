"""A student learns from a teacher that learns, too: no gradient goes into the labels of
softmax_cross_entropy_with_logits, but one goes into those of version 2."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(54)
data = rs.randn(30, 5)
true = np.eye(3)[rs.randint(0, 3, 30)]

x = tf.placeholder(tf.float32, [None, 5])
y = tf.placeholder(tf.float32, [None, 3])


def pair(name):
    with tf.variable_scope(name):
        teacher = tf.layers.dense(x, 3, name='teacher', kernel_initializer=tf.random_normal_initializer())
        student = tf.layers.dense(x, 3, name='student', kernel_initializer=tf.random_normal_initializer())
    return teacher, student


t1, s1 = pair('one')
t2, s2 = pair('two')
soft1 = tf.nn.softmax(t1 / 2.0)
soft2 = tf.nn.softmax(t2 / 2.0)
loss1 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=soft1, logits=s1))
loss2 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=soft2, logits=s2))
teach1 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=t1))
teach2 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=t2))

opt = tf.train.GradientDescentOptimizer(0.5)
train1 = opt.minimize(loss1 + teach1)
train2 = opt.minimize(loss2 + teach2)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(9):
        _, a = sess.run([train1, loss1], {x: data, y: true})
        _, b = sess.run([train2, loss2], {x: data, y: true})
        if i % 4 == 0:
            print(i, 'one %.6f two %.6f' % (a, b))
    print('teachers %.6f %.6f' % tuple(sess.run([teach1, teach2], {x: data, y: true})))
