"""An MLP trained with Adam on minibatches."""

import numpy as np
import tensorflow as tf

STEPS, BATCH = 40, 16


def dense(x, n_in, n_out, name):
    with tf.variable_scope(name):
        w = tf.get_variable("w", [n_in, n_out])
        b = tf.get_variable("b", [n_out], initializer=tf.zeros_initializer())
    return tf.matmul(x, w) + b


x = tf.placeholder(tf.float32, [None, 6], name="x")
y = tf.placeholder(tf.int32, [None], name="y")
hidden = tf.nn.relu(dense(x, 6, 12, "hidden"))
logits = dense(hidden, 12, 3, "logits")
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
train = tf.train.AdamOptimizer(0.01).minimize(loss)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), y), tf.float32))

inputs = np.random.randn(64, 6).astype(np.float32)
labels = np.argmax(inputs[:, :3], 1)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for step in range(STEPS):
    rows = np.random.permutation(64)[:BATCH]
    _, value = sess.run([train, loss], feed_dict={x: inputs[rows], y: labels[rows]})
    if step % 10 == 0:
        print("step %d loss %.4f" % (step, value))
print("accuracy", sess.run(accuracy, {x: inputs, y: labels}))
print("weights", sess.run(tf.reduce_sum(tf.square(tf.trainable_variables()[0]))))
sess.close()
