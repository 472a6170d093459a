"""An initializable iterator whose dataset is made from placeholders."""
import tensorflow as tf
import numpy as np

np.random.seed(35)

# load your data or create your data in code
npx = np.random.uniform(-1, 1, (60, 1))                  # x data
npy = np.power(npx, 2) + np.random.normal(0, 0.1, size=npx.shape)      # y data
npx_train, npx_test = np.split(npx, [50])                  # training and test data
npy_train, npy_test = np.split(npy, [50])

# use placeholder, later you may need different data, pass the different data into placeholder
tfx = tf.placeholder(npx_train.dtype, [None, 1])
tfy = tf.placeholder(npy_train.dtype, [None, 1])

# create dataloader
dataset = tf.data.Dataset.from_tensor_slices((tfx, tfy))
dataset = dataset.map(lambda a, b: (tf.cast(a, tf.float32), tf.cast(b, tf.float32)))
dataset = dataset.batch(20)                      # batch size you will use
dataset = dataset.repeat(3)                      # repeat for 3 epochs
iterator = dataset.make_initializable_iterator()  # later we have to initialize this one

# your network
bx, by = iterator.get_next()                  # use batch to update
l1 = tf.layers.dense(bx, 10, tf.nn.relu)
out = tf.layers.dense(l1, npy.shape[1])
loss = tf.losses.mean_squared_error(by, out)
train = tf.train.GradientDescentOptimizer(.1).minimize(loss)

sess = tf.Session()
# need to initialize the iterator in this case
sess.run([iterator.initializer, tf.global_variables_initializer()], feed_dict={tfx: npx_train, tfy: npy_train})

for step in range(101):
    try:
        _, trainl = sess.run([train, loss])                       # train
        if step % 4 == 0:
            # a test: feeds the middle of the graph
            testl = sess.run(loss, {bx: npx_test, by: npy_test})
            print('step: %i/100' % step, '|train loss: %.5f' % trainl, '|test loss: %.5f' % testl)
    except tf.errors.OutOfRangeError:     # if training takes more than 3 epochs, training will be stopped
        print('Finish the last epoch after', step, 'steps.')
        break

# other data
sess.run(iterator.initializer, feed_dict={tfx: npx_test, tfy: npy_test})
print('test batch %.5f' % sess.run(loss))
