"""Two datasets, one iterator: initialised for training and validation in turn in each epoch."""
import numpy as np
import tensorflow as tf

BATCH_SIZE = 8
EPOCHS = 3


def generate(n, seed):
    rs = np.random.RandomState(seed)
    x = rs.randn(n, 4).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int32)
    return x, y


def preprocess(x, y):
    return x * 2.0, tf.one_hot(y, 2)


train_data = generate(40, 1)
valid_data = generate(16, 2)

with tf.device('/cpu:0'):
    train_dataset = tf.data.Dataset.from_tensor_slices(train_data).map(preprocess).batch(BATCH_SIZE)
    valid_dataset = tf.data.Dataset.from_tensor_slices(valid_data).map(preprocess).batch(BATCH_SIZE)
    iterator = tf.data.Iterator.from_structure(train_dataset.output_types, train_dataset.output_shapes)
    next_batch = iterator.get_next()
    training_init_op = iterator.make_initializer(train_dataset)
    validation_init_op = iterator.make_initializer(valid_dataset)

keep_prob = tf.placeholder_with_default(1.0, shape=())
x, y = next_batch
h = tf.layers.dense(x, 16, activation=tf.nn.tanh, kernel_initializer=tf.glorot_uniform_initializer())
h = tf.nn.dropout(h, keep_prob)
score = tf.layers.dense(h, 2)
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(logits=score, labels=y))
train_op = tf.train.AdamOptimizer(0.02).minimize(loss)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(score, 1), tf.argmax(y, 1)), tf.float32))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(EPOCHS):
        # Initialize iterator with the training dataset
        sess.run(training_init_op)
        total, batches = 0.0, 0
        while True:
            try:
                _, l = sess.run([train_op, loss], feed_dict={keep_prob: 1.0})
                total += l
                batches += 1
            except tf.errors.OutOfRangeError:
                break
        print('Epoch %d train loss %.5f' % (epoch + 1, total / batches))
        # Then with the validation dataset
        sess.run(validation_init_op)
        accs = []
        try:
            while True:
                accs.append(sess.run(accuracy))
        except tf.errors.OutOfRangeError:
            pass
        print('Validation Accuracy = {:.4f}'.format(np.mean(accs)))
