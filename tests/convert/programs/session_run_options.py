"""RunOptions, RunMetadata, timing: the extras of session.run."""
import time

import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 20], name='x')
w = tf.Variable(tf.random_normal([20, 20], stddev=0.2))
y = x
for _ in range(3):
    y = tf.nn.tanh(tf.matmul(y, w))
out = tf.reduce_mean(y, axis=1)

run_options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
run_metadata = tf.RunMetadata()

with tf.Session() as sess:
    tf.global_variables_initializer().run()
    data = np.random.RandomState(1).randn(6, 20)

    start = time.time()
    v = sess.run(out, feed_dict={x: data}, options=run_options, run_metadata=run_metadata)
    print('%.6f' % v.sum(), time.time() - start < 60)

    for i in range(2):
        v = sess.run(out, {x: data * (i + 1)})
        print(i, '%.6f' % v.sum())

    # options by position, without a trace
    v = sess.run([out], {x: -data}, tf.RunOptions(timeout_in_ms=60000))
    print('%.6f' % v[0].sum())
