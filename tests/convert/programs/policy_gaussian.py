"""A Gaussian policy of tf.distributions with a critic, held near the policy before it by their divergence."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(6)
BOUND = 2.0


def actor(s, scope, trainable):
    with tf.variable_scope(scope):
        h = tf.layers.dense(s, 12, tf.nn.relu, trainable=trainable)
        mu = BOUND * tf.layers.dense(h, 1, tf.nn.tanh, trainable=trainable)
        sigma = tf.layers.dense(h, 1, tf.nn.softplus, trainable=trainable)
        # never quite without noise
        return tf.distributions.Normal(loc=mu, scale=sigma + 0.1)


states = tf.placeholder(tf.float32, [None, 3], 'state')
actions = tf.placeholder(tf.float32, [None, 1], 'action')
advantages = tf.placeholder(tf.float32, [None, 1], 'advantage')

pi = actor(states, 'pi', True)
old = actor(states, 'old', False)
pi_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='pi')
old_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='old')
choice = tf.clip_by_value(tf.squeeze(pi.sample(1), axis=0), -BOUND, BOUND)
update_old = [o.assign(p) for p, o in zip(pi_params, old_params)]

ratio = pi.prob(actions) / old.prob(actions)
distance = tf.reduce_mean(tf.distributions.kl_divergence(old, pi))
loss = -tf.reduce_mean(ratio * advantages) + 0.5 * distance - 0.01 * tf.reduce_mean(pi.entropy())
likely = tf.reduce_mean(pi.log_prob(actions))
train_op = tf.train.AdamOptimizer(0.01).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    seen = rs.randn(32, 3)
    for episode in range(6):
        done = sess.run(choice, {states: seen})
        reward = -np.square(done - seen[:, :1])
        gain = reward - reward.mean()
        sess.run(update_old)
        for _ in range(3):
            sess.run(train_op, {states: seen, actions: done, advantages: gain})
        l, d, p = sess.run([loss, distance, likely], {states: seen, actions: done, advantages: gain})
        print('episode %d loss %.5f distance %.4f log probability %.4f' % (episode, l, d, p))
    m, s = sess.run([pi.mean(), pi.stddev()], {states: seen[:2]})
    print('means', m.ravel(), 'deviations', s.ravel())
