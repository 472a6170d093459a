"""tf.contrib.layers: convolutions, pooling, flatten, fully_connected, arg scopes."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.layers import fully_connected, batch_norm
import tensorflow.contrib.layers as layers

rng = np.random.RandomState(66)
signals = rng.randn(40, 10, 10, 2)
y_np = (signals[:, 3:6, 3:6, 0].mean(axis=(1, 2)) > 0).astype(np.int64)

X = tf.placeholder(tf.float32, shape=(None, 10, 10, 2), name="X")
y = tf.placeholder(tf.int64, shape=(None), name="y")

with tf.name_scope("dnn"):
    net = layers.conv2d(X, num_outputs=4, kernel_size=3, scope="conv1")
    net = layers.max_pool2d(net, kernel_size=2, scope="pool1")
    net = layers.conv2d(net, 6, [3, 3], stride=2, padding='VALID', activation_fn=tf.nn.elu,
                        weights_initializer=layers.xavier_initializer_conv2d(), scope="conv2")
    flat = layers.flatten(net)
    hidden1 = fully_connected(flat, 12, scope="hidden1",
                              weights_initializer=tf.contrib.layers.variance_scaling_initializer())
    with tf.contrib.framework.arg_scope([fully_connected], activation_fn=tf.nn.tanh,
                                        weights_regularizer=layers.l2_regularizer(0.01)):
        hidden2 = fully_connected(hidden1, 8, scope="hidden2")
        hidden3 = fully_connected(hidden2, 8, scope="hidden3")
    logits = fully_connected(hidden3, 2, scope="outputs", activation_fn=None,
                             weights_initializer=layers.xavier_initializer(),
                             biases_initializer=tf.constant_initializer(0.05))

with tf.name_scope("loss"):
    xentropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    base_loss = tf.reduce_mean(xentropy, name="base_loss")
    reg_losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    loss = tf.add_n([base_loss] + reg_losses, name="loss")

with tf.name_scope("train"):
    training_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

with tf.name_scope("eval"):
    correct = tf.nn.in_top_k(logits, y, 1)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

init = tf.global_variables_initializer()

with tf.Session() as sess:
    init.run()
    for epoch in range(8):
        for i in range(2):
            sess.run(training_op, feed_dict={X: signals[i * 20:i * 20 + 20], y: y_np[i * 20:i * 20 + 20]})
        if epoch % 2 == 1:
            acc, l, base = sess.run([accuracy, loss, base_loss], feed_dict={X: signals, y: y_np})
            print(epoch, "accuracy: %.3f" % acc, "loss: %.5f" % l, "without weights: %.5f" % base)
    print("regularizers", ["%.5f" % r for r in sess.run(reg_losses)])
    print("flat", sess.run(flat, {X: signals[:2]}).shape)
