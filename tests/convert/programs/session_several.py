"""Several sessions in turn over one graph: each starts from its own initial state."""
import tensorflow as tf
import numpy as np

rs = np.random.RandomState(33)
xs = rs.randn(40, 3).astype(np.float32)
ys = (xs * [1.0, 0.5, -1.0]).sum(1, keepdims=True).astype(np.float32)

x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
w = tf.Variable(np.full((3, 1), 0.1, np.float32))
steps = tf.Variable(0, trainable=False)
loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=steps)
init = tf.global_variables_initializer()

print("first session")
with tf.Session() as sess:
    sess.run(init)
    for _ in range(5):
        sess.run(train, {x: xs, y: ys})
    print("%d steps, loss %.6f" % (sess.run(steps), sess.run(loss, {x: xs, y: ys})))
    kept = sess.run(w)

print("second session, from the start again")
with tf.Session() as sess:
    sess.run(init)
    print("%d steps, loss %.6f" % (sess.run(steps), sess.run(loss, {x: xs, y: ys})))
    for _ in range(2):
        sess.run(train, {x: xs, y: ys})
    print("%d steps, loss %.6f" % (sess.run(steps), sess.run(loss, {x: xs, y: ys})))

print("third session, from the weights of the first")
session = tf.Session()
session.run(init)
w.load(kept, session)
print("%d steps, loss %.6f" % (session.run(steps), session.run(loss, {x: xs, y: ys})))
for _ in range(5):
    session.run(train, {x: xs, y: ys})
print("%d steps, loss %.6f" % (session.run(steps), session.run(loss, {x: xs, y: ys})))
session.close()

# a last one that only computes
sess = tf.Session()
print("%.4f" % sess.run(tf.reduce_sum(tf.constant(kept) * 2)))
sess.close()
