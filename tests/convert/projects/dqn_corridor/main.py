from __future__ import print_function

from brain import DeepQNetwork
from corridor import Corridor


def run(env, agent, episodes=4):
    step = 0
    for episode in range(episodes):
        observation = env.reset()
        for _ in range(12):
            action = agent.choose(observation)
            observation_, reward, done = env.step(action)
            agent.store(observation, action, reward, observation_)
            if step > 8 and step % 2 == 0:
                agent.learn()
            observation = observation_
            step += 1
            if done:
                break
        print('episode', episode, 'steps', step, 'learned', agent.learned)


if __name__ == '__main__':
    env = Corridor()
    agent = DeepQNetwork(env.n_actions, env.n_features, replace_every=4)
    run(env, agent)
    print('costs', ['%.5f' % c for c in agent.cost_history])
