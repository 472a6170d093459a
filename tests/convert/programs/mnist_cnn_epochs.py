"""A CNN on MNIST with epochs, num_examples, validation images and class numbers.

Needs the MNIST files in MNIST_data/, or a stub of tensorflow.examples.tutorials.mnist.
"""
import tensorflow as tf
import tensorflow.examples.tutorials.mnist.input_data as input_data

mnist = input_data.read_data_sets('MNIST_data/', one_hot=False, validation_size=200)

BATCH = 100
EPOCHS = 2
MAX_BATCHES = 4      # of each epoch

x = tf.placeholder(tf.float32, [None, 784])
y = tf.placeholder(tf.int64, [None])
keep_prob = tf.placeholder(tf.float32)


def weight_variable(shape):
    initial = tf.truncated_normal(shape, stddev=0.1)
    return tf.Variable(initial)


def bias_variable(shape):
    initial = tf.constant(0.1, shape=shape)
    return tf.Variable(initial)


x_image = tf.reshape(x, [-1, 28, 28, 1])
W_conv1 = weight_variable([5, 5, 1, 6])
b_conv1 = bias_variable([6])
h_conv1 = tf.nn.relu(tf.nn.conv2d(x_image, W_conv1, strides=[1, 2, 2, 1], padding='SAME') + b_conv1)
h_pool1 = tf.nn.max_pool(h_conv1, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')
h_flat = tf.reshape(h_pool1, [-1, 7 * 7 * 6])
h_drop = tf.nn.dropout(h_flat, keep_prob)
W_fc = weight_variable([7 * 7 * 6, 10])
b_fc = bias_variable([10])
logits = tf.matmul(h_drop, W_fc) + b_fc

loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
train_step = tf.train.AdamOptimizer(1e-3).minimize(loss)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))

print(mnist.train.num_examples > 1000, mnist.validation.num_examples)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(EPOCHS):
        total_batch = min(MAX_BATCHES, int(mnist.train.num_examples / BATCH))
        avg = 0.
        for i in range(total_batch):
            batch = mnist.train.next_batch(BATCH)
            _, c = sess.run([train_step, loss], feed_dict={x: batch[0], y: batch[1], keep_prob: 0.7})
            avg += c / total_batch
        acc = sess.run(accuracy, feed_dict={x: mnist.validation.images, y: mnist.validation.labels,
                                            keep_prob: 1.0})
        print('epoch %d loss %.5f validation %.4f' % (epoch, avg, acc))
    print('completed', mnist.train.epochs_completed)
