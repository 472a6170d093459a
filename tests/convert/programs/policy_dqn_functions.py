"""DQN with functions: online and target network, a replay memory, an annealed epsilon."""
import random
from collections import deque

import numpy as np
import tensorflow as tf

random.seed(1)
np.random.seed(1)
STATE, ACTIONS, GAMMA, BATCH = 4, 2, 0.95, 16
UPDATE_TARGET = 10


def build_net(s, scope, trainable):
    w_init = tf.random_normal_initializer(0., 0.3)
    with tf.variable_scope(scope):
        h = tf.layers.dense(s, 20, tf.nn.relu, kernel_initializer=w_init, trainable=trainable)
        q = tf.layers.dense(h, ACTIONS, kernel_initializer=w_init, trainable=trainable)
    return q


def copy_ops(source, target):
    s_vars = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=source)
    t_vars = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=target)
    return [tf.assign(t, s) for t, s in zip(t_vars, s_vars)]


def env_step(state, action):
    drift = 0.1 if action == 1 else -0.1
    nxt = state * 0.9 + drift + np.random.randn(STATE) * 0.02
    return nxt, 1.0 - abs(nxt).mean(), bool(np.random.rand() < 0.1)


def main():
    s = tf.placeholder(tf.float32, [None, STATE], name='s')
    s_ = tf.placeholder(tf.float32, [None, STATE], name='s_')
    a = tf.placeholder(tf.int32, [None], name='a')
    r = tf.placeholder(tf.float32, [None], name='r')
    done = tf.placeholder(tf.float32, [None], name='done')

    q_eval = build_net(s, 'eval_net', True)
    q_next = build_net(s_, 'target_net', False)
    target = tf.stop_gradient(r + GAMMA * (1. - done) * tf.reduce_max(q_next, axis=1))
    picked = tf.reduce_sum(q_eval * tf.one_hot(a, ACTIONS), axis=1)
    loss = tf.reduce_mean(tf.squared_difference(target, picked))
    train_op = tf.train.RMSPropOptimizer(0.005).minimize(loss)
    replace = copy_ops('eval_net', 'target_net')

    memory = deque(maxlen=200)
    epsilon = 1.0
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(replace)
        state = np.random.randn(STATE)
        for step in range(60):
            if random.random() < epsilon:
                action = random.randrange(ACTIONS)
            else:
                action = np.argmax(sess.run(q_eval, feed_dict={s: state[np.newaxis]}))
            nxt, reward, end = env_step(state, action)
            memory.append((state, action, reward, nxt, end))
            state = np.random.randn(STATE) if end else nxt
            if len(memory) >= BATCH:
                batch = random.sample(list(memory), BATCH)
                states, acts, rewards, nexts, ends = [np.array(x) for x in zip(*batch)]
                _, cost = sess.run([train_op, loss], feed_dict={
                    s: states, a: acts, r: rewards, s_: nexts, done: ends.astype(np.float32)})
                epsilon = max(0.1, epsilon * 0.95)
                if step % UPDATE_TARGET == 0:
                    sess.run(replace)
                    print('step %d cost %.5f epsilon %.3f' % (step, cost, epsilon))
        print('q', sess.run(q_eval, feed_dict={s: np.ones((1, STATE))}))


if __name__ == '__main__':
    main()
