"""Transfer learning: pretraining, then a new head with a smaller rate for the body; frozen variables are read before and after."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(14)
x_np = rs.randn(60, 9).astype(np.float32)
y_np = (x_np[:, :1] * x_np[:, 1:2] > 0).astype(np.float32)

x = tf.placeholder(tf.float32, shape=(None, 9), name='x')
y = tf.placeholder(tf.float32, shape=(None, 1), name='y')
training = tf.placeholder_with_default(False, shape=(), name='training')

with tf.name_scope('dnn'):
    hidden1 = tf.layers.dense(x, 14, activation=tf.nn.elu, name='hidden1')
    hidden1_drop = tf.layers.dropout(hidden1, 0.0, training=training)
    hidden2 = tf.layers.dense(hidden1_drop, 8, activation=tf.nn.elu, name='hidden2')
    logits = tf.layers.dense(hidden2, 1, name='outputs')

with tf.name_scope('loss'):
    xentropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
    loss = tf.reduce_mean(xentropy, name='loss')

with tf.name_scope('train'):
    optimizer = tf.train.MomentumOptimizer(0.1, momentum=0.9, use_nesterov=True)
    train_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='hidden[2]|outputs')
    training_op = optimizer.minimize(loss, var_list=train_vars)
    train_all = tf.train.GradientDescentOptimizer(0.05).minimize(loss)

init = tf.global_variables_initializer()
with tf.Session() as sess:
    init.run()
    before = {v.op.name: v.eval() for v in tf.trainable_variables()}
    for epoch in range(6):
        sess.run(training_op, feed_dict={x: x_np, y: y_np, training: True})
    after = {v.op.name: v.eval() for v in tf.trainable_variables()}
    for name in sorted(before):
        print(name, 'moved' if np.abs(before[name] - after[name]).max() > 0 else 'frozen')
    for epoch in range(3):
        sess.run(train_all, feed_dict={x: x_np, y: y_np})
    print('loss %.6f' % loss.eval(feed_dict={x: x_np, y: y_np}))
    with tf.variable_scope('', reuse=True):
        kernel = tf.get_variable('hidden1/kernel')
    print('kernel %.5f' % kernel.eval().sum())
