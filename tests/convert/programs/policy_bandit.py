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

state_in = tf.placeholder(tf.int32, [None], name='state')
action_in = tf.placeholder(tf.int32, [None], name='action')
reward_in = tf.placeholder(tf.float32, [None], name='reward')

# the policy
state_oh = tf.one_hot(state_in, n_states)
hidden = tf.layers.dense(state_oh, 8, activation=tf.tanh,
                         kernel_initializer=tf.random_normal_initializer(0, 0.3),
                         bias_initializer=tf.constant_initializer(0.1), name='fc1')
all_act = tf.layers.dense(hidden, n_actions, activation=None,
                          kernel_initializer=tf.random_normal_initializer(0, 0.3), name='fc2')
all_act_prob = tf.nn.softmax(all_act)

# the loss: -log(p) * reward
neg_log_prob = tf.reduce_sum(-tf.log(all_act_prob) * tf.one_hot(action_in, n_actions), axis=1)
loss = tf.reduce_mean(neg_log_prob * reward_in)
train_op = tf.train.AdamOptimizer(0.05).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())

for episode in range(12):
    states, actions, rewards = [], [], []
    for t in range(10):
        s = np.random.randint(n_states)
        prob = sess.run(all_act_prob, feed_dict={state_in: [s]})
        a = np.random.choice(n_actions, p=prob.ravel() / prob.sum())
        r = 1.0 if np.random.rand() < bandits[s, a] else -1.0
        states.append(s)
        actions.append(a)
        rewards.append(r)

    _, l = sess.run([train_op, loss], feed_dict={
        state_in: np.array(states),
        action_in: np.array(actions),
        reward_in: np.array(rewards),
    })
    if episode % 3 == 2:
        print('episode: %2d  loss: %.5f  reward: %+.1f' % (episode, l, sum(rewards)))

final = sess.run(all_act_prob, {state_in: range(n_states)})
print('best arms:', final.argmax(axis=1).tolist())
for row in final:
    print(' '.join('%.4f' % p for p in row))
