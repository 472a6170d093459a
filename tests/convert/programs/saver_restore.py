"""Save a trained line, then restore it in a second session."""
import os
import shutil

import numpy as np
import tensorflow as tf

MODEL_DIR = 'saver_restore_model'
if not os.path.isdir(MODEL_DIR):
    os.makedirs(MODEL_DIR)
model_path = os.path.join(MODEL_DIR, "model.ckpt")

r = np.random.RandomState(5)
xs = r.rand(40, 2)
ys = xs.dot([[2.0], [-1.0]]) + 0.5

x = tf.placeholder("float", [None, 2])
y = tf.placeholder("float", [None, 1])
w = tf.Variable(tf.random_normal([2, 1]), name="w")
b = tf.Variable(tf.zeros([1]), name="b")
pred = tf.matmul(x, w) + b
cost = tf.reduce_mean(tf.square(pred - y))
optimizer = tf.train.AdamOptimizer(learning_rate=0.1).minimize(cost)

# Initialize the variables (i.e. assign their default value)
init = tf.global_variables_initializer()

# 'Saver' op to save and restore all the variables
saver = tf.train.Saver()

# Running first session
print("Starting 1st session...")
with tf.Session() as sess:
    sess.run(init)
    for epoch in range(5):
        _, c = sess.run([optimizer, cost], feed_dict={x: xs, y: ys})
        print("Epoch: %d cost= %.6f" % (epoch + 1, c))
    # Save model weights to disk
    save_path = saver.save(sess, model_path)
    print("Model saved in file: %s" % os.path.basename(save_path))

# Running a new session
print("Starting 2nd session...")
with tf.Session() as sess:
    # Initialize variables
    sess.run(init)

    # Restore model weights from previously saved model
    saver.restore(sess, model_path)
    print("Restored cost= %.6f" % cost.eval({x: xs, y: ys}))

    # Resume training
    for epoch in range(5):
        _, c = sess.run([optimizer, cost], feed_dict={x: xs, y: ys})
        print("Epoch: %d cost= %.6f" % (epoch + 6, c))
    print("w= %.5f %.5f b= %.5f" % (sess.run(w)[0, 0], sess.run(w)[1, 0], sess.run(b)[0]))

shutil.rmtree(MODEL_DIR)
