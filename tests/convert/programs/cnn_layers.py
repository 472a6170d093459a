"""CNN with tf.layers on tiny synthetic pictures, plain script."""
import tensorflow as tf
import numpy as np

np.random.seed(1)

BATCH_SIZE = 20
LR = 0.01              # learning rate

# a blob of light in one of the four quarters
pics = np.random.normal(0, 0.2, (100, 16, 16))
quarter = np.random.randint(0, 4, 100)
for p, q in zip(pics, quarter):
    r, c = (q // 2) * 8, (q % 2) * 8
    p[r + 2:r + 6, c + 2:c + 6] += 1.0
test_x, test_y = pics[80:], np.eye(4)[quarter[80:]]
train_x, train_y = pics[:80], np.eye(4)[quarter[:80]]

tf_x = tf.placeholder(tf.float32, [None, 16, 16])
image = tf.reshape(tf_x, [-1, 16, 16, 1])              # (batch, height, width, channel)
tf_y = tf.placeholder(tf.int32, [None, 4])            # input y

# CNN
conv1 = tf.layers.conv2d(   # shape (16, 16, 1)
    inputs=image,
    filters=4,
    kernel_size=5,
    strides=1,
    padding='same',
    activation=tf.nn.relu
)           # -> (16, 16, 4)
pool1 = tf.layers.max_pooling2d(
    conv1,
    pool_size=2,
    strides=2,
)           # -> (8, 8, 4)
conv2 = tf.layers.conv2d(pool1, 8, 3, 1, 'same', activation=tf.nn.relu)    # -> (8, 8, 8)
pool2 = tf.layers.max_pooling2d(conv2, 2, 2)    # -> (4, 4, 8)
flat = tf.reshape(pool2, [-1, 4*4*8])          # -> (4*4*8, )
output = tf.layers.dense(flat, 4)              # output layer

loss = tf.losses.softmax_cross_entropy(onehot_labels=tf_y, logits=output)           # compute cost
train_op = tf.train.AdamOptimizer(LR).minimize(loss)

accuracy = tf.metrics.accuracy(          # return (acc, update_op), and create 2 local variables
    labels=tf.argmax(tf_y, axis=1), predictions=tf.argmax(output, axis=1),)[1]

sess = tf.Session()
init_op = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer()) # the local var is for accuracy_op
sess.run(init_op)     # initialize var in graph

for step in range(16):
    i = step % 4
    b_x, b_y = train_x[i*BATCH_SIZE:(i+1)*BATCH_SIZE], train_y[i*BATCH_SIZE:(i+1)*BATCH_SIZE]
    _, loss_ = sess.run([train_op, loss], {tf_x: b_x, tf_y: b_y})
    if step % 5 == 0:
        accuracy_, flat_representation = sess.run([accuracy, flat], {tf_x: test_x, tf_y: test_y})
        print('Step:', step, '| train loss: %.4f' % loss_, '| test accuracy: %.2f' % accuracy_,
              '| features: %.4f' % flat_representation.mean())

# print 10 predictions from test data
test_output = sess.run(output, {tf_x: test_x[:10]})
pred_y = np.argmax(test_output, 1)
print(pred_y.tolist(), 'prediction')
print(np.argmax(test_y[:10], 1).tolist(), 'real')
