"""Layers in loops over a config, conditionals on Python values, lists of weights."""
import numpy as np
import tensorflow as tf

config = {
    'hidden': [12, 9, 6],
    'activation': 'relu',
    'residual': True,
    'l2': 1e-3,
    'optimizer': 'momentum',
    'lr': 0.05,
}

rng = np.random.RandomState(16)
data = rng.randn(80, 9)
goal = np.sign(data[:, 0] + data[:, 1] * data[:, 2])

inp = tf.placeholder(tf.float32, [None, 9])
out = tf.placeholder(tf.float32, [None])

if config['activation'] == 'relu':
    act = tf.nn.relu
elif config['activation'] == 'tanh':
    act = tf.tanh
else:
    act = lambda v: v * tf.sigmoid(v)

weights, biases = [], []
layers = [inp]
sizes = [9] + config['hidden']
for i in range(len(sizes) - 1):
    with tf.name_scope('layer%d' % i):
        W = tf.Variable(tf.random_normal([sizes[i], sizes[i + 1]], stddev=np.sqrt(2.0 / sizes[i])), name='W')
        b = tf.Variable(tf.zeros([sizes[i + 1]]), name='b')
        net = act(tf.matmul(layers[-1], W) + b)
        if config['residual'] and sizes[i] == sizes[i + 1]:
            net = net + layers[-1]
        weights.append(W)
        biases.append(b)
        layers.append(net)

final = tf.Variable(tf.random_normal([sizes[-1], 1]))
score = tf.tanh(tf.reshape(tf.matmul(layers[-1], final), [-1]))
loss = tf.reduce_mean(tf.square(score - out))
if config['l2']:
    loss += config['l2'] * sum(tf.nn.l2_loss(w) for w in weights)

opts = {
    'sgd': lambda: tf.train.GradientDescentOptimizer(config['lr']),
    'momentum': lambda: tf.train.MomentumOptimizer(config['lr'], 0.9),
    'adam': lambda: tf.train.AdamOptimizer(config['lr']),
}
train = opts[config['optimizer']]().minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for epoch in range(6):
    for i in range(0, 80, 16):
        sess.run(train, feed_dict={inp: data[i:i + 16], out: goal[i:i + 16]})
    print('epoch %d loss %.6f' % (epoch, sess.run(loss, feed_dict={inp: data, out: goal})))

# activations of all layers
for i, value in enumerate(sess.run(layers[1:], {inp: data[:8]})):
    print('layer', i, value.shape, '%.5f' % value.mean())
print('weights', ' '.join('%.4f' % w.sum() for w in sess.run(weights)))
print('biases', ' '.join('%.4f' % w.sum() for w in sess.run(biases)))
