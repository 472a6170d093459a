"""Q-learning on a corridor with a one-layer network as table.

The state is fed as a row of the identity; the greedy action and all Q values
are fetched together; the target is fed back.
"""
import numpy as np
import tensorflow as tf

N = 8           # cells, the goal is the last
ACTIONS = 2     # left, right


class Corridor(object):
    def reset(self):
        self.pos = 0
        return self.pos

    def step(self, action):
        self.pos = max(0, self.pos + (1 if action == 1 else -1))
        done = self.pos == N - 1
        return self.pos, 1.0 if done else -0.05, done


env = Corridor()
rng = np.random.RandomState(13)


W = tf.Variable(tf.random.uniform([N, ACTIONS], 0, 0.01))


@tf.function(input_signature=[tf.TensorSpec([1, N], tf.float32)])
def compute_qout(inputs1):
    Qout = tf.matmul(inputs1, W)
    return Qout


@tf.function(input_signature=[tf.TensorSpec([1, N], tf.float32)])
def compute_predict_and_qout(inputs1):
    Qout = tf.matmul(inputs1, W)
    predict = tf.argmax(Qout, 1)
    return predict, Qout


trainer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[
    tf.TensorSpec([1, N], tf.float32),
    tf.TensorSpec([1, ACTIONS], tf.float32),
])
def train_step(inputs1, nextQ):
    with tf.GradientTape() as tape:
        Qout = tf.matmul(inputs1, W)
        loss = tf.reduce_sum(tf.square(nextQ - Qout))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    trainer.apply_gradients(zip(gradients, variables))
    return W


# Set learning parameters
gamma = .95
e = 0.3
num_episodes = 6
lengths = []
total = 0.
for i in range(num_episodes):
    # Reset environment and get first new observation
    s = env.reset()
    rAll = 0
    for j in range(30):
        # Choose an action by greedily (with e chance of random action) from the Q-network
        a, allQ = (value.numpy() for value in compute_predict_and_qout(inputs1=np.identity(N)[s:s+1]))
        if rng.rand(1) < e:
            a[0] = rng.randint(ACTIONS)
        # Get new state and reward from environment
        s1, r, d = env.step(a[0])
        # Obtain the Q' values by feeding the new state through our network
        Q1 = compute_qout(inputs1=np.identity(N)[s1:s1+1]).numpy()
        # Obtain maxQ' and set our target value for chosen action.
        maxQ1 = np.max(Q1)
        targetQ = allQ
        targetQ[0, a[0]] = r + gamma*maxQ1
        # Train our network using target and predicted Q values
        W1 = train_step(inputs1=np.identity(N)[s:s+1], nextQ=targetQ).numpy()
        rAll += r
        s = s1
        if d:
            # Reduce chance of random action as we train the model.
            e = 1./((i/5.) + 3)
            break
    lengths.append(j + 1)
    total += rAll
    print("episode %d: %d steps, reward %.2f, sum of Q %.5f" % (i, j + 1, rAll, W.numpy().sum()))
print("Mean length: %.3f" % np.mean(lengths), "mean reward: %.4f" % (total/num_episodes))
