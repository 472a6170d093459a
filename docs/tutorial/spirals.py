"""Two spirals, told apart by a small network: a TensorFlow 1 program of 2018."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(7)
turns = rng.uniform(0.5, 3.0, size=512)
labels = (np.arange(512) % 2).astype(np.int32)
angles = 2 * np.pi * turns + np.pi * labels
points = np.stack([turns * np.cos(angles), turns * np.sin(angles)], axis=1)

inputs = tf.placeholder(tf.float32, [None, 2], name="inputs")
targets = tf.placeholder(tf.int32, [None], name="targets")
keep_prob = tf.placeholder(tf.float32, name="keep_prob")

w1 = tf.get_variable("w1", [2, 32], initializer=tf.contrib.layers.xavier_initializer())
b1 = tf.get_variable("b1", [32], initializer=tf.zeros_initializer())
w2 = tf.get_variable("w2", [32, 2], initializer=tf.contrib.layers.xavier_initializer())
b2 = tf.get_variable("b2", [2], initializer=tf.zeros_initializer())
hidden = tf.nn.dropout(tf.nn.relu(tf.nn.xw_plus_b(inputs, w1, b1)), keep_prob)
logits = tf.nn.xw_plus_b(hidden, w2, b2)

loss = tf.losses.sparse_softmax_cross_entropy(targets, logits)
correct = tf.equal(tf.argmax(logits, 1), tf.to_int64(targets))
accuracy = tf.reduce_mean(tf.to_float(correct))
train = tf.train.AdamOptimizer(0.01).minimize(loss)

tf.summary.scalar("loss", loss)
merged = tf.summary.merge_all()
saver = tf.train.Saver()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    writer = tf.summary.FileWriter("logs")
    for step in range(200):
        batch = rng.choice(512, 64)
        feed = {inputs: points[batch], targets: labels[batch], keep_prob: 0.9}
        _, value, summary = sess.run([train, loss, merged], feed_dict=feed)
        writer.add_summary(summary, step)
        if step % 50 == 0:
            print("step %d: loss %.3f" % (step, value))
    writer.close()
    print("accuracy %.3f" % sess.run(accuracy, {inputs: points, targets: labels, keep_prob: 1.0}))
    saver.save(sess, "model/spirals.ckpt")
