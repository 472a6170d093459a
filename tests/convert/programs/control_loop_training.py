"""Messy on purpose: names bound again and again, ops nobody fetches, a train op called
optimizer, an accuracy that is first a tensor and then a number."""
import numpy as np
import tensorflow as tf
from tensorflow import nn

np.random.seed(8)
x = np.random.randn(60, 4)
y = (x[:, 0] > x[:, 1]).astype(int)
x_train, y_train = x[:40], np.eye(2)[y[:40]]
x_test, y_test = x[40:], np.eye(2)[y[40:]]

lr = 0.1
x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.float32, [None, 2])
z = tf.placeholder(tf.float32)  # an idea that was given up

W = tf.Variable(tf.random_normal([4, 8]))
b = tf.Variable(tf.random_normal([8]))
L = nn.relu(tf.matmul(x, W) + b)
unused_norm = tf.norm(W)

W = tf.Variable(tf.random_normal([8, 8]))
b = tf.Variable(tf.random_normal([8]))
L = nn.relu(tf.matmul(L, W) + b)
print(L.get_shape().as_list()[1])

W = tf.Variable(tf.random_normal([8, 2]))
b = tf.Variable(tf.random_normal([2]))
out = tf.matmul(L, W) + b

cost = tf.reduce_mean(nn.softmax_cross_entropy_with_logits(logits=out, labels=y))
optimizer = tf.train.AdamOptimizer(lr)
optimizer = optimizer.minimize(cost)
tf.summary.scalar('cost', cost)
acc = tf.equal(tf.argmax(out, 1), tf.argmax(y, 1))
acc = tf.reduce_mean(tf.cast(acc, tf.float32))
out = tf.nn.softmax(out)

sess = tf.Session()
init = tf.global_variables_initializer()
sess.run(init)
for i in range(3):
    for k in range(4):
        _, c = sess.run([optimizer, cost], {x: x_train[k*10:k*10+10], y: y_train[k*10:k*10+10]})
    a = sess.run(acc, {x: x_test, y: y_test}); print(i, '%.5f' % c, '%.2f' % a)
x_one = x_test[:1]
out = sess.run(out, {x: x_one})
print(['%.5f' % o for o in out[0]])
acc = sess.run(acc, feed_dict={x: x_test, y: y_test})
print('Accuracy: %.2f' % acc)
if acc > 0.0:
    W = sess.run(W)
    print('W %.5f' % W.sum())
