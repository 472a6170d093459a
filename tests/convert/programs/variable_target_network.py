"""A small DQN: evaluation and target network, the target replaced now and then."""
import numpy as np
import tensorflow as tf

np.random.seed(1)

N_STATES, N_ACTIONS = 4, 3
MEMORY, BATCH = 60, 16
GAMMA, EPSILON, LR = 0.9, 0.8, 0.01
TARGET_REPLACE_ITER = 8


def env_step(s, a):
    s_ = 0.9 * s + 0.1 * np.roll(s, a) + 0.05 * (a - 1)
    return s_, -np.abs(s_).sum()


memory = np.zeros((MEMORY, N_STATES * 2 + 2))

# tf placeholders
tf_s = tf.placeholder(tf.float32, [None, N_STATES])
tf_a = tf.placeholder(tf.int32, [None, ])
tf_r = tf.placeholder(tf.float32, [None, ])
tf_s_ = tf.placeholder(tf.float32, [None, N_STATES])

with tf.variable_scope('q'):        # evaluation network
    l_eval = tf.layers.dense(tf_s, 10, tf.nn.relu, kernel_initializer=tf.random_normal_initializer(0, 0.3))
    q = tf.layers.dense(l_eval, N_ACTIONS, kernel_initializer=tf.random_normal_initializer(0, 0.3))

with tf.variable_scope('q_next'):   # target network, not to train
    l_target = tf.layers.dense(tf_s_, 10, tf.nn.relu, trainable=False)
    q_next = tf.layers.dense(l_target, N_ACTIONS, trainable=False)

q_target = tf_r + GAMMA * tf.reduce_max(q_next, axis=1)                   # shape=(None, )

a_indices = tf.stack([tf.range(tf.shape(tf_a)[0], dtype=tf.int32), tf_a], axis=1)
q_wrt_a = tf.gather_nd(params=q, indices=a_indices)     # shape=(None, ), q for current state

loss = tf.reduce_mean(tf.squared_difference(tf.stop_gradient(q_target), q_wrt_a))
train_op = tf.train.AdamOptimizer(LR).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())


def choose_action(s):
    s = s[np.newaxis, :]
    if np.random.uniform() < EPSILON:
        # forward feed the observation and get q value for every actions
        actions_value = sess.run(q, feed_dict={tf_s: s})
        action = np.argmax(actions_value)
    else:
        action = np.random.randint(0, N_ACTIONS)
    return action


def store_transition(counter, s, a, r, s_):
    memory[counter % MEMORY, :] = np.hstack((s, [a, r], s_))


t_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='q_next/')
e_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='q/')
replace_target = [tf.assign(t, e) for t, e in zip(t_params, e_params)]

s = np.random.randn(N_STATES)
learned = 0
for step in range(90):
    a = choose_action(s)
    s_, r = env_step(s, a)
    store_transition(step, s, a, r, s_)
    s = s_
    if step % 15 == 14:
        s = np.random.randn(N_STATES)
    if step >= MEMORY:
        if learned % TARGET_REPLACE_ITER == 0:
            sess.run(replace_target)
        learned += 1
        b = memory[np.random.choice(MEMORY, BATCH), :]
        _, l = sess.run([train_op, loss], {tf_s: b[:, :N_STATES], tf_a: b[:, N_STATES].astype(int),
                                           tf_r: b[:, N_STATES + 1], tf_s_: b[:, -N_STATES:]})
        if learned % 6 == 0:
            print('learned %d times, loss %.5f' % (learned, l))

probe = np.eye(N_STATES)
print('q %.5f, q_next %.5f' % (sess.run(q, {tf_s: probe}).sum(), sess.run(q_next, {tf_s_: probe}).sum()))
