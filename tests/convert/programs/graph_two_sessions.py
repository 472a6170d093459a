"""Two graphs side by side, each with its own session; the second learns what the first computes."""
import numpy as np
import tensorflow as tf

g1 = tf.Graph()
with g1.as_default():
    a = tf.placeholder(tf.float32, [None, 2], name='a')
    teacher_w = tf.constant([[1.5], [-0.5]])
    teacher = tf.sigmoid(tf.matmul(a, teacher_w))
    best = tf.reduce_max(teacher)

g2 = tf.Graph()
with g2.as_default():
    b = tf.placeholder(tf.float32, [None, 2], name='b')
    goal = tf.placeholder(tf.float32, [None, 1], name='goal')
    w = tf.get_variable('w', [2, 1], initializer=tf.zeros_initializer())
    student = tf.sigmoid(tf.matmul(b, w))
    loss = tf.reduce_mean(tf.square(student - goal))
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    init = tf.global_variables_initializer()

sess1 = tf.Session(graph=g1)
sess2 = tf.Session(graph=g2)
sess2.run(init)
rs = np.random.RandomState(4)
for i in range(10):
    points = rs.randn(20, 2)
    t, m = sess1.run([teacher, best], {a: points})
    _, l = sess2.run([step, loss], {b: points, goal: t})
    if i % 3 == 0:
        print('%d %.5f best %.4f' % (i, l, m))
print(sess2.run(w).ravel().round(4).tolist())
sess1.close()
sess2.close()
