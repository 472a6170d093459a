"""A policy gradient agent on a contextual bandit.

Actions are drawn with numpy from the probabilities that the session returns.
"""
import numpy as np
import tensorflow as tf

np.random.seed(31)

n_states, n_actions = 3, 4
# probability that an arm pays, for each state
bandits = np.array([[0.1, 0.2, 0.9, 0.3],
                    [0.8, 0.1, 0.2, 0.1],
                    [0.2, 0.1, 0.1, 0.9]])


fc1 = tf.keras.layers.Dense(8, activation=tf.tanh, kernel_initializer=tf.random_normal_initializer(0, 0.3), bias_initializer=tf.constant_initializer(0.1), name='fc1')
fc2 = tf.keras.layers.Dense(n_actions, activation=None, kernel_initializer=tf.random_normal_initializer(0, 0.3), name='fc2')


def forward(state_in):
    # the policy
    state_oh = tf.one_hot(state_in, n_states)
    hidden = fc1(state_oh)
    all_act = fc2(hidden)
    all_act_prob = tf.nn.softmax(all_act)
    return all_act_prob


@tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
def compute_all_act_prob(state_in):
    return forward(state_in)


optimizer = tf.keras.optimizers.Adam(0.05, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.float32),
])
def train_step(state_in, action_in, reward_in):
    with tf.GradientTape() as tape:
        all_act_prob = forward(state_in)
        # the loss: -log(p) * reward
        neg_log_prob = tf.reduce_sum(-tf.math.log(all_act_prob) * tf.one_hot(action_in, n_actions), axis=1)
        loss = tf.reduce_mean(neg_log_prob * reward_in)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


for episode in range(12):
    states, actions, rewards = [], [], []
    for t in range(10):
        s = np.random.randint(n_states)
        prob = compute_all_act_prob(state_in=[s]).numpy()
        a = np.random.choice(n_actions, p=prob.ravel() / prob.sum())
        r = 1.0 if np.random.rand() < bandits[s, a] else -1.0
        states.append(s)
        actions.append(a)
        rewards.append(r)

    l = train_step(state_in=np.array(states), action_in=np.array(actions), reward_in=np.array(rewards)).numpy()
    if episode % 3 == 2:
        print('episode: %2d  loss: %.5f  reward: %+.1f' % (episode, l, sum(rewards)))

final = compute_all_act_prob(state_in=range(n_states)).numpy()
print('best arms:', final.argmax(axis=1).tolist())
for row in final:
    print(' '.join('%.4f' % p for p in row))
