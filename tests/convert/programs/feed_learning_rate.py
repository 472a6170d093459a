"""The learning rate is fed; Python decides when it falls."""
import numpy as np
import tensorflow as tf

np.random.seed(3)
n, d = 64, 5
inputs = np.random.uniform(-1, 1, (n, d))
outputs = np.tanh(inputs.dot(np.arange(d))).reshape(n, 1)

X = tf.placeholder(tf.float32, [None, d])
Y = tf.placeholder(tf.float32, [None, 1])
lr = tf.placeholder(tf.float32, shape=[])
mom = tf.placeholder(tf.float32, shape=[])

W = tf.get_variable('W', shape=[d, 1])
b = tf.get_variable('b', shape=[1], initializer=tf.constant_initializer(0.0))
out = tf.tanh(tf.matmul(X, W) + b)
loss = tf.reduce_mean((out - Y) ** 2)

plain = tf.train.GradientDescentOptimizer(learning_rate=lr).minimize(loss)
momentum = tf.train.MomentumOptimizer(lr, mom).minimize(loss)
adam = tf.train.AdamOptimizer(learning_rate=lr).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
rate = 1.0
best = None
for epoch in range(8):
    sess.run(plain, feed_dict={X: inputs, Y: outputs, lr: rate})
    l = sess.run(loss, feed_dict={X: inputs, Y: outputs})
    if best is not None and l > best * 0.9:
        rate *= 0.5
    best = l if best is None else min(best, l)
    print("epoch %d lr %.3f loss %.6f" % (epoch, rate, l))

for m in (0.5, 0.9):
    for _ in range(4):
        _, l = sess.run((momentum, loss), feed_dict={X: inputs, Y: outputs, lr: rate * 0.1, mom: m})
    print("momentum %.1f loss %.6f" % (m, l))

for i in range(6):
    _, l = sess.run([adam, loss], {X: inputs, Y: outputs, lr: 0.01 / (i + 1)})
print("adam loss %.6f" % l)
print("W %.6f b %.6f" % (sess.run(W).sum(), sess.run(b)[0]))
