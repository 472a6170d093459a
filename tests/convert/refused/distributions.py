# refused: tf.distributions.Laplace
"""A Laplacian policy with tf.distributions, which TF2 left to another library."""
import tensorflow as tf

state = tf.placeholder(tf.float32, [None, 2])
action = tf.placeholder(tf.float32, [None, 1])
mu = tf.layers.dense(state, 1)
sigma = tf.layers.dense(state, 1, tf.nn.softplus) + 1e-3
policy = tf.distributions.Laplace(mu, sigma)
sample = tf.clip_by_value(policy.sample(1), -1.0, 1.0)
loss = -tf.reduce_mean(policy.log_prob(action) + 0.01 * policy.entropy())
train = tf.train.AdamOptimizer(0.01).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(sample, {state: [[0., 1.]]}).shape)
    for _ in range(3):
        _, l = sess.run([train, loss], {state: [[0., 1.], [1., 0.]], action: [[0.1], [0.5]]})
        print('%.3f' % l)
