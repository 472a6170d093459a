"""get_or_create_global_step, momentum with a decayed rate, the step is printed."""
import tensorflow as tf
import numpy as np

BATCH_SIZE = 10
TRAIN_SIZE = 60
np.random.seed(100)
train_data = np.random.randn(TRAIN_SIZE, 8).astype(np.float32)
train_labels = np.argmax(train_data[:, :3], axis=1)

global_step = tf.train.get_or_create_global_step()
images = tf.placeholder(tf.float32, [None, 8])
labels = tf.placeholder(tf.int64, [None])

fc1_weights = tf.Variable(tf.truncated_normal([8, 12], stddev=0.1), name='fc1_w')
fc1_biases = tf.Variable(tf.constant(0.1, shape=[12]), name='fc1_b')
fc2_weights = tf.Variable(tf.truncated_normal([12, 3], stddev=0.1), name='fc2_w')
fc2_biases = tf.Variable(tf.constant(0.1, shape=[3]), name='fc2_b')


def model(data):
    hidden = tf.nn.relu(tf.matmul(data, fc1_weights) + fc1_biases)
    return tf.matmul(hidden, fc2_weights) + fc2_biases


logits = model(images)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
    labels=labels, logits=logits))

# L2 regularization for the fully connected parameters.
regularizers = (tf.nn.l2_loss(fc1_weights) + tf.nn.l2_loss(fc1_biases) +
                tf.nn.l2_loss(fc2_weights) + tf.nn.l2_loss(fc2_biases))
# Add the regularization term to the loss.
loss += 5e-4 * regularizers

# Decay once per epoch, using an exponential schedule
learning_rate = tf.train.exponential_decay(
    0.2,                        # Base learning rate.
    global_step * BATCH_SIZE,   # Current index into the dataset.
    TRAIN_SIZE,                 # Decay step.
    0.8,                        # Decay rate.
    staircase=True)
# Use simple momentum for the optimization.
optimizer = tf.train.MomentumOptimizer(learning_rate, 0.9).minimize(loss, global_step=global_step)

prediction = tf.nn.softmax(logits)

with tf.Session() as sess:
    tf.global_variables_initializer().run()
    while True:
        step = tf.train.global_step(sess, global_step)
        if step >= 24:
            break
        offset = (step * BATCH_SIZE) % (TRAIN_SIZE - BATCH_SIZE)
        feed_dict = {images: train_data[offset:(offset + BATCH_SIZE)],
                     labels: train_labels[offset:(offset + BATCH_SIZE)]}
        sess.run(optimizer, feed_dict=feed_dict)
        if step % 6 == 0:
            l, lr, predictions = sess.run([loss, learning_rate, prediction], feed_dict=feed_dict)
            print('Step %d (epoch %.2f)' % (step, float(step) * BATCH_SIZE / TRAIN_SIZE))
            print('Minibatch loss: %.4f, learning rate: %.6f' % (l, lr))
            print('Minibatch error: %.1f%%' % (100.0 * np.mean(np.argmax(predictions, 1) != feed_dict[labels])))
    print('global step', sess.run(global_step))
    print('Final loss: %.5f' % sess.run(loss, {images: train_data, labels: train_labels}))
