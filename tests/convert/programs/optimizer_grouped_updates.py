"""Two nets that share a head: gradients of the shared part are halved, and one group runs both updates."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(9)
left = rs.uniform(-1, 1, (60, 4))
right = left[:, ::-1] + 0.05 * rs.randn(60, 4)
goal = np.tanh(left.sum(1, keepdims=True))

a = tf.placeholder(tf.float32, [None, 4])
b = tf.placeholder(tf.float32, [None, 4])
t = tf.placeholder(tf.float32, [None, 1])


def weight(rows, columns):
    return tf.Variable(tf.random_normal([rows, columns], stddev=1. / np.sqrt(rows)), use_resource=True)


Wa, Wb = weight(4, 6), weight(4, 6)
W_head = weight(6, 1)
b_head = tf.Variable(tf.zeros([1]), use_resource=True)


def head(h):
    return tf.matmul(h, W_head) + b_head


loss_a = tf.reduce_mean(tf.square(head(tf.nn.tanh(tf.matmul(a, Wa))) - t))
loss_b = tf.reduce_mean(tf.square(head(tf.nn.tanh(tf.matmul(b, Wb))) - t))
total = loss_a + loss_b

opt = tf.train.AdamOptimizer(0.02)
own_gv = opt.compute_gradients(total, [Wa, Wb])
shared_gv = opt.compute_gradients(total, [W_head, b_head])
shared_gv = [(0.5 * g, v) for g, v in shared_gv]
solver = tf.group(opt.apply_gradients(own_gv), opt.apply_gradients(shared_gv))

# two train ops under names, which one group runs
shrink = tf.train.GradientDescentOptimizer(0.01).minimize(tf.nn.l2_loss(W_head), var_list=[W_head])
counter = tf.Variable(0, trainable=False)
count = tf.assign_add(counter, 1)
tidy = tf.group(shrink, count)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(15):
        rows = slice(step % 3 * 20, step % 3 * 20 + 20)
        _, la, lb = sess.run([solver, loss_a, loss_b], {a: left[rows], b: right[rows], t: goal[rows]})
        if step % 5 == 4:
            sess.run(tidy)
            print('step %2d: %.5f %.5f' % (step, la, lb))
    print('%d times tidied, head %.5f' % (sess.run(counter), sess.run(tf.reduce_sum(tf.abs(W_head)))))
