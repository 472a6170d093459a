'''
Fit a straight line to the price of second-hand bicycles.
One sample is fed at a time.
'''
from __future__ import print_function

import tensorflow as tf
import numpy
rng = numpy.random.RandomState(7)

# Parameters
learning_rate = 0.02
training_epochs = 12
display_step = 4

# Training data: age in years, price in hundreds
train_X = numpy.asarray([0.5, 1.1, 1.9, 2.4, 3.2, 3.8, 4.5, 5.1, 5.9, 6.6])
train_Y = numpy.asarray([6.1, 5.7, 5.2, 4.8, 4.4, 3.9, 3.3, 3.1, 2.6, 1.9])
n_samples = train_X.shape[0]


# Model weights
W = tf.Variable(rng.randn(), name="weight")
b = tf.Variable(rng.randn(), name="bias")


@tf.function(input_signature=[
    tf.TensorSpec(None, tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def run(X, Y):
    # A linear model
    pred = tf.add(tf.multiply(X, W), b)
    return tf.reduce_sum(tf.pow(pred - Y, 2)) / (2 * test_X.shape[0])


@tf.function(input_signature=[
    tf.TensorSpec(None, tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_cost(X, Y):
    # A linear model
    pred = tf.add(tf.multiply(X, W), b)
    # Mean squared error
    cost = tf.reduce_sum(tf.pow(pred-Y, 2))/(2*n_samples)
    return cost


# minimize() changes W and b, they are trainable by default
optimizer = tf.keras.optimizers.SGD(learning_rate)


@tf.function(input_signature=[
    tf.TensorSpec(None, tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def train_step(X, Y):
    with tf.GradientTape() as tape:
        # A linear model
        pred = tf.add(tf.multiply(X, W), b)
        # Mean squared error
        cost = tf.reduce_sum(tf.pow(pred-Y, 2))/(2*n_samples)
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))


# Run the initializer

# Fit all training data
for epoch in range(training_epochs):
    for (x, y) in zip(train_X, train_Y):
        train_step(X=x, Y=y)

    # Display logs per epoch step
    if (epoch+1) % display_step == 0:
        c = compute_cost(X=train_X, Y=train_Y).numpy()
        print("Epoch:", '%03d' % (epoch+1), "cost=", "{:.6f}".format(c), \
            "W=", "%.5f" % W.numpy(), "b=", "%.5f" % b.numpy())

print("Optimization finished!")
training_cost = compute_cost(X=train_X, Y=train_Y).numpy()
print("Training cost= %.6f W= %.6f b= %.6f" % (training_cost, W.numpy(), b.numpy()))

# Bicycles the model has not seen
test_X = numpy.asarray([0.8, 2.9, 4.2, 6.1])
test_Y = numpy.asarray([5.9, 4.6, 3.5, 2.2])

testing_cost = run(X=test_X, Y=test_Y).numpy()  # same function as cost above
print("Testing cost= %.6f" % testing_cost)
print("Absolute mean square loss difference: %.6f" % abs(
    training_cost - testing_cost))
