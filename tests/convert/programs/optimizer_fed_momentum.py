"""A momentum and a learning rate that are fed at each step."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(5)
A = rs.randn(80, 6)
B = A.dot(rs.randn(6, 1)) + 0.1 * rs.randn(80, 1)

x = tf.placeholder(tf.float32, [None, 6], name='x')
y = tf.placeholder(tf.float32, [None, 1], name='y')
lr = tf.placeholder(tf.float32, [], name='lr')
mom = tf.placeholder(tf.float32, [], name='mom')

w = tf.Variable(tf.random_normal([6, 1], stddev=0.3), name='w')
b = tf.Variable(tf.zeros([1]), name='b')
loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y))
optimizer = tf.train.MomentumOptimizer(learning_rate=lr, momentum=mom)
train_op = optimizer.minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(30):
        momentum = 0.5 if step < 10 else 0.9
        rate = 0.05 / (1 + step // 10)
        k = step % 4 * 20
        _, l = sess.run([train_op, loss], feed_dict={x: A[k:k + 20], y: B[k:k + 20], lr: rate, mom: momentum})
        if step % 5 == 0:
            print('step %d loss %.5f' % (step, l))
    print('weights', sess.run(w).ravel(), sess.run(b))
