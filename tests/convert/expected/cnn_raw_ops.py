"""A convolutional network from raw operations.

Tells images with a horizontal bar from images with a vertical bar.
"""
import numpy as np
import tensorflow as tf

np.random.seed(5)


def make_images(n):
    images = np.random.rand(n, 12, 12) * 0.6
    kinds = np.arange(n) % 2
    for i in range(n):
        pos = np.random.randint(1, 11)
        if kinds[i] == 0:
            images[i, pos, 2:10] += 0.5
        else:
            images[i, 2:10, pos] += 0.5
    return images.reshape(n, 144).astype(np.float32), np.eye(2)[kinds]


images, labels = make_images(64)
test_images, test_labels = make_images(20)

# Training Parameters
learning_rate = 0.005
num_steps = 10
batch_size = 16
dropout = 0.75  # probability to keep units


# Create some wrappers for simplicity
def conv2d(x, W, b, strides=1):
    # Conv2D wrapper, with bias and relu activation
    x = tf.nn.conv2d(x, W, strides=[1, strides, strides, 1], padding='SAME')
    x = tf.nn.bias_add(x, b)
    return tf.nn.relu(x)


def maxpool2d(x, k=2):
    return tf.nn.max_pool(x, ksize=[1, k, k, 1], strides=[1, k, k, 1],
                          padding='SAME')


def conv_net(x, weights, biases, keep):
    # 12 x 12 pixels, one channel
    x = tf.reshape(x, shape=[-1, 12, 12, 1])

    # Convolution and pooling, twice
    conv1 = conv2d(x, weights['wc1'], biases['bc1'])
    conv1 = maxpool2d(conv1, k=2)
    conv2 = conv2d(conv1, weights['wc2'], biases['bc2'])
    conv2 = maxpool2d(conv2, k=2)

    # Fully connected layer
    fc1 = tf.reshape(conv2, [-1, weights['wd1'].shape.as_list()[0]])
    fc1 = tf.add(tf.matmul(fc1, weights['wd1']), biases['bd1'])
    fc1 = tf.nn.relu(fc1)
    fc1 = tf.nn.dropout(fc1, rate=1 - keep)

    # Output, class prediction
    out = tf.add(tf.matmul(fc1, weights['out']), biases['out'])
    return out


weights = {
    # 3x3 conv, 1 input, 4 outputs
    'wc1': tf.Variable(tf.random.normal([3, 3, 1, 4], stddev=0.3)),
    # 3x3 conv, 4 inputs, 6 outputs
    'wc2': tf.Variable(tf.random.normal([3, 3, 4, 6], stddev=0.3)),
    # fully connected, 3*3*6 inputs
    'wd1': tf.Variable(tf.random.normal([3*3*6, 10], stddev=0.3)),
    'out': tf.Variable(tf.random.normal([10, 2], stddev=0.3))
}

biases = {
    'bc1': tf.Variable(tf.random.normal([4], stddev=0.1)),
    'bc2': tf.Variable(tf.random.normal([6], stddev=0.1)),
    'bd1': tf.Variable(tf.random.normal([10], stddev=0.1)),
    'out': tf.Variable(tf.random.normal([2], stddev=0.1))
}


@tf.function(input_signature=[
    tf.TensorSpec([None, 144], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_prediction(X, keep_prob):
    # Construct model
    logits = conv_net(X, weights, biases, keep_prob)
    prediction = tf.nn.softmax(logits)
    return prediction


optimizer = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 144], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def train_step(X, Y, keep_prob):
    with tf.GradientTape() as tape:
        # Construct model
        logits = conv_net(X, weights, biases, keep_prob)
        # Define loss and optimizer
        loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
            logits=logits, labels=Y))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss_op, variables)
    optimizer.apply_gradients(zip(gradients, variables))


@tf.function(input_signature=[
    tf.TensorSpec([None, 144], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_loss_op_and_accuracy(X, Y, keep_prob):
    # Construct model
    logits = conv_net(X, weights, biases, keep_prob)
    prediction = tf.nn.softmax(logits)
    # Define loss and optimizer
    loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
        logits=logits, labels=Y))
    # Evaluate model
    correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return loss_op, accuracy


@tf.function(input_signature=[
    tf.TensorSpec([None, 144], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_accuracy(X, Y, keep_prob):
    # Construct model
    logits = conv_net(X, weights, biases, keep_prob)
    prediction = tf.nn.softmax(logits)
    # Evaluate model
    correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return accuracy


# Start training
for step in range(1, num_steps + 1):
    start = (step - 1) * batch_size % 64
    batch_x = images[start:start + batch_size]
    batch_y = labels[start:start + batch_size]
    train_step(X=batch_x, Y=batch_y, keep_prob=dropout)
    if step % 5 == 0 or step == 1:
        # no dropout when measuring
        loss, acc = (value.numpy() for value in compute_loss_op_and_accuracy(X=batch_x, Y=batch_y, keep_prob=1.0))
        print("Step %d, loss = %.4f, accuracy = %.3f" % (step, loss, acc))

# Calculate accuracy for 20 test images
print("Testing accuracy: %.3f" %
      compute_accuracy(X=test_images, Y=test_labels, keep_prob=1.0).numpy())
probs = compute_prediction(X=test_images[:4], keep_prob=1.).numpy()
print("Probabilities:", ", ".join("%.4f" % p for p in probs[:, 0]))
