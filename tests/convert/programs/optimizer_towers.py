"""Two towers share their variables; their gradients are averaged."""
import numpy as np
import tensorflow as tf

NUM_TOWERS = 2
rs = np.random.RandomState(17)
X_np = rs.randn(64, 10)
Y_np = np.eye(3)[np.argmax(X_np[:, :3], axis=1)]


def net(x, reuse):
    with tf.variable_scope('net', reuse=reuse):
        h = tf.layers.dense(x, 16, activation=tf.nn.relu, name='h')
        return tf.layers.dense(h, 3, name='out')


def average_gradients(tower_grads):
    average_grads = []
    for grad_and_vars in zip(*tower_grads):
        # Note that each grad_and_vars looks like the following:
        #   ((grad0_tower0, var0_tower0), ... , (grad0_towerN, var0_towerN))
        grads = []
        for g, _ in grad_and_vars:
            grads.append(tf.expand_dims(g, 0))
        grad = tf.reduce_mean(tf.concat(grads, 0), 0)
        v = grad_and_vars[0][1]
        average_grads.append((grad, v))
    return average_grads


with tf.device('/cpu:0'):
    X = tf.placeholder(tf.float32, [None, 10])
    Y = tf.placeholder(tf.float32, [None, 3])
    optimizer = tf.train.AdamOptimizer(0.02)
    tower_grads = []
    losses = []
    x_parts = tf.split(X, NUM_TOWERS)
    y_parts = tf.split(Y, NUM_TOWERS)
    for t in range(NUM_TOWERS):
        with tf.device('/gpu:%d' % t), tf.name_scope('tower_%d' % t):
            logits = net(x_parts[t], reuse=t > 0)
            loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=y_parts[t]))
            losses.append(loss_op)
            tower_grads.append(optimizer.compute_gradients(loss_op))
            if t == 0:
                correct = tf.equal(tf.argmax(logits, 1), tf.argmax(y_parts[t], 1))
                accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    train_op = optimizer.apply_gradients(average_gradients(tower_grads))

with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(12):
        k = step % 2 * 32
        sess.run(train_op, {X: X_np[k:k + 32], Y: Y_np[k:k + 32]})
        if step % 4 == 3:
            ls, acc = sess.run([losses, accuracy], {X: X_np, Y: Y_np})
            print('step %d losses %s accuracy %.4f' % (step, ' '.join('%.5f' % l for l in ls), acc))
