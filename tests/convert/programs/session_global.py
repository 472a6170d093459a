"""Functions that use a global session and global tensors."""
import numpy as np
import tensorflow as tf

sess = None
rate = 0.05

x = tf.placeholder(tf.float32, [None, 2], name="x")
y = tf.placeholder(tf.float32, [None, 1], name="y")
hidden = tf.layers.dense(x, 6, tf.nn.sigmoid, name="hidden")
output = tf.layers.dense(hidden, 1, name="output")
cost = tf.losses.mean_squared_error(y, output)
train = tf.train.AdamOptimizer(rate).minimize(cost)

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
OUT = [[0], [1], [1], [0]]


def start():
    global sess
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())


def learn(n):
    for _ in range(n):
        sess.run(train, feed_dict={x: XOR, y: OUT})


def error():
    return sess.run(cost, feed_dict={x: XOR, y: OUT})


def answer(a, b):
    return float(sess.run(output, feed_dict={x: [[a, b]]})[0, 0])


start()
print("before %.6f" % error())
for _ in range(3):
    learn(8)
    print("error %.6f" % error())
for p in XOR:
    print(p, "%.4f" % answer(*p))
sess.close()
