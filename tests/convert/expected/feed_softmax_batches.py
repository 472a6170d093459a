"""Softmax regression on three kinds of flowers, in mini batches.

The last batch of an epoch is smaller than the others.
"""
import numpy as np
import tensorflow as tf

np.random.seed(11)

N = 110
CLASSES = 3
FEATURES = 6

# three clouds of points
centers = np.random.randn(CLASSES, FEATURES) * 1.5
labels = np.arange(N) % CLASSES
data = centers[labels] + np.random.randn(N, FEATURES)
one_hot = np.eye(CLASSES)[labels]

# Parameters
learning_rate = 0.1
training_epochs = 6
batch_size = 32


# Set model weights
W = tf.Variable(tf.random.truncated_normal([FEATURES, CLASSES], stddev=0.1))
b = tf.Variable(tf.zeros([CLASSES]))


@tf.function(input_signature=[
    tf.TensorSpec([None, FEATURES], tf.float32),
])
def compute_pred(x):
    # Construct model
    pred = tf.nn.softmax(tf.matmul(x, W) + b)  # Softmax
    return pred


optimizer = tf.keras.optimizers.SGD(learning_rate)


@tf.function(input_signature=[
    tf.TensorSpec([None, FEATURES], tf.float32),
    tf.TensorSpec([None, CLASSES], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        # Construct model
        pred = tf.nn.softmax(tf.matmul(x, W) + b)  # Softmax
        # Minimize error using cross entropy
        cost = tf.reduce_mean(-tf.reduce_sum(y*tf.math.log(pred), axis=1))
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return cost


# Training cycle
for epoch in range(training_epochs):
    avg_cost = 0.
    total_batch = int(np.ceil(N / float(batch_size)))
    # Loop over all batches
    for i in range(total_batch):
        batch_xs = data[i * batch_size:(i + 1) * batch_size]
        batch_ys = one_hot[i * batch_size:(i + 1) * batch_size]
        # Run optimization op (backprop) and cost op (to get loss value)
        c = train_step(x=batch_xs, y=batch_ys).numpy()
        # Compute average loss
        avg_cost += c / total_batch
    # Display logs per epoch step
    print("Epoch:", '%04d' % (epoch+1), "cost=", "{:.6f}".format(avg_cost))

print("Optimization Finished!")


@tf.function(input_signature=[
    tf.TensorSpec([None, FEATURES], tf.float32),
    tf.TensorSpec([None, CLASSES], tf.float32),
])
def compute_accuracy(x, y):
    # Construct model
    pred = tf.nn.softmax(tf.matmul(x, W) + b)  # Softmax
    # Test model
    correct_prediction = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
    # Calculate accuracy
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
    return accuracy


print("Accuracy: %.4f" % compute_accuracy(x=data, y=one_hot).numpy())
print("First rows:")
for row in compute_pred(x=data[:3]).numpy():
    print(" ".join("%.5f" % p for p in row))
