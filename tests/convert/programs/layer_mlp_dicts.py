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

# tf Graph input
X = tf.placeholder("float", [None, num_input])
Y = tf.placeholder("float", [None, num_classes])

# Store layers weight & bias
weights = {
    'h1': tf.Variable(tf.random_normal([num_input, n_hidden_1])),
    'h2': tf.Variable(tf.random_normal([n_hidden_1, n_hidden_2])),
    'out': tf.Variable(tf.random_normal([n_hidden_2, num_classes]))
}
biases = {
    'b1': tf.Variable(tf.random_normal([n_hidden_1])),
    'b2': tf.Variable(tf.random_normal([n_hidden_2])),
    'out': tf.Variable(tf.random_normal([num_classes]))
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


# Construct model
logits = multilayer_perceptron(X)
prediction = tf.nn.softmax(logits)

# Define loss and optimizer
loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
    logits=logits, labels=Y))
optimizer = tf.train.AdamOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)

# Evaluate model
correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))

# Initialize the variables (i.e. assign their default value)
init = tf.global_variables_initializer()

# Start training
with tf.Session() as sess:

    # Run the initializer
    sess.run(init)

    for step in range(1, num_steps+1):
        pick = rs.randint(0, len(train_x), batch_size)
        batch_x, batch_y = train_x[pick], train_y[pick]
        # Run optimization op (backprop)
        sess.run(train_op, feed_dict={X: batch_x, Y: batch_y})
        if step % display_step == 0 or step == 1:
            # Calculate batch loss and accuracy
            loss, acc = sess.run([loss_op, accuracy], feed_dict={X: batch_x,
                                                                 Y: batch_y})
            print("Step " + str(step) + ", Minibatch Loss= " + \
                  "{:.4f}".format(loss) + ", Training Accuracy= " + \
                  "{:.3f}".format(acc))

    print("Optimization Finished!")

    # Calculate accuracy for the held-out readings
    print("Testing Accuracy: %.4f" % \
        sess.run(accuracy, feed_dict={X: test_x,
                                      Y: test_y}))
    w = sess.run(weights)
    for key in sorted(w):
        print(key, "%.4f" % np.abs(w[key]).sum())
