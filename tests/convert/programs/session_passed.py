"""The session is an argument of helper functions."""
import tensorflow as tf
import numpy as np

FEATURES = 4


def batches(data, size):
    for start in range(0, len(data[0]), size):
        yield data[0][start:start + size], data[1][start:start + size]


def train_epoch(sess, train_op, loss, x, y, data, size=16):
    """Runs one epoch, returns the mean loss."""
    losses = []
    for bx, by in batches(data, size):
        _, value = sess.run([train_op, loss], feed_dict={x: bx, y: by})
        losses.append(value)
    return np.mean(losses)


def evaluate(session, accuracy, x, y, data):
    return session.run(accuracy, {x: data[0], y: data[1]})


def show(sess, variables):
    for v, value in zip(variables, sess.run(variables)):
        print("  %s %.5f" % (v.op.name, value.sum()))


rng = np.random.RandomState(90)
points = rng.randn(96, FEATURES)
classes = (points.prod(axis=1) > 0).astype(np.int32)
train_set = points[:64], classes[:64]
test_set = points[64:], classes[64:]

x = tf.placeholder(tf.float32, [None, FEATURES])
y = tf.placeholder(tf.int32, [None])

with tf.variable_scope("hidden"):
    W1 = tf.get_variable("W", [FEATURES, 16], initializer=tf.random_normal_initializer(stddev=0.5))
    b1 = tf.get_variable("b", [16], initializer=tf.zeros_initializer())
    h = tf.nn.relu(tf.matmul(x, W1) + b1)
with tf.variable_scope("softmax"):
    W2 = tf.get_variable("W", [16, 2], initializer=tf.random_normal_initializer(stddev=0.5))
    logits = tf.matmul(h, W2)

loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
train_op = tf.train.AdamOptimizer(0.01).minimize(loss)
accuracy = tf.reduce_mean(tf.cast(tf.nn.in_top_k(logits, y, 1), tf.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(4):
        l = train_epoch(sess, train_op, loss, x, y, train_set)
        a = evaluate(sess, accuracy, x, y, test_set)
        print("epoch %d: loss %.5f, accuracy %.4f" % (epoch, l, a))
    show(sess, [W1, b1, W2])
