"""GAN with tf.layers and variable scopes; both train ops in one run.

The variable lists come from the collections, by scope.
"""
import numpy as np
import tensorflow as tf

np.random.seed(2)

BATCH = 16
IDEAS = 3
POINTS = 8
LR_G = 0.005
LR_D = 0.005
GRID = np.vstack([np.linspace(-1, 1, POINTS) for _ in range(BATCH)])


def real_works():
    a = np.random.uniform(1, 2, size=BATCH)[:, np.newaxis]
    return a * np.power(GRID, 2) + (a - 1)


with tf.variable_scope('Generator'):
    G_in = tf.placeholder(tf.float32, [None, IDEAS])
    G_l1 = tf.layers.dense(G_in, 16, tf.nn.relu)
    G_out = tf.layers.dense(G_l1, POINTS)

with tf.variable_scope('Discriminator'):
    real = tf.placeholder(tf.float32, [None, POINTS], name='real_in')
    D_l0 = tf.layers.dense(real, 16, tf.nn.relu, name='l')
    prob0 = tf.layers.dense(D_l0, 1, tf.nn.sigmoid, name='out')
    # reuse layers for generator
    D_l1 = tf.layers.dense(G_out, 16, tf.nn.relu, name='l', reuse=True)
    prob1 = tf.layers.dense(D_l1, 1, tf.nn.sigmoid, name='out', reuse=True)

D_loss = -tf.reduce_mean(tf.log(prob0) + tf.log(1 - prob1))
G_loss = tf.reduce_mean(tf.log(1 - prob1))

train_D = tf.train.AdamOptimizer(LR_D).minimize(
    D_loss, var_list=tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='Discriminator'))
train_G = tf.train.AdamOptimizer(LR_G).minimize(
    G_loss, var_list=tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='Generator'))

sess = tf.Session()
sess.run(tf.global_variables_initializer())

for step in range(9):
    works = real_works()
    ideas = np.random.randn(BATCH, IDEAS)
    paintings, pa0, Dl = sess.run([G_out, prob0, D_loss, train_D, train_G],    # train and get results
                                  {G_in: ideas, real: works})[:3]
    if step % 4 == 0:
        print('step %d  D accuracy=%.3f  D score=%.3f  mean=%.3f' % (step, pa0.mean(), -Dl, paintings.mean()))
