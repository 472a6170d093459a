"""Checkpoints with a step number, max_to_keep, a dict of variables, latest_checkpoint."""
import glob
import os
import shutil

import numpy as np
import tensorflow as tf

ckpt_dir = './saver_global_step_ckpt'
weights_dir = './saver_global_step_weights'
for d in (ckpt_dir, weights_dir):
    if os.path.exists(d):
        shutil.rmtree(d)
    os.makedirs(d)

rng = np.random.RandomState(59)
x_data = rng.randn(30, 4)
y_data = x_data.sum(axis=1, keepdims=True) * 0.7

x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.float32, [None, 1])
global_step = tf.Variable(0, name='global_step', trainable=False)
w = tf.Variable(tf.zeros([4, 1]), name='weights')
b = tf.Variable(tf.zeros([1]), name='biases')
model = tf.matmul(x, w) + b
loss = tf.reduce_mean(tf.square(model - y))
train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=global_step)

saver = tf.train.Saver(tf.global_variables(), max_to_keep=2)
weights_only = tf.train.Saver({'w': w})


def train(steps):
    with tf.Session() as sess:
        ckpt = tf.train.get_checkpoint_state(ckpt_dir)
        if ckpt and tf.train.checkpoint_exists(ckpt.model_checkpoint_path):
            print('restoring', os.path.basename(ckpt.model_checkpoint_path))
            saver.restore(sess, ckpt.model_checkpoint_path)
        else:
            print('starting')
            sess.run(tf.global_variables_initializer())
        for _ in range(steps):
            _, l = sess.run([train_op, loss], feed_dict={x: x_data, y: y_data})
            step = sess.run(global_step)
            if step % 2 == 0:
                saver.save(sess, os.path.join(ckpt_dir, 'line.ckpt'), global_step=global_step)
                print('step %d loss %.6f saved' % (step, l))
        weights_only.save(sess, os.path.join(weights_dir, 'weights'), write_meta_graph=False)


train(5)
train(4)

kept = sorted(os.path.basename(f) for f in glob.glob(ckpt_dir + '/line.ckpt-*.index'))
print(kept)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('zero: %.5f' % sess.run(w).sum())
    weights_only.restore(sess, os.path.join(weights_dir, 'weights'))
    print('restored: %.5f, step %d' % (sess.run(w).sum(), sess.run(global_step)))
    saver.restore(sess, os.path.join(ckpt_dir, kept[0][:-len('.index')]))
    print('older: %.5f, step %d' % (sess.run(w).sum(), sess.run(global_step)))

shutil.rmtree(ckpt_dir)
shutil.rmtree(weights_dir)
