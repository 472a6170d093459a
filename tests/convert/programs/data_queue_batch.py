"""Queue-based input: file names, a line reader, decode_csv, tf.train.batch, Coordinator."""
import os
import tempfile

import numpy as np
import tensorflow as tf

folder = tempfile.mkdtemp()
names = []
for part in range(2):
    name = os.path.join(folder, 'part%d.csv' % part)
    with open(name, 'w') as f:
        for i in range(12):
            k = part * 12 + i
            f.write('%.3f,%.3f,%d\n' % (np.sin(k), np.cos(k), k % 2))
    names.append(name)

filename_queue = tf.train.string_input_producer(names, shuffle=False)
reader = tf.TextLineReader(skip_header_lines=0)
key, line = reader.read(filename_queue)
a, b, label = tf.decode_csv(line, record_defaults=[[0.0], [0.0], [0]])
example = tf.stack([a, b])
example_batch, label_batch = tf.train.batch([example, label], batch_size=6)

w = tf.Variable(tf.truncated_normal([2, 2], stddev=0.3))
logits = tf.matmul(example_batch, w)
cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=label_batch))
train = tf.train.GradientDescentOptimizer(0.5).minimize(cost)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coord)
    for step in range(8):
        x, y, c, _ = sess.run([example_batch, label_batch, cost, train])
        print('step %d x %.4f y %d cost %.5f' % (step, x.sum(), y.sum(), c))
    coord.request_stop()
    coord.join(threads)
    print('w %.5f' % sess.run(w).sum())

for name in names:
    os.remove(name)
os.rmdir(folder)
