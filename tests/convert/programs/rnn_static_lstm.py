"""An LSTM reads a small picture row by row (static_rnn over unstacked rows)."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn

# pictures whose rows slope up, down or stay
r = np.random.RandomState(8)
timesteps = 7
num_input = 5
num_classes = 3
slopes = r.randint(0, 3, 90)
base = r.rand(90, 1, num_input)
ramp = np.linspace(0, 1, timesteps).reshape(1, timesteps, 1)
pictures = base + ramp * (slopes - 1).reshape(-1, 1, 1) + 0.1 * r.randn(90, timesteps, num_input)
onehot = np.eye(num_classes)[slopes]

# Training Parameters
learning_rate = 0.5
training_steps = 15
batch_size = 30
display_step = 5
num_hidden = 12 # hidden layer num of features

# tf Graph input
X = tf.placeholder("float", [None, timesteps, num_input])
Y = tf.placeholder("float", [None, num_classes])

# Define weights
weights = {
    'out': tf.Variable(tf.random_normal([num_hidden, num_classes]))
}
biases = {
    'out': tf.Variable(tf.random_normal([num_classes]))
}


def RNN(x, weights, biases):

    # From shape (batch_size, timesteps, n_input) to a list of
    # 'timesteps' tensors of shape (batch_size, n_input)
    x = tf.unstack(x, timesteps, 1)

    # Define a lstm cell with tensorflow
    lstm_cell = rnn.BasicLSTMCell(num_hidden, forget_bias=1.0)

    # Get lstm cell output
    outputs, states = rnn.static_rnn(lstm_cell, x, dtype=tf.float32)

    # Linear activation, using rnn inner loop last output
    return tf.matmul(outputs[-1], weights['out']) + biases['out']


logits = RNN(X, weights, biases)
prediction = tf.nn.softmax(logits)

# Define loss and optimizer
loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
    logits=logits, labels=Y))
optimizer = tf.train.GradientDescentOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)

# Evaluate model (with test logits, for dropout to be disabled)
correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))

# Initialize the variables (i.e. assign their default value)
init = tf.global_variables_initializer()

# Start training
with tf.Session() as sess:

    # Run the initializer
    sess.run(init)

    for step in range(1, training_steps+1):
        begin = (step * batch_size) % 60
        batch_x = pictures[begin:begin + batch_size]
        batch_y = onehot[begin:begin + batch_size]
        # Run optimization op (backprop)
        sess.run(train_op, feed_dict={X: batch_x, Y: batch_y})
        if step % display_step == 0 or step == 1:
            # Calculate batch loss and accuracy
            loss, acc = sess.run([loss_op, accuracy], feed_dict={X: batch_x,
                                                                 Y: batch_y})
            print("Step %d, minibatch loss = %.5f, accuracy = %.3f" % (step, loss, acc))

    print("Testing Accuracy: %.3f" % \
        sess.run(accuracy, feed_dict={X: pictures[60:], Y: onehot[60:]}))
    print("Sum of probabilities of class 0: %.5f" %
          sess.run(prediction, feed_dict={X: pictures[60:]})[:, 0].sum())
