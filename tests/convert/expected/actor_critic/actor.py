import numpy as np
import tensorflow as tf


class Actor(tf.Module):
    def __init__(self, n_features, n_actions, lr=0.001):
        super().__init__()
        self.n_features = n_features
        self.l1 = tf.keras.layers.Dense(12, activation=tf.nn.relu, kernel_initializer=tf.random_normal_initializer(0., .1), bias_initializer=tf.constant_initializer(0.1), name='l1')

        self.acts_prob = tf.keras.layers.Dense(n_actions, activation=tf.nn.softmax, kernel_initializer=tf.random_normal_initializer(0., .1), bias_initializer=tf.constant_initializer(0.1), name='acts_prob')
        self.optimizer = tf.keras.optimizers.Adam(lr, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec([1, None], tf.float32),
    ])
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
            exp_v = tf.reduce_mean(log_prob * td_error)
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
        probs = self.compute_acts_prob(s=s).numpy()
        return int(np.argmax(probs.ravel()))
