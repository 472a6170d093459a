"""Two tasks on a shared layer, trained in turn and jointly."""
import numpy as np
import tensorflow as tf

np.random.seed(29)
X_data = np.random.randn(10, 5)
Y1_data = np.random.randn(10, 3)
Y2_data = np.random.randn(10, 3)

X = tf.placeholder("float", [10, 5], name="X")
Y1 = tf.placeholder("float", [10, 3], name="Y1")
Y2 = tf.placeholder("float", [10, 3], name="Y2")

# Define the weights for the layers
shared_layer_weights = tf.Variable(tf.random_normal([5, 8]), name="share_W")
Y1_layer_weights = tf.Variable(tf.random_normal([8, 3], stddev=0.3), name="share_Y1")
Y2_layer_weights = tf.Variable(tf.random_normal([8, 3], stddev=0.3), name="share_Y2")

# Construct the layers with RELU activations
shared_layer = tf.nn.relu(tf.matmul(X, shared_layer_weights))
Y1_layer = tf.nn.relu(tf.matmul(shared_layer, Y1_layer_weights))
Y2_layer = tf.nn.relu(tf.matmul(shared_layer, Y2_layer_weights))

# Calculate loss
Y1_Loss = tf.nn.l2_loss(Y1 - Y1_layer)
Y2_Loss = tf.nn.l2_loss(Y2 - Y2_layer)
Joint_Loss = Y1_Loss + Y2_Loss

# optimisers
Optimiser = tf.train.AdamOptimizer(0.01).minimize(Joint_Loss)
Y1_op = tf.train.AdamOptimizer(0.02).minimize(Y1_Loss)
Y2_op = tf.train.AdamOptimizer(0.02).minimize(Y2_Loss)

feeds = {X: X_data, Y1: Y1_data, Y2: Y2_data}
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for iters in range(12):
        if iters % 2 == 0:
            _, Y1_loss = session.run([Y1_op, Y1_Loss], {X: X_data, Y1: Y1_data})
            print("Y1 %.5f" % Y1_loss)
        else:
            _, Y2_loss = session.run([Y2_op, Y2_Loss], {X: X_data, Y2: Y2_data})
            print("Y2 %.5f" % Y2_loss)
    for iters in range(6):
        _, joint, one, two = session.run([Optimiser, Joint_Loss, Y1_Loss, Y2_Loss], feeds)
    print("joint %.5f = %.5f + %.5f" % (joint, one, two))
    print("shared %.5f" % session.run(shared_layer_weights).sum())
