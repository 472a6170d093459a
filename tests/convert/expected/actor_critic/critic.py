import numpy as np
import tensorflow as tf

GAMMA = 0.9


class Critic(tf.Module):
    def __init__(self, n_features, lr=0.01):
        super().__init__()
        self.n_features = n_features
        self.l1 = tf.keras.layers.Dense(12, activation=tf.nn.relu, name='l1')
        self.V = tf.keras.layers.Dense(1, name='V')
        self.optimizer = tf.keras.optimizers.Adam(lr, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec([1, None], tf.float32),
    ])
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
            loss = tf.square(td_error)
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return td_error

    def learn(self, s, r, s_):
        s, s_ = s[np.newaxis, :], s_[np.newaxis, :]

        v_ = self.compute_v(s=s_).numpy()
        td_error = self.train_step(s=s, v_=v_, r=r).numpy()
        return td_error
