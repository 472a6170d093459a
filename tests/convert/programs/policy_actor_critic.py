"""Actor and critic on a walk along a line; the critic's error (fetched) is fed to
the actor."""
import numpy as np
import tensorflow as tf

np.random.seed(2)
N_F, N_A = 2, 2
GAMMA = 0.9
LR_A, LR_C = 0.01, 0.02


def env_reset():
    return np.array([0.0, np.random.uniform(-0.1, 0.1)])


def env_step(s, a):
    v = s[1] + (0.1 if a == 1 else -0.1)
    p = s[0] + v
    return np.array([p, v]), (1.0 - abs(p)), abs(p) > 1.0


# actor
s_a = tf.placeholder(tf.float32, [1, N_F], "state")
a_a = tf.placeholder(tf.int32, None, "act")
td_error = tf.placeholder(tf.float32, None, "td_error")  # TD_error

with tf.variable_scope('Actor'):
    l1 = tf.layers.dense(s_a, 8, activation=tf.nn.relu,
                         kernel_initializer=tf.random_normal_initializer(0., .1),
                         bias_initializer=tf.constant_initializer(0.1), name='l1')
    acts_prob = tf.layers.dense(l1, N_A, activation=tf.nn.softmax,
                                kernel_initializer=tf.random_normal_initializer(0., .1), name='acts_prob')
with tf.variable_scope('exp_v'):
    log_prob = tf.log(acts_prob[0, a_a])
    exp_v = tf.reduce_mean(log_prob * td_error)  # advantage (TD_error) guided loss
with tf.variable_scope('train'):
    train_actor = tf.train.AdamOptimizer(LR_A).minimize(-exp_v)  # minimize(-exp_v) = maximize(exp_v)

# critic
v_ = tf.placeholder(tf.float32, [1, 1], "v_next")
r_ = tf.placeholder(tf.float32, None, 'r')
with tf.variable_scope('Critic'):
    l1 = tf.layers.dense(s_a, 8, activation=tf.nn.relu,
                         kernel_initializer=tf.random_normal_initializer(0., .1), name='l1')
    v = tf.layers.dense(l1, 1, name='V')
with tf.variable_scope('squared_TD_error'):
    td = r_ + GAMMA * v_ - v
    td_loss = tf.square(td)    # TD_error = (r+gamma*V_next) - V_eval
with tf.variable_scope('train_critic'):
    train_critic = tf.train.AdamOptimizer(LR_C).minimize(td_loss)


def choose_action(sess, s):
    probs = sess.run(acts_prob, {s_a: s[np.newaxis, :]})   # get probabilities for all actions
    p = probs.ravel().astype(np.float64)
    return np.random.choice(np.arange(p.shape[0]), p=p / p.sum())


sess = tf.Session()
sess.run(tf.global_variables_initializer())

for i_episode in range(5):
    s = env_reset()
    t = 0
    track_r = []
    while True:
        a = choose_action(sess, s)
        s_next, r, done = env_step(s, a)
        if done:
            r = -2.0
        track_r.append(r)
        v_next = sess.run(v, {s_a: s_next[np.newaxis, :]})
        error, _ = sess.run([td, train_critic], {s_a: s[np.newaxis, :], v_: v_next, r_: r})
        _, ev = sess.run([train_actor, exp_v], {s_a: s[np.newaxis, :], a_a: a, td_error: error[0]})
        s = s_next
        t += 1
        if done or t >= 15:
            print("episode:", i_episode, " reward: %.4f" % sum(track_r), "steps:", t, "value %.5f" % ev)
            break
print("V(0, 0) = %.5f" % sess.run(v, {s_a: [[0., 0.]]})[0, 0])
