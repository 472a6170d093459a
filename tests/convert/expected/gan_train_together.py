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


G_l1_layer = tf.keras.layers.Dense(16, activation=tf.nn.relu, name="dense")
G_out_layer = tf.keras.layers.Dense(POINTS, name="dense_1")

l = tf.keras.layers.Dense(16, activation=tf.nn.relu, name='l')
out = tf.keras.layers.Dense(1, activation=tf.nn.sigmoid, name='out')


@tf.function(input_signature=[
    tf.TensorSpec([None, IDEAS], tf.float32),
    tf.TensorSpec([None, POINTS], tf.float32),
])
def build(G_in, real):
    with tf.name_scope('Generator/'):
        G_l1 = G_l1_layer(G_in)
        G_out = G_out_layer(G_l1)
    with tf.name_scope('Discriminator/'):
        D_l0 = l(real)
        prob0 = out(D_l0)
    # reuse layers for generator
    D_l1 = l(G_out)
    prob1 = out(D_l1)


build.get_concrete_function()  # makes the variables of its layers


optimizer = tf.keras.optimizers.Adam(LR_D, epsilon=1e-8)
trained_variables = [*(v.value for v in l.trainable_variables), *(v.value for v in out.trainable_variables)]
optimizer_2 = tf.keras.optimizers.Adam(LR_G, epsilon=1e-8)
trained_variables_2 = [*(v.value for v in G_l1_layer.trainable_variables), *(v.value for v in G_out_layer.trainable_variables)]


@tf.function(input_signature=[
    tf.TensorSpec([None, IDEAS], tf.float32),
    tf.TensorSpec([None, POINTS], tf.float32),
])
def train_step(G_in, real):
    with tf.GradientTape(persistent=True) as tape:
        with tf.name_scope('Generator/'):
            G_l1 = G_l1_layer(G_in)
            G_out = G_out_layer(G_l1)
        with tf.name_scope('Discriminator/'):
            D_l0 = l(real)
            prob0 = out(D_l0)
        # reuse layers for generator
        D_l1 = l(G_out)
        prob1 = out(D_l1)
        D_loss = -tf.reduce_mean(tf.math.log(prob0) + tf.math.log(1 - prob1))
        G_loss = tf.reduce_mean(tf.math.log(1 - prob1))
    train_D_variables = trained_variables
    train_D_gradients = tape.gradient(D_loss, train_D_variables)
    train_G_variables = trained_variables_2
    train_G_gradients = tape.gradient(G_loss, train_G_variables)
    optimizer.apply_gradients(zip(train_D_gradients, train_D_variables))
    optimizer_2.apply_gradients(zip(train_G_gradients, train_G_variables))
    return [G_out, prob0, D_loss, None, None]


for step in range(9):
    works = real_works()
    ideas = np.random.randn(BATCH, IDEAS)
    paintings, pa0, Dl = [None if value is None else value.numpy() for value in train_step(G_in=ideas, real=works)][:3]
    if step % 4 == 0:
        print('step %d  D accuracy=%.3f  D score=%.3f  mean=%.3f' % (step, pa0.mean(), -Dl, paintings.mean()))
