"""One iterator, two datasets: training and validation in turn, with shuffle of a
fixed order, filter, padded map and OutOfRangeError."""
import numpy as np
import tensorflow as tf

BATCH = 10
rs = np.random.RandomState(97)
train_x = rs.randn(45, 4).astype(np.float32)
train_y = (train_x[:, 0] - train_x[:, 3] > 0).astype(np.int32)
valid_x = rs.randn(20, 4).astype(np.float32)
valid_y = (valid_x[:, 0] - valid_x[:, 3] > 0).astype(np.int32)


def scale(x, y):
    return x * 0.5, y


train_data = tf.data.Dataset.from_tensor_slices((train_x, train_y)).map(scale).batch(BATCH)
valid_data = tf.data.Dataset.from_tensor_slices((valid_x, valid_y)).map(scale)
valid_data = valid_data.filter(lambda x, y: tf.less(tf.reduce_max(x), 1.0)).batch(BATCH)

iterator = tf.data.Iterator.from_structure(train_data.output_types, train_data.output_shapes)
features, labels = iterator.get_next()
train_init = iterator.make_initializer(train_data)
valid_init = iterator.make_initializer(valid_data)

w = tf.get_variable('w', [4, 2], initializer=tf.random_normal_initializer(0, 0.01))
b = tf.get_variable('b', [2], initializer=tf.zeros_initializer())
logits = tf.matmul(features, w) + b
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
optimizer = tf.train.AdamOptimizer(0.1).minimize(loss)
correct = tf.reduce_sum(tf.cast(tf.equal(tf.argmax(logits, 1, output_type=tf.int32), labels), tf.float32))
n = tf.shape(labels)[0]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(3):
        # train
        sess.run(train_init)
        total_loss = 0
        n_batches = 0
        try:
            while True:
                _, l = sess.run([optimizer, loss])
                total_loss += l
                n_batches += 1
        except tf.errors.OutOfRangeError:
            pass
        print('Average loss epoch {0}: {1:.5f} ({2} batches)'.format(epoch, total_loss / n_batches, n_batches))

        # validate
        sess.run(valid_init)
        right, seen = 0, 0
        while True:
            try:
                r, k = sess.run([correct, n])
            except tf.errors.OutOfRangeError:
                break
            right += r
            seen += k
        print('Accuracy {0:.3f} of {1}'.format(right / seen, seen))
