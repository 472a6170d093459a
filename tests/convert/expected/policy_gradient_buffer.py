"""REINFORCE: gradients of each episode are kept in a buffer on the host and applied every few episodes."""
import numpy as np
import tensorflow as tf

np.random.seed(0)
H, D, GAMMA = 8, 4, 0.9

W1 = tf.Variable(tf.keras.initializers.GlorotUniform()([D, H]), name='W1')
W2 = tf.Variable(tf.keras.initializers.GlorotUniform()([H, 1]), name='W2')


def forward(observations):
    layer1 = tf.nn.relu(tf.matmul(observations, W1))
    score = tf.matmul(layer1, W2)
    probability = tf.nn.sigmoid(score)
    return probability


@tf.function(input_signature=[tf.TensorSpec([None, D], tf.float32)])
def compute_probability(observations):
    return forward(observations)


tvars = [W1, W2]


@tf.function(input_signature=[
    tf.TensorSpec([None, D], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def compute_newgrads(observations, input_y, advantages):
    with tf.GradientTape() as tape:
        probability = forward(observations)
        loglik = tf.math.log(input_y * (input_y - probability) + (1 - input_y) * (input_y + probability))
        loss = -tf.reduce_mean(loglik * advantages)
    newGrads = tape.gradient(loss, tvars)
    return newGrads


adam = tf.keras.optimizers.Adam(1e-2, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec(None, tf.float32), tf.TensorSpec(None, tf.float32)])
def run_updategrads(W1Grad, W2Grad):
    updateGrads = adam.apply_gradients(zip([W1Grad, W2Grad], tvars))


def discount_rewards(r):
    discounted_r = np.zeros_like(r)
    running_add = 0
    for t in reversed(range(0, r.size)):
        running_add = running_add * GAMMA + r[t]
        discounted_r[t] = running_add
    return discounted_r


xs, drs, ys = [], [], []
reward_sum = 0
episode_number = 0

observation = np.random.randn(D)
gradBuffer = tf.nest.map_structure(lambda value: value.numpy(), tvars)
for ix, grad in enumerate(gradBuffer):
    gradBuffer[ix] = grad * 0

while episode_number < 6:
    x = np.reshape(observation, [1, D])
    tfprob = compute_probability(observations=x).numpy()
    action = 1 if np.random.uniform() < tfprob else 0
    xs.append(x)
    y = 1 if action == 0 else 0
    ys.append(y)
    observation = observation * 0.8 + (0.2 if action else -0.2)
    reward = 1.0 - np.abs(observation).mean()
    reward_sum += reward
    drs.append(reward)
    done = len(xs) >= 7
    if done:
        episode_number += 1
        epx = np.vstack(xs)
        epy = np.vstack(ys)
        epr = np.vstack(drs)
        xs, drs, ys = [], [], []
        discounted_epr = discount_rewards(epr)
        discounted_epr -= np.mean(discounted_epr)
        discounted_epr /= np.std(discounted_epr)
        tGrad = tf.nest.map_structure(lambda value: value.numpy(), compute_newgrads(observations=epx, input_y=epy, advantages=discounted_epr))
        for ix, grad in enumerate(tGrad):
            gradBuffer[ix] += grad
        if episode_number % 2 == 0:
            run_updategrads(W1Grad=gradBuffer[0], W2Grad=gradBuffer[1])
            for ix, grad in enumerate(gradBuffer):
                gradBuffer[ix] = grad * 0
            print('episode %d reward %.4f' % (episode_number, reward_sum))
            reward_sum = 0
        observation = np.random.randn(D)
print('W', W1.numpy().sum(), W2.numpy().sum())
