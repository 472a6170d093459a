"""One feed dict is built before the loop and changed inside it."""
import tensorflow as tf
import numpy as np

rs = np.random.RandomState(20)
X_train = rs.randn(60, 7)
coef = rs.randn(7, 1)
y_train = X_train @ coef + 0.1 * rs.randn(60, 1)
X_val = rs.randn(20, 7)
y_val = X_val @ coef

x_ = tf.placeholder(tf.float32, shape=[None, 7])
y_ = tf.placeholder(tf.float32, shape=[None, 1])
keep = tf.placeholder(tf.float32, shape=())
scale = tf.placeholder(tf.float32)  # weight of the penalty

dropped = tf.nn.dropout(x_, keep_prob=keep)
theta = tf.Variable(tf.random_normal([7, 1], stddev=0.01), name="theta")
bias = tf.Variable(0.0, name="bias")
y_pred = tf.matmul(dropped, theta, name="predictions") + bias
error = y_pred - y_
mse = tf.reduce_mean(tf.square(error), name="mse")
penalty = scale * tf.nn.l2_loss(theta)
total = mse + penalty
training_op = tf.train.MomentumOptimizer(learning_rate=0.05, momentum=0.8).minimize(total)

train_feed = {x_: X_train, y_: y_train, keep: 1.0, scale: 0.01}
val_feed = {x_: X_val, y_: y_val, keep: 1.0, scale: 0.0}

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(20):
        if step == 10:
            # now stronger regularization
            train_feed[scale] = 0.1
        sess.run(training_op, train_feed)
        if step % 5 == 0:
            print(step, "train %.5f" % sess.run(total, train_feed), "val %.5f" % sess.run(mse, val_feed))

    val_feed.update({keep: 0.9})
    noisy = np.mean([sess.run(mse, feed_dict=val_feed) for _ in range(5)])
    print("noisy is worse:", noisy > sess.run(mse, feed_dict={**val_feed, keep: 1.0}))
    # predictions need neither labels nor scale
    out = sess.run(y_pred, {x_: X_val[:3], keep: 1})
    print("predictions", np.round(out.ravel(), 4).tolist())
    print("bias %.5f" % bias.eval(), "theta %.5f" % theta.eval().sum())
