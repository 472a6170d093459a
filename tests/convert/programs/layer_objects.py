"""Layer objects: tf.layers.Dense and friends called twice, their weights read."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(85)
a_np, b_np = rs.randn(24, 6), rs.randn(24, 6)
t_np = (a_np * b_np).sum(axis=1, keepdims=True)

a = tf.placeholder(tf.float32, [None, 6])
b = tf.placeholder(tf.float32, [None, 6])
t = tf.placeholder(tf.float32, [None, 1])

tower = tf.layers.Dense(8, activation=tf.nn.relu, name='tower')
project = tf.layers.Dense(4, use_bias=False, kernel_initializer=tf.random_normal_initializer(stddev=0.5), name='project')
norm = tf.layers.BatchNormalization(momentum=0.6, name='norm')
drop = tf.layers.Dropout(0.25)


def encode(v, training):
    return drop(project(norm(tower(v), training=training)), training=training)


train_dist = tf.reduce_sum(encode(a, True) * encode(b, True), axis=1, keepdims=True)
test_dist = tf.reduce_sum(encode(a, False) * encode(b, False), axis=1, keepdims=True)
loss = tf.losses.mean_squared_error(t, train_dist)
test_loss = tf.losses.mean_squared_error(t, test_dist)
with tf.control_dependencies(norm.updates[:2]):
    train_op = tf.train.AdamOptimizer(0.01).minimize(loss)

# a small Keras model in the same graph
keras_model = tf.keras.Sequential([
    tf.keras.layers.Dense(5, activation='tanh', input_shape=(6,)),
    tf.keras.layers.Dense(1),
])
k_out = keras_model(a)
k_loss = tf.reduce_mean(tf.abs(k_out - t))
k_train = tf.train.GradientDescentOptimizer(0.02).minimize(k_loss, var_list=keras_model.trainable_weights)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    feed = {a: a_np, b: b_np, t: t_np}
    for i in range(9):
        sess.run(train_op, feed)
        _, kl = sess.run([k_train, k_loss], {a: a_np, t: t_np})
        if i % 4 == 0:
            print('%d test loss %.5f keras loss %.5f' % (i, sess.run(test_loss, feed), kl))
    k, bias = sess.run([tower.kernel, tower.bias])
    print('tower %s %.5f %.5f' % (k.shape, k.sum(), bias.sum()))
    print('weights', len(tower.weights + project.weights + norm.weights), len(tf.trainable_variables()))
    print('moving mean %.5f' % sess.run(norm.moving_mean).sum())
