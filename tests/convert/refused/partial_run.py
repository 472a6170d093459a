# refused: session.partial_run
"""The first half of a graph is run, its result decides what the second half is fed."""
import tensorflow as tf

a = tf.placeholder(tf.float32, shape=[])
b = tf.placeholder(tf.float32, shape=[])
c = tf.placeholder(tf.float32, shape=[])
r1 = tf.add(a, b)
r2 = tf.multiply(r1, c)

with tf.Session() as sess:
    h = sess.partial_run_setup([r1, r2], [a, b, c])
    res = sess.partial_run(h, r1, feed_dict={a: 1, b: 2})
    print('%.1f' % res)
    res = sess.partial_run(h, r2, feed_dict={c: res * 3})
    print('%.1f' % res)
