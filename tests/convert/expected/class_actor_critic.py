"""Actor and critic, two classes that share a session."""
import numpy as np
import tensorflow as tf

np.random.seed(2)
GAMMA = 0.9
LR_A = 0.01
LR_C = 0.02


class Actor(tf.Module):
    def __init__(self, n_features, n_actions, lr=0.001):
        super().__init__()
        self.n_features = n_features
        self.l1 = tf.keras.layers.Dense(20, activation=tf.nn.relu, kernel_initializer=tf.random_normal_initializer(0., .1), bias_initializer=tf.constant_initializer(0.1), name='l1')
        self.acts_prob = tf.keras.layers.Dense(n_actions, activation=tf.nn.softmax, kernel_initializer=tf.random_normal_initializer(0., .1), bias_initializer=tf.constant_initializer(0.1), name='acts_prob')
        self.optimizer = tf.keras.optimizers.Adam(lr, epsilon=1e-8)

    @tf.function(input_signature=[tf.TensorSpec([1, None], tf.float32)])
    def compute_acts_prob(self, s):
        s = tf.ensure_shape(s, [1, self.n_features])
        l1 = self.l1(s)
        acts_prob = self.acts_prob(l1)
        return acts_prob

    @tf.function(input_signature=[
        tf.TensorSpec([1, None], tf.float32),
        tf.TensorSpec(None, tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def train_step(self, s, a, td_error):
        s = tf.ensure_shape(s, [1, self.n_features])
        with tf.GradientTape() as tape:
            l1 = self.l1(s)
            acts_prob = self.acts_prob(l1)
            log_prob = tf.math.log(acts_prob[0, a])
            exp_v = tf.reduce_mean(log_prob * td_error)  # advantage (TD_error) guided loss
            loss = -exp_v
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return exp_v

    def learn(self, s, a, td):
        s = s[np.newaxis, :]
        feed_dict = dict(s=s, a=a, td_error=td)
        exp_v = self.train_step(**feed_dict).numpy()
        return exp_v

    def choose_action(self, s):
        s = s[np.newaxis, :]
        probs = self.compute_acts_prob(s=s).numpy()   # get probabilities for all actions
        return np.random.choice(np.arange(probs.shape[1]), p=probs.ravel() / probs.sum())


class Critic(tf.Module):
    def __init__(self, n_features, lr=0.01):
        super().__init__()
        self.n_features = n_features
        self.l1 = tf.keras.layers.Dense(20, activation=tf.nn.relu, name='l1')
        self.V = tf.keras.layers.Dense(1, name='V')
        self.optimizer = tf.keras.optimizers.Adam(lr, epsilon=1e-8)

    @tf.function(input_signature=[tf.TensorSpec([1, None], tf.float32)])
    def compute_v(self, s):
        s = tf.ensure_shape(s, [1, self.n_features])
        l1 = self.l1(s)
        v = self.V(l1)
        return v

    @tf.function(input_signature=[
        tf.TensorSpec([1, None], tf.float32),
        tf.TensorSpec([1, 1], tf.float32),
        tf.TensorSpec(None, tf.float32),
    ])
    def train_step(self, s, v_, r):
        s = tf.ensure_shape(s, [1, self.n_features])
        with tf.GradientTape() as tape:
            l1 = self.l1(s)
            v = self.V(l1)
            td_error = r + GAMMA * v_ - v
            loss = tf.square(td_error)    # TD_error = (r+gamma*V_next) - V_eval
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return td_error

    def learn(self, s, r, s_):
        s, s_ = s[np.newaxis, :], s_[np.newaxis, :]

        v_ = self.compute_v(s=s_).numpy()
        td_error = self.train_step(s=s, v_=v_, r=r).numpy()
        return td_error


actor = Actor(n_features=4, n_actions=2, lr=LR_A)
critic = Critic(n_features=4, lr=LR_C)     # we need a good teacher


state = np.zeros(4)
for i_episode in range(3):
    rewards = []
    for t in range(10):
        a = actor.choose_action(state)
        after = np.roll(state, 1) * 0.5 + a - 0.3
        r = 1.0 - abs(after).mean()
        rewards.append(r)
        td_error = critic.learn(state, r, after)  # gradient = grad[r + gamma * V(s_) - V(s)]
        value = actor.learn(state, a, td_error)     # true_gradient = grad[logPi(s,a) * td_error]
        state = after
    print("episode:", i_episode, "  reward:", np.sum(rewards), td_error, value)
