"""Files whose names and labels are listed by Python, sliced by a queue; two nets of one scope with dropout."""
import os
import shutil
import numpy as np
import tensorflow as tf

FOLDER = './slices'
SIZE = 6
rs = np.random.RandomState(31)
for kind in ('dark', 'light'):
    os.makedirs(os.path.join(FOLDER, kind))
    for number in range(4):
        image = (rs.rand(SIZE, SIZE) * 80 + (120 if kind == 'light' else 10)).astype(np.uint8)
        image.tofile(os.path.join(FOLDER, kind, '%d.raw' % number))


def read_images(path, mode, batch_size):
    names, labels = list(), list()
    if mode == 'folder':
        label = 0
        for kind in sorted(os.listdir(path)):
            for name in sorted(os.listdir(os.path.join(path, kind))):
                if name.endswith('.raw'):
                    names.append(os.path.join(path, kind, name))
                    labels.append(label)
            label += 1
    else:
        raise Exception('Unknown mode.')
    names = tf.convert_to_tensor(names, dtype=tf.string)
    labels = tf.convert_to_tensor(labels, dtype=tf.int32)
    # one image after the other
    image, label = tf.train.slice_input_producer([names, labels], shuffle=False)
    image = tf.read_file(image)
    image = tf.cast(tf.reshape(tf.decode_raw(image, tf.uint8), [SIZE, SIZE]), tf.float32)
    image = image * 1.0 / 127.5 - 1.0
    return tf.train.batch([image, label], batch_size=batch_size, capacity=batch_size * 4, num_threads=1)


def net(x, reuse):
    with tf.variable_scope('net', reuse=reuse):
        h = tf.layers.dense(tf.reshape(x, [-1, SIZE * SIZE]), 10, activation=tf.nn.relu)
        out = tf.layers.dense(h, 2)
        return tf.nn.softmax(out) if reuse else out


X, Y = read_images(FOLDER, 'folder', 4)
logits = net(X, False)
chances = net(X, True)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
train_op = tf.train.AdamOptimizer(0.01).minimize(loss)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(chances, 1), tf.cast(Y, tf.int64)), tf.float32))
saver = tf.train.Saver()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    tf.train.start_queue_runners()
    for step in range(1, 9):
        if step % 2 == 0:
            _, l, acc = sess.run([train_op, loss, accuracy])
            print('step %d loss %.5f accuracy %.4f' % (step, l, acc))
        else:
            sess.run(train_op)
    saver.save(sess, os.path.join(FOLDER, 'net'))
shutil.rmtree(FOLDER)
