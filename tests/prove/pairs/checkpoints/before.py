"""Counts, saves, and loads what it saved."""

import tensorflow as tf

total = tf.Variable(tf.zeros([2]), name="total")
step = tf.train.get_or_create_global_step()
add = tf.group(total.assign_add([1.0, 2.5]), tf.assign_add(step, 1))
saver = tf.train.Saver(max_to_keep=2)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(4):
        sess.run(add)
        saver.save(sess, "./saved/model", global_step=step)
    sess.run(total.assign([0.0, 0.0]))
    saver.restore(sess, tf.train.latest_checkpoint("./saved"))
    print(sess.run(total))
