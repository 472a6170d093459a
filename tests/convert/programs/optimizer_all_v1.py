"""The same small network, trained by each optimizer in turn."""
import tensorflow as tf
import numpy as np

LR = 0.05
STEPS = 10
rs = np.random.RandomState(2)

# fake data
x = np.linspace(-1, 1, 50)[:, np.newaxis]          # shape (50, 1)
noise = rs.normal(0, 0.1, size=x.shape)
y = np.power(x, 2) + noise                          # shape (50, 1) + some noise

start_w = rs.normal(0, 0.5, (1, 6)).astype(np.float32)
start_v = rs.normal(0, 0.5, (6, 1)).astype(np.float32)


def build(opt):
    tf_x = tf.placeholder(tf.float32, [None, 1], name='x')
    tf_y = tf.placeholder(tf.float32, [None, 1], name='y')
    w = tf.Variable(start_w)
    v = tf.Variable(start_v)
    c = tf.Variable(tf.zeros([6]))
    out = tf.matmul(tf.nn.tanh(tf.matmul(tf_x, w) + c), v)
    loss = tf.reduce_mean(tf.square(out - tf_y))
    return tf_x, tf_y, loss, opt.minimize(loss)


optimizers = [
    ('sgd', tf.train.GradientDescentOptimizer(LR)),
    ('momentum', tf.train.MomentumOptimizer(LR, momentum=0.9)),
    ('nesterov', tf.train.MomentumOptimizer(LR, 0.9, use_nesterov=True)),
    ('adam', tf.train.AdamOptimizer(LR, beta2=0.99)),
    ('adam_eps', tf.train.AdamOptimizer(LR, epsilon=0.1)),
    ('adagrad', tf.train.AdagradOptimizer(LR)),
    ('adadelta', tf.train.AdadeltaOptimizer(1.0)),
    ('rmsprop', tf.train.RMSPropOptimizer(LR, decay=0.9)),
    ('rmsprop_m', tf.train.RMSPropOptimizer(LR / 5, decay=0.8, momentum=0.5)),
    ('rmsprop_c', tf.train.RMSPropOptimizer(LR, centered=True)),
    ('ftrl', tf.train.FtrlOptimizer(LR, l1_regularization_strength=0.001)),
    ('proximal', tf.train.ProximalGradientDescentOptimizer(LR, l2_regularization_strength=0.01)),
]

nets = []
for name, opt in optimizers:
    nets.append((name,) + build(opt))

sess = tf.Session()
sess.run(tf.global_variables_initializer())

for name, px, py, net_loss, train in nets:
    history = []
    for step in range(STEPS):
        _, l = sess.run([train, net_loss], {px: x, py: y})
        history.append(l)
    print('%-10s first %.6f  last %.6f  sum %.5f' % (name, history[0], history[-1], sum(history)))
