"""A conditional GAN: labels joined to both inputs, label smoothing, logits losses."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(1)
np.random.seed(1)

# Hyper Parameters
BATCH_SIZE = 20
LR_G = 0.003           # learning rate for generator
LR_D = 0.003           # learning rate for discriminator
N_NOISE = 4
N_POINTS = 9
PAINT = np.vstack([np.linspace(-1, 1, N_POINTS) for _ in range(BATCH_SIZE)])


def artist_works_with_labels():     # two kinds of curves
    a = np.random.uniform(1, 2, size=BATCH_SIZE)[:, np.newaxis]
    paintings = a * np.power(PAINT, 2) + (a-1)
    labels = (a - 1) > 0.5          # upper paintings (1), lower paintings (0)
    return paintings, labels.astype(np.float32)


art_labels = tf.placeholder(tf.float32, [None, 1])
with tf.variable_scope('Generator'):
    G_in = tf.placeholder(tf.float32, [None, N_NOISE])
    G_art = tf.concat((G_in, art_labels), 1)
    G_l1 = tf.layers.dense(G_art, 24, tf.nn.relu)
    G_out = tf.layers.dense(G_l1, N_POINTS)


def discriminator(art, reuse=False):
    with tf.variable_scope('Discriminator', reuse=reuse):
        both = tf.concat((art, art_labels), 1)
        l0 = tf.layers.dense(both, 24, tf.nn.leaky_relu, name='l')
        return tf.layers.dense(l0, 1, name='out')


real_art = tf.placeholder(tf.float32, [None, N_POINTS], name='real_in')
logit_real = discriminator(real_art)
logit_fake = discriminator(G_out, reuse=True)

D_loss = tf.losses.sigmoid_cross_entropy(tf.ones_like(logit_real), logit_real, label_smoothing=0.1) + \
    tf.losses.sigmoid_cross_entropy(tf.zeros_like(logit_fake), logit_fake)
G_loss = tf.losses.sigmoid_cross_entropy(tf.ones_like(logit_fake), logit_fake)

t_vars = tf.trainable_variables()
d_vars = [var for var in t_vars if var.name.startswith('Discriminator')]
g_vars = [var for var in t_vars if var.name.startswith('Generator')]
train_D = tf.train.AdamOptimizer(LR_D, beta1=0.5).minimize(D_loss, var_list=d_vars)
train_G = tf.train.AdamOptimizer(LR_G, beta1=0.5).minimize(G_loss, var_list=g_vars)

sess = tf.Session()
sess.run(tf.global_variables_initializer())

for step in range(12):
    artist_paintings, labels = artist_works_with_labels()
    G_ideas = np.random.randn(BATCH_SIZE, N_NOISE)
    Dl, _ = sess.run([D_loss, train_D], {G_in: G_ideas, real_art: artist_paintings, art_labels: labels})
    for _ in range(2):
        Gl, _ = sess.run([G_loss, train_G], {G_in: G_ideas, art_labels: labels})
    if step % 4 == 3:
        print('step %d D loss %.5f G loss %.5f' % (step, Dl, Gl))

# one picture of each kind from the same noise
z = np.random.randn(1, N_NOISE)
for label in (0, 1):
    art = sess.run(G_out, {G_in: z, art_labels: [[label]]})
    print('label', label, ' '.join('%.3f' % v for v in art[0, ::4]))
