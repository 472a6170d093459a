"""A siamese network: one scope object, reuse_variables, contrastive loss, saved step by step."""
import numpy as np
import tensorflow as tf

np.random.seed(13)
pairs = np.random.randn(80, 2, 10).astype(np.float32)
same = (np.random.rand(80) > 0.5).astype(np.float32)
pairs[same == 1, 1] = pairs[same == 1, 0] + 0.2 * np.random.randn(int(same.sum()), 10)


def fc_layer(bottom, n_weight, name):
    n_prev_weight = bottom.get_shape()[1]
    initer = tf.truncated_normal_initializer(stddev=0.1)
    W = tf.get_variable(name + 'W', dtype=tf.float32, shape=[n_prev_weight, n_weight], initializer=initer)
    b = tf.get_variable(name + 'b', dtype=tf.float32, initializer=tf.constant(0.01, shape=[n_weight], dtype=tf.float32))
    return tf.nn.bias_add(tf.matmul(bottom, W), b)


def network(x):
    fc1 = fc_layer(x, 16, "fc1")
    ac1 = tf.nn.relu(fc1)
    fc2 = fc_layer(ac1, 8, "fc2")
    return tf.nn.l2_normalize(fc2, 1)


x1 = tf.placeholder(tf.float32, [None, 10])
x2 = tf.placeholder(tf.float32, [None, 10])
with tf.variable_scope("siamese") as scope:
    o1 = network(x1)
    scope.reuse_variables()
    o2 = network(x2)

y_ = tf.placeholder(tf.float32, [None])


def loss_with_spring(o1, o2, labels):
    margin = 1.5
    labels_f = tf.subtract(1.0, labels, name="1-yi")
    eucd2 = tf.reduce_sum(tf.pow(tf.subtract(o1, o2), 2), 1)
    eucd = tf.sqrt(eucd2 + 1e-6, name="eucd")
    C = tf.constant(margin, name="C")
    pos = tf.multiply(labels, eucd2, name="yi_x_eucd2")
    neg = tf.multiply(labels_f, tf.pow(tf.maximum(tf.subtract(C, eucd), 0), 2), name="Nyi_x_C-eucd_xx_2")
    losses = tf.add(pos, neg, name="losses")
    return tf.reduce_mean(losses, name="loss")


loss = loss_with_spring(o1, o2, y_)
train_step = tf.train.GradientDescentOptimizer(0.05).minimize(loss)

sess = tf.InteractiveSession()
tf.initialize_all_variables().run()
for step in range(12):
    idx = np.arange(step % 4 * 20, step % 4 * 20 + 20)
    _, loss_v = sess.run([train_step, loss], feed_dict={x1: pairs[idx, 0], x2: pairs[idx, 1], y_: same[idx]})
    if np.isnan(loss_v):
        print('Model diverged with loss = NaN')
        quit()
    if step % 4 == 0:
        print('step %d: loss %.5f' % (step, loss_v))
print('embedding %.5f' % o1.eval({x1: pairs[:4, 0]}).sum())
