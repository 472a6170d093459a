"""REINFORCE with helper functions and main(): gradients are fetched, kept in numpy, and fed back."""
import numpy as np
import tensorflow as tf

GAMMA = 0.95


def discount(rewards):
    out = np.zeros(len(rewards))
    running = 0.0
    for k in reversed(range(len(rewards))):
        running = running * GAMMA + rewards[k]
        out[k] = running
    return out - out.mean()


def play(sess, action, probs, state_ph, rng, steps=12):
    """One game: keep the ball near zero. Returns states, actions and rewards."""
    pos, vel = rng.uniform(-0.5, 0.5), 0.0
    states, actions, rewards = [], [], []
    for _ in range(steps):
        s = [pos, vel]
        p = sess.run(probs, {state_ph: [s]})[0]
        a = int(rng.rand() < p[1])
        vel += 0.2 if a else -0.2
        pos += vel * 0.5
        states.append(s)
        actions.append(a)
        rewards.append(1.0 - abs(pos))
    return states, actions, rewards


def main():
    rng = np.random.RandomState(76)
    state = tf.placeholder(tf.float32, [None, 2])
    action = tf.placeholder(tf.int32, [None])
    reward = tf.placeholder(tf.float32, [None])
    h = tf.contrib.layers.fully_connected(state, 8, activation_fn=tf.nn.relu)
    probs = tf.contrib.layers.fully_connected(h, 2, activation_fn=tf.nn.softmax, biases_initializer=None)
    indexes = tf.range(0, tf.shape(probs)[0]) * tf.shape(probs)[1] + action
    responsible = tf.gather(tf.reshape(probs, [-1]), indexes)
    loss = -tf.reduce_mean(tf.log(responsible) * reward)

    tvars = tf.trainable_variables()
    gradient_holders = []
    for idx, var in enumerate(tvars):
        gradient_holders.append(tf.placeholder(tf.float32, name=str(idx) + '_holder'))
    gradients = tf.gradients(loss, tvars)
    optimizer = tf.train.AdamOptimizer(learning_rate=0.05)
    update_batch = optimizer.apply_gradients(zip(gradient_holders, tvars))

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        grad_buffer = sess.run(tf.trainable_variables())
        for ix, grad in enumerate(grad_buffer):
            grad_buffer[ix] = grad * 0
        for episode in range(9):
            states, actions, rewards = play(sess, action, probs, state, rng)
            feed_dict = {reward: discount(rewards), action: actions, state: np.vstack(states)}
            grads = sess.run(gradients, feed_dict=feed_dict)
            for idx, grad in enumerate(grads):
                grad_buffer[idx] += grad
            if episode % 3 == 2:
                feed_dict = dict(zip(gradient_holders, grad_buffer))
                sess.run(update_batch, feed_dict=feed_dict)
                for ix, grad in enumerate(grad_buffer):
                    grad_buffer[ix] = grad * 0
                print('episode %d reward %.4f' % (episode, sum(rewards)))
        print('p %.5f' % sess.run(probs, {state: [[0.3, 0.1]]})[0, 0])


if __name__ == '__main__':
    main()
