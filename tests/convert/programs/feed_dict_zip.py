"""Feeds made with dict(zip(...)) and with a comprehension over placeholders."""
import numpy as np
import tensorflow as tf

np.random.seed(40)

sizes = [3, 5, 2]
names = ['price', 'text', 'time']

inputs = []
for n, s in zip(names, sizes):
    inputs.append(tf.placeholder(tf.float32, [None, s], name=n))
label = tf.placeholder(tf.float32, [None, 1], name='label')

# one weight matrix for each input, summed
total = 0
weights = []
for ph, s in zip(inputs, sizes):
    w = tf.Variable(tf.truncated_normal([s, 1], stddev=0.5))
    weights.append(w)
    total += tf.matmul(ph, w)
bias = tf.Variable(tf.zeros([1]))
logit = total + bias

loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logit, labels=label))
train = tf.train.AdagradOptimizer(0.3).minimize(loss)

arrays = [np.random.randn(50, s) for s in sizes]
truth = (arrays[0][:, :1] - arrays[1][:, 2:3] + arrays[2][:, 1:] > 0).astype('f')

sess = tf.Session()
sess.run(tf.global_variables_initializer())

placeholders = inputs + [label]
for epoch in range(4):
    for i in range(0, 50, 20):
        values = [a[i:i + 20] for a in arrays] + [truth[i:i + 20]]
        sess.run(train, feed_dict=dict(zip(placeholders, values)))
    print('epoch', epoch, 'loss %.6f' % sess.run(loss, dict(zip(placeholders, arrays + [truth]))))

# without the label
feed = {ph: a[:4] for ph, a in zip(inputs, arrays)}
print('logits', ' '.join('%.4f' % v for v in sess.run(logit, feed_dict=feed)[:, 0]))
for n, w in zip(names, sess.run(weights)):
    print(n, '%.5f' % w.sum())
sess.close()
