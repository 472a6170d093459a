"""A feedable iterator: a string handle chooses between training and test data."""
import tensorflow as tf
import numpy as np

values = np.arange(24, dtype=np.float32)
training = tf.data.Dataset.from_tensor_slices(values).map(lambda v: v / 24.0).repeat().batch(6)
validation = tf.data.Dataset.range(5).map(lambda v: tf.cast(v, tf.float32) * 0.1).batch(5)

handle = tf.placeholder(tf.string, shape=[])
iterator = tf.data.Iterator.from_string_handle(handle, training.output_types, training.output_shapes)
x = iterator.get_next()

slope = tf.Variable(tf.random_normal([], stddev=0.5), name='slope')
offset = tf.Variable(0.0, name='offset')
pred = slope * x + offset
loss = tf.reduce_mean(tf.square(pred - (2.0 * x - 0.3)))
train = tf.train.GradientDescentOptimizer(0.3).minimize(loss)

training_iterator = training.make_one_shot_iterator()
validation_iterator = validation.make_initializable_iterator()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    training_handle = sess.run(training_iterator.string_handle())
    validation_handle = sess.run(validation_iterator.string_handle())

    for epoch in range(4):
        for _ in range(5):
            _, l = sess.run([train, loss], feed_dict={handle: training_handle})
        sess.run(validation_iterator.initializer)
        v = sess.run(loss, feed_dict={handle: validation_handle})
        print('epoch %d train %.6f validation %.6f' % (epoch, l, v))
    print('slope %.5f offset %.5f' % (sess.run(slope), sess.run(offset)))
    print('next batch', sess.run(x, feed_dict={handle: training_handle}).tolist()[0])
