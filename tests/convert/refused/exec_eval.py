# refused: exec and eval of source text
"""Layers are described by text that is evaluated."""
import numpy as np
import tensorflow as tf

LAYERS = ['tf.nn.relu(net * 2.0 - 1.0)', 'tf.reduce_mean(net, axis=1)']

x = tf.placeholder(tf.float32, [None, 4])
net = x
for text in LAYERS:
    net = eval(text)
exec("out = tf.square(net)")

with tf.Session() as sess:
    print(['%.4f' % v for v in sess.run(out, {x: np.arange(8).reshape(2, 4) / 8.0})])  # noqa: F821
