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

        # ---------- the network that learns ----------
        self.hidden = tf.keras.layers.Dense(10, activation=tf.nn.relu, name='hidden')
        self.q = tf.keras.layers.Dense(self.n_actions, name='q')
        # ---------- its copy ----------
        self.hidden_2 = tf.keras.layers.Dense(10, activation=tf.nn.relu, name='hidden')
        self.q_2 = tf.keras.layers.Dense(self.n_actions, name='q')
        self.build.get_concrete_function()  # makes the variables of its layers

        self.optimizer = tf.keras.optimizers.Adam(self.lr, epsilon=1e-8)
        self.target = [*(v.value for v in self.hidden_2.variables), *(v.value for v in self.q_2.variables)]
        self.evaluated = [*(v.value for v in self.hidden.variables), *(v.value for v in self.q.variables)]

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
    ])
    def compute_q_eval(self, s):
        s = tf.ensure_shape(s, [None, self.n_features])
        with tf.name_scope('eval_net/'):
            hidden = self.hidden(s)
            q_eval = self.q(hidden)
        return q_eval

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def build(self, s, s_):
        s = tf.ensure_shape(s, [None, self.n_features])
        s_ = tf.ensure_shape(s_, [None, self.n_features])
        with tf.name_scope('eval_net/'):
            hidden = self.hidden(s)
            q_eval = self.q(hidden)
        with tf.name_scope('target_net/'):
            hidden = self.hidden_2(s_)
            q_next = self.q_2(hidden)

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def train_step(self, s, a, r, s_):
        s = tf.ensure_shape(s, [None, self.n_features])
        s_ = tf.ensure_shape(s_, [None, self.n_features])
        with tf.GradientTape() as tape:
            with tf.name_scope('eval_net/'):
                hidden = self.hidden(s)
                q_eval = self.q(hidden)
            with tf.name_scope('target_net/'):
                hidden = self.hidden_2(s_)
                q_next = self.q_2(hidden)
            q_target = r + self.gamma * tf.reduce_max(q_next, axis=1)
            q_target = tf.stop_gradient(q_target)
            chosen = tf.reduce_sum(q_eval * tf.one_hot(a, self.n_actions), axis=1)
            loss = tf.reduce_mean(tf.math.squared_difference(q_target, chosen))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return loss

    @tf.function
    def run_replace_op(self):
        replace_op = [t.assign(e) for t, e in zip(self.target, self.evaluated)]

    def store(self, s, a, r, s_):
        index = self.stored % self.memory_size
        self.memory[index, :] = np.hstack((s, [a, r], s_))
        self.stored += 1

    def choose(self, observation):
        if self.random.uniform() < self.epsilon:
            values = self.compute_q_eval(s=observation[np.newaxis, :]).numpy()
            return int(np.argmax(values))
        return self.random.randint(0, self.n_actions)

    def learn(self):
        if self.learned % self.replace_every == 0:
            self.run_replace_op()
        index = self.random.choice(min(self.stored, self.memory_size), size=self.batch_size)
        batch = self.memory[index, :]
        cost = self.train_step(s=batch[:, :self.n_features], a=batch[:, self.n_features].astype(np.int32), r=batch[:, self.n_features + 1], s_=batch[:, -self.n_features:]).numpy()
        self.cost_history.append(cost)
        self.learned += 1
