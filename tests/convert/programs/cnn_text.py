"""A CNN over words: embedding, several filter sizes in a loop, max over time, dropout."""
import numpy as np
import tensorflow as tf

np.random.seed(45)
SEQ, VOCAB, EMB, CLASSES = 9, 30, 8, 2
FILTER_SIZES = [2, 3, 4]
NUM_FILTERS = 3

# a sentence is of class 1 if word 7 is followed by word 8
train_x = np.random.randint(1, VOCAB, (64, SEQ))
for k in range(0, 64, 2):
    p = np.random.randint(0, SEQ - 1)
    train_x[k, p:p + 2] = [7, 8]
train_y = np.eye(CLASSES)[[1 - k % 2 for k in range(64)]]

input_x = tf.placeholder(tf.int32, [None, SEQ], name="input_x")
input_y = tf.placeholder(tf.float32, [None, CLASSES], name="input_y")
dropout_keep_prob = tf.placeholder(tf.float32, name="dropout_keep_prob")
l2_loss = tf.constant(0.0)

with tf.device('/cpu:0'), tf.name_scope("embedding"):
    W = tf.Variable(tf.random_uniform([VOCAB, EMB], -1.0, 1.0), name="W")
    embedded_chars = tf.nn.embedding_lookup(W, input_x)
    embedded_chars_expanded = tf.expand_dims(embedded_chars, -1)

# Create a convolution + maxpool layer for each filter size
pooled_outputs = []
for i, filter_size in enumerate(FILTER_SIZES):
    with tf.name_scope("conv-maxpool-%s" % filter_size):
        filter_shape = [filter_size, EMB, 1, NUM_FILTERS]
        W = tf.Variable(tf.truncated_normal(filter_shape, stddev=0.1), name="W")
        b = tf.Variable(tf.constant(0.1, shape=[NUM_FILTERS]), name="b")
        conv = tf.nn.conv2d(embedded_chars_expanded, W, strides=[1, 1, 1, 1], padding="VALID", name="conv")
        h = tf.nn.relu(tf.nn.bias_add(conv, b), name="relu")
        pooled = tf.nn.max_pool(h, ksize=[1, SEQ - filter_size + 1, 1, 1], strides=[1, 1, 1, 1],
                                padding='VALID', name="pool")
        pooled_outputs.append(pooled)

# Combine all the pooled features
num_filters_total = NUM_FILTERS * len(FILTER_SIZES)
h_pool = tf.concat(pooled_outputs, 3)
h_pool_flat = tf.reshape(h_pool, [-1, num_filters_total])

with tf.name_scope("dropout"):
    h_drop = tf.nn.dropout(h_pool_flat, dropout_keep_prob)

with tf.name_scope("output"):
    W = tf.get_variable("W", shape=[num_filters_total, CLASSES],
                        initializer=tf.contrib.layers.xavier_initializer())
    b = tf.Variable(tf.constant(0.1, shape=[CLASSES]), name="b")
    l2_loss += tf.nn.l2_loss(W)
    l2_loss += tf.nn.l2_loss(b)
    scores = tf.nn.xw_plus_b(h_drop, W, b, name="scores")
    predictions = tf.argmax(scores, 1, name="predictions")

losses = tf.nn.softmax_cross_entropy_with_logits(logits=scores, labels=input_y)
loss = tf.reduce_mean(losses) + 0.01 * l2_loss
accuracy = tf.reduce_mean(tf.cast(tf.equal(predictions, tf.argmax(input_y, 1)), "float"), name="accuracy")

global_step = tf.Variable(0, name="global_step", trainable=False)
optimizer = tf.train.AdamOptimizer(1e-2)
grads_and_vars = optimizer.compute_gradients(loss)
train_op = optimizer.apply_gradients(grads_and_vars, global_step=global_step)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())

    def train_step(x_batch, y_batch):
        """A single training step"""
        feed_dict = {input_x: x_batch, input_y: y_batch, dropout_keep_prob: 0.8}
        _, step = sess.run([train_op, global_step], feed_dict)
        return step

    def dev_step(x_batch, y_batch):
        feed_dict = {input_x: x_batch, input_y: y_batch, dropout_keep_prob: 1.0}
        step, l, acc = sess.run([global_step, loss, accuracy], feed_dict)
        print("step {}, loss {:.5f}, acc {:.3f}".format(step, l, acc))

    for epoch in range(3):
        for k in range(0, 64, 16):
            train_step(train_x[k:k + 16], train_y[k:k + 16])
        dev_step(train_x, train_y)
    print("scores %.5f" % np.abs(sess.run(scores, {input_x: train_x[:4], dropout_keep_prob: 1.0})).sum())
