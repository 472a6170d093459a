"""An agent whose memory is counted from its first use on, with its variables in collections whose names are held."""
import numpy as np
import tensorflow as tf

np.random.seed(2)
tf.set_random_seed(2)


class Agent:
    def __init__(self, n_actions, n_features, learning_rate=0.02, memory_size=60, batch_size=16):
        self.n_actions = n_actions
        self.n_features = n_features
        self.lr = learning_rate
        self.memory_size = memory_size
        self.batch_size = batch_size
        self.memory = np.zeros((memory_size, n_features * 2 + 2))
        self.learned = 0
        self._build_net()
        held = tf.get_collection('held_net')
        live = tf.get_collection('live_net')
        self.replace_op = [tf.assign(h, l) for h, l in zip(held, live)]
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())
        self.costs = []

    def _build_net(self):
        self.s = tf.placeholder(tf.float32, [None, self.n_features], name='s')
        self.wanted = tf.placeholder(tf.float32, [None, self.n_actions], name='wanted')
        with tf.variable_scope('live'):
            # where the variables are kept, and how they begin
            names, n_hidden, w_init, b_init = \
                ['live_net', tf.GraphKeys.GLOBAL_VARIABLES], 8, \
                tf.random_normal_initializer(0., 0.3), tf.constant_initializer(0.1)
            with tf.variable_scope('l1'):
                w1 = tf.get_variable('w1', [self.n_features, n_hidden], initializer=w_init, collections=names)
                b1 = tf.get_variable('b1', [1, n_hidden], initializer=b_init, collections=names)
                h = tf.nn.relu(tf.matmul(self.s, w1) + b1)
            with tf.variable_scope('l2'):
                w2 = tf.get_variable('w2', [n_hidden, self.n_actions], initializer=w_init, collections=names)
                self.q = tf.matmul(h, w2)
        self.loss = tf.reduce_mean(tf.squared_difference(self.wanted, self.q))
        self._train = tf.train.RMSPropOptimizer(self.lr).minimize(self.loss)

        self.s_ = tf.placeholder(tf.float32, [None, self.n_features], name='s_')
        with tf.variable_scope('held'):
            names = ['held_net', tf.GraphKeys.GLOBAL_VARIABLES]
            with tf.variable_scope('l1'):
                w1 = tf.get_variable('w1', [self.n_features, n_hidden], initializer=w_init, collections=names)
                b1 = tf.get_variable('b1', [1, n_hidden], initializer=b_init, collections=names)
                h = tf.nn.relu(tf.matmul(self.s_, w1) + b1)
            with tf.variable_scope('l2'):
                w2 = tf.get_variable('w2', [n_hidden, self.n_actions], initializer=w_init, collections=names)
                self.q_held = tf.matmul(h, w2)

    def store(self, s, a, r, s_):
        if not hasattr(self, 'stored'):
            self.stored = 0
        self.memory[self.stored % self.memory_size] = np.hstack((s, [a, r], s_))
        self.stored += 1

    def act(self, s):
        if np.random.uniform() < 0.8:
            return np.argmax(self.sess.run(self.q, feed_dict={self.s: s[np.newaxis]}))
        return np.random.randint(self.n_actions)

    def learn(self):
        if self.learned % 5 == 0:
            self.sess.run(self.replace_op)
        rows = self.memory[np.random.choice(min(self.stored, self.memory_size), self.batch_size)]
        q_held, q = self.sess.run([self.q_held, self.q], feed_dict={
            self.s_: rows[:, -self.n_features:],  # the net that is held
            self.s: rows[:, :self.n_features]})
        wanted = q.copy()
        actions = rows[:, self.n_features].astype(int)
        wanted[np.arange(self.batch_size), actions] = rows[:, self.n_features + 1] + 0.9 * q_held.max(axis=1)
        _, cost = self.sess.run([self._train, self.loss],
                                feed_dict={self.s: rows[:, :self.n_features], self.wanted: wanted})
        self.costs.append(cost)
        self.learned += 1


agent = Agent(3, 2)
state = np.array([0.5, -0.5])
for step in range(50):
    action = agent.act(state)
    after = np.clip(state + 0.1 * (action - 1) + 0.05 * np.random.randn(2), -1, 1)
    agent.store(state, action, -abs(after).sum(), after)
    state = after
    if step > 15 and step % 2 == 0:
        agent.learn()
print('stored %d, learned %d times' % (agent.stored, agent.learned))
print('costs', ' '.join('%.5f' % c for c in agent.costs[::4]))
print('shown', getattr(agent, 'shown', 'nothing'))
