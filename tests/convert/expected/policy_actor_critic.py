"""Actor and critic on a walk along a line; the critic's error (fetched) is fed to
the actor."""
import numpy as np
import tensorflow as tf

np.random.seed(2)
N_F, N_A = 2, 2
GAMMA = 0.9
LR_A, LR_C = 0.01, 0.02


def env_reset():
    return np.array([0.0, np.random.uniform(-0.1, 0.1)])


def env_step(s, a):
    v = s[1] + (0.1 if a == 1 else -0.1)
    p = s[0] + v
    return np.array([p, v]), (1.0 - abs(p)), abs(p) > 1.0


l1_2 = tf.keras.layers.Dense(8, activation=tf.nn.relu, kernel_initializer=tf.random_normal_initializer(0., .1), bias_initializer=tf.constant_initializer(0.1), name='l1')
acts_prob_2 = tf.keras.layers.Dense(N_A, activation=tf.nn.softmax, kernel_initializer=tf.random_normal_initializer(0., .1), name='acts_prob')


@tf.function(input_signature=[tf.TensorSpec([1, N_F], tf.float32)])
def compute_acts_prob(s_a):
    l1 = l1_2(s_a)
    acts_prob = acts_prob_2(l1)
    return acts_prob


optimizer = tf.keras.optimizers.Adam(LR_A, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([1, N_F], tf.float32),
    tf.TensorSpec(None, tf.int32),
    tf.TensorSpec(None, tf.float32),
])
def train_step_2(s_a, a_a, td_error):
    with tf.GradientTape() as tape:
        l1 = l1_2(s_a)
        acts_prob = acts_prob_2(l1)
        log_prob = tf.math.log(acts_prob[0, a_a])
        exp_v = tf.reduce_mean(log_prob * td_error)  # advantage (TD_error) guided loss
        loss = -exp_v
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return exp_v


l1_3 = tf.keras.layers.Dense(8, activation=tf.nn.relu, kernel_initializer=tf.random_normal_initializer(0., .1), name='l1')
V = tf.keras.layers.Dense(1, name='V')


@tf.function(input_signature=[tf.TensorSpec([1, N_F], tf.float32)])
def compute_v(s_a):
    l1 = l1_3(s_a)
    v = V(l1)
    return v


optimizer_2 = tf.keras.optimizers.Adam(LR_C, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([1, N_F], tf.float32),
    tf.TensorSpec([1, 1], tf.float32),
    tf.TensorSpec(None, tf.float32),
])
def train_step(s_a, v_, r_):
    with tf.GradientTape() as tape:
        l1 = l1_3(s_a)
        v = V(l1)
        td = r_ + GAMMA * v_ - v
        td_loss = tf.square(td)    # TD_error = (r+gamma*V_next) - V_eval
    variables = tape.watched_variables()
    gradients = tape.gradient(td_loss, variables)
    optimizer_2.apply_gradients(zip(gradients, variables))
    return td


def choose_action(s):
    probs = compute_acts_prob(s_a=s[np.newaxis, :]).numpy()   # get probabilities for all actions
    p = probs.ravel().astype(np.float64)
    return np.random.choice(np.arange(p.shape[0]), p=p / p.sum())


for i_episode in range(5):
    s = env_reset()
    t = 0
    track_r = []
    while True:
        a = choose_action(s)
        s_next, r, done = env_step(s, a)
        if done:
            r = -2.0
        track_r.append(r)
        v_next = compute_v(s_a=s_next[np.newaxis, :]).numpy()
        error = train_step(s_a=s[np.newaxis, :], v_=v_next, r_=r).numpy()
        ev = train_step_2(s_a=s[np.newaxis, :], a_a=a, td_error=error[0]).numpy()
        s = s_next
        t += 1
        if done or t >= 15:
            print("episode:", i_episode, " reward: %.4f" % sum(track_r), "steps:", t, "value %.5f" % ev)
            break
print("V(0, 0) = %.5f" % compute_v(s_a=[[0., 0.]]).numpy()[0, 0])
