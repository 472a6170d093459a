"""Two networks of one shape: one learns, the other is a copy from time to time."""
import numpy as np
import tensorflow as tf


class DeepQNetwork(object):
    def __init__(self, n_actions, n_features, learning_rate=0.01, gamma=0.9, epsilon=0.9, replace_every=5,
                 memory_size=64, batch_size=8):
        self.n_actions = n_actions
        self.n_features = n_features
        self.lr = learning_rate
        self.gamma = gamma
        self.epsilon = epsilon
        self.replace_every = replace_every
        self.memory_size = memory_size
        self.batch_size = batch_size

        self.learned = 0
        self.stored = 0
        self.memory = np.zeros((memory_size, n_features * 2 + 2), np.float32)
        self.random = np.random.RandomState(3)
        self.cost_history = []

        self._build_net()
        target = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='target_net')
        evaluated = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='eval_net')
        with tf.variable_scope('soft_replacement'):
            self.replace_op = [tf.assign(t, e) for t, e in zip(target, evaluated)]

        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def _build_net(self):
        # ---------- inputs ----------
        self.s = tf.placeholder(tf.float32, [None, self.n_features], name='s')
        self.s_ = tf.placeholder(tf.float32, [None, self.n_features], name='s_')
        self.r = tf.placeholder(tf.float32, [None], name='r')
        self.a = tf.placeholder(tf.int32, [None], name='a')

        # ---------- the network that learns ----------
        with tf.variable_scope('eval_net'):
            hidden = tf.layers.dense(self.s, 10, tf.nn.relu, name='hidden')
            self.q_eval = tf.layers.dense(hidden, self.n_actions, name='q')

        # ---------- its copy ----------
        with tf.variable_scope('target_net'):
            hidden = tf.layers.dense(self.s_, 10, tf.nn.relu, name='hidden')
            self.q_next = tf.layers.dense(hidden, self.n_actions, name='q')

        with tf.variable_scope('q_target'):
            q_target = self.r + self.gamma * tf.reduce_max(self.q_next, axis=1)
            self.q_target = tf.stop_gradient(q_target)
        with tf.variable_scope('loss'):
            chosen = tf.reduce_sum(self.q_eval * tf.one_hot(self.a, self.n_actions), axis=1)
            self.loss = tf.reduce_mean(tf.squared_difference(self.q_target, chosen))
        with tf.variable_scope('train'):
            self.train_op = tf.train.AdamOptimizer(self.lr).minimize(self.loss)

    def store(self, s, a, r, s_):
        index = self.stored % self.memory_size
        self.memory[index, :] = np.hstack((s, [a, r], s_))
        self.stored += 1

    def choose(self, observation):
        if self.random.uniform() < self.epsilon:
            values = self.sess.run(self.q_eval, feed_dict={self.s: observation[np.newaxis, :]})
            return int(np.argmax(values))
        return self.random.randint(0, self.n_actions)

    def learn(self):
        if self.learned % self.replace_every == 0:
            self.sess.run(self.replace_op)
        index = self.random.choice(min(self.stored, self.memory_size), size=self.batch_size)
        batch = self.memory[index, :]
        _, cost = self.sess.run([self.train_op, self.loss], feed_dict={
            self.s: batch[:, :self.n_features],
            self.a: batch[:, self.n_features].astype(np.int32),
            self.r: batch[:, self.n_features + 1],
            self.s_: batch[:, -self.n_features:],
        })
        self.cost_history.append(cost)
        self.learned += 1
