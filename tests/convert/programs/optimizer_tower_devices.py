"""Towers on devices that a function chooses, each with an optimizer for its gradients; a named flag of the session."""
import numpy as np
import tensorflow as tf

N_TOWERS = 2
BATCH = 16
soft_placement = True
# variables stay with the parameter server, all else goes to the tower
PS_OPS = ['Variable', 'VariableV2', 'AutoReloadVariable']
rs = np.random.RandomState(23)
data = rs.randn(128, 5)
target = np.eye(2)[(data[:, 0] * data[:, 1] > 0).astype(int)]


def assign_to_device(worker, ps_device='/cpu:0'):
    def _assign(op):
        node_def = op if isinstance(op, tf.NodeDef) else op.node_def
        if node_def.op in PS_OPS:
            return ps_device
        return worker

    return _assign


def net(x, reuse):
    with tf.variable_scope('net', reuse=reuse):
        h = tf.layers.dense(x, 12, activation=tf.nn.tanh)
        h = tf.layers.dense(h, 8, activation=tf.nn.tanh)
        return tf.layers.dense(h, 2)


def mean_gradients(tower_grads):
    averaged = []
    for pairs in zip(*tower_grads):
        stacked = tf.concat([tf.expand_dims(g, 0) for g, _ in pairs], 0)
        averaged.append((tf.reduce_mean(stacked, 0), pairs[0][1]))
    return averaged


with tf.device('/cpu:0'):
    X = tf.placeholder(tf.float32, [None, 5])
    Y = tf.placeholder(tf.float32, [None, 2])
    tower_grads = []
    reuse_vars = False
    for i in range(N_TOWERS):
        with tf.device(assign_to_device('/gpu:{}'.format(i), ps_device='/cpu:0')):
            part_x = X[i * BATCH:(i + 1) * BATCH]
            part_y = Y[i * BATCH:(i + 1) * BATCH]
            logits = net(part_x, reuse_vars)
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=part_y))
            # each tower makes one, the last of them moves the variables
            optimizer = tf.train.AdamOptimizer(learning_rate=0.03)
            tower_grads.append(optimizer.compute_gradients(loss))
            if i == 0:
                hits = tf.equal(tf.argmax(logits, 1), tf.argmax(part_y, 1))
                accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
            reuse_vars = True
    train_op = optimizer.apply_gradients(mean_gradients(tower_grads))

with tf.Session(config=tf.ConfigProto(allow_soft_placement=soft_placement)) as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(20):
        k = step % 4 * 32
        sess.run(train_op, feed_dict={X: data[k:k + 32], Y: target[k:k + 32]})
        if step % 5 == 4:
            l, acc = sess.run([loss, accuracy], feed_dict={X: data[:32], Y: target[:32]})
            print('step %d: loss of the last tower %.5f, accuracy of the first %.4f' % (step, l, acc))
