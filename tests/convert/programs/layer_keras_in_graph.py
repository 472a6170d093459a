"""Keras layers and losses within a TF1 graph: K.set_session, a model called on a placeholder."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Dense, Dropout

np.random.seed(9)
tf.set_random_seed(9)
xs = np.random.randn(60, 8)
ys = np.eye(3)[np.argmax(xs[:, :3], axis=1)]

sess = tf.Session()
K.set_session(sess)

img = tf.placeholder(tf.float32, shape=(None, 8))
labels = tf.placeholder(tf.float32, shape=(None, 3))

x = Dense(16, activation='relu')(img)
x = Dense(16, activation='tanh')(x)
preds = Dense(3, activation='softmax')(x)

loss = tf.reduce_mean(tf.keras.losses.categorical_crossentropy(labels, preds))
acc = tf.reduce_mean(tf.keras.metrics.categorical_accuracy(labels, preds))
train_step = tf.train.GradientDescentOptimizer(0.3).minimize(loss)

init_op = tf.global_variables_initializer()
sess.run(init_op)
with sess.as_default():
    for i in range(12):
        b = slice(i % 3 * 20, i % 3 * 20 + 20)
        train_step.run(feed_dict={img: xs[b], labels: ys[b]})
        if i % 4 == 0:
            print('step %d loss %.5f' % (i, loss.eval(feed_dict={img: xs, labels: ys})))
    print('accuracy %.4f' % acc.eval(feed_dict={img: xs, labels: ys}))
