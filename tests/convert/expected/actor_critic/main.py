"""Actor and critic share a session; what the critic says teaches the actor."""
from __future__ import print_function

import numpy as np

from actor import Actor
from critic import Critic


def step(state, action):
    state = np.roll(state, 1 if action else -1)
    return state, float(state[0] > state[1])


def main():

    actor = Actor(n_features=4, n_actions=2, lr=0.01)
    critic = Critic(n_features=4, lr=0.02)


    state = np.array([0.1, 0.9, 0.4, 0.2])
    for t in range(12):
        action = actor.choose_action(state)
        state_, reward = step(state, action)
        td_error = critic.learn(state, reward, state_)
        exp_v = actor.learn(state, action, td_error)
        print('%d action %d td %.5f exp_v %.5f' % (t, action, td_error[0, 0], exp_v))
        state = state_


if __name__ == '__main__':
    main()
