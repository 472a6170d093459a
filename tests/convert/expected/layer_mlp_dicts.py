""" Two hidden layers, with weights and biases kept in dicts.
"""
from __future__ import print_function

import numpy as np
import tensorflow as tf

# Synthetic sensor readings: which of 4 machines do they come from?
rs = np.random.RandomState(3)
num_input = 12
num_classes = 4
machines = rs.normal(size=(num_classes, num_input))
ids = rs.randint(0, num_classes, size=240)
readings = machines[ids] + 0.7 * rs.normal(size=(240, num_input))
targets = np.zeros((240, num_classes))
targets[np.arange(240), ids] = 1

train_x, train_y = readings[:200], targets[:200]
test_x, test_y = readings[200:], targets[200:]

# Parameters
learning_rate = 0.01
num_steps = 20
batch_size = 50
display_step = 5

# Network Parameters
n_hidden_1 = 16 # 1st layer number of neurons
n_hidden_2 = 8 # 2nd layer number of neurons


# Store layers weight & bias
weights = {
    'h1': tf.Variable(tf.random.normal([num_input, n_hidden_1])),
    'h2': tf.Variable(tf.random.normal([n_hidden_1, n_hidden_2])),
    'out': tf.Variable(tf.random.normal([n_hidden_2, num_classes]))
}
biases = {
    'b1': tf.Variable(tf.random.normal([n_hidden_1])),
    'b2': tf.Variable(tf.random.normal([n_hidden_2])),
    'out': tf.Variable(tf.random.normal([num_classes]))
}


# Create model
def multilayer_perceptron(x):
    # Hidden fully connected layer with tanh
    layer_1 = tf.nn.tanh(tf.add(tf.matmul(x, weights['h1']), biases['b1']))
    # Hidden fully connected layer with tanh
    layer_2 = tf.nn.tanh(tf.add(tf.matmul(layer_1, weights['h2']), biases['b2']))
    # Output fully connected layer with a neuron for each class
    out_layer = tf.matmul(layer_2, weights['out']) + biases['out']
    return out_layer


optimizer = tf.keras.optimizers.Adam(learning_rate, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, num_input], tf.float32),
    tf.TensorSpec([None, num_classes], tf.float32),
])
def train_step(X, Y):
    with tf.GradientTape() as tape:
        # Construct model
        logits = multilayer_perceptron(X)
        # Define loss and optimizer
        loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
            logits=logits, labels=Y))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss_op, variables)
    optimizer.apply_gradients(zip(gradients, variables))


@tf.function(input_signature=[
    tf.TensorSpec([None, num_input], tf.float32),
    tf.TensorSpec([None, num_classes], tf.float32),
])
def compute_loss_op_and_accuracy(X, Y):
    # Construct model
    logits = multilayer_perceptron(X)
    prediction = tf.nn.softmax(logits)
    # Define loss and optimizer
    loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
        logits=logits, labels=Y))
    # Evaluate model
    correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return loss_op, accuracy


@tf.function(input_signature=[
    tf.TensorSpec([None, num_input], tf.float32),
    tf.TensorSpec([None, num_classes], tf.float32),
])
def compute_accuracy(X, Y):
    # Construct model
    logits = multilayer_perceptron(X)
    prediction = tf.nn.softmax(logits)
    # Evaluate model
    correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))
    return accuracy


# Start training

# Run the initializer

for step in range(1, num_steps+1):
    pick = rs.randint(0, len(train_x), batch_size)
    batch_x, batch_y = train_x[pick], train_y[pick]
    # Run optimization op (backprop)
    train_step(X=batch_x, Y=batch_y)
    if step % display_step == 0 or step == 1:
        # Calculate batch loss and accuracy
        loss, acc = (value.numpy() for value in compute_loss_op_and_accuracy(X=batch_x, Y=batch_y))
        print("Step " + str(step) + ", Minibatch Loss= " + \
              "{:.4f}".format(loss) + ", Training Accuracy= " + \
              "{:.3f}".format(acc))

print("Optimization Finished!")

# Calculate accuracy for the held-out readings
print("Testing Accuracy: %.4f" % \
    compute_accuracy(X=test_x, Y=test_y).numpy())
w = tf.nest.map_structure(lambda value: value.numpy(), weights)
for key in sorted(w):
    print(key, "%.4f" % np.abs(w[key]).sum())
