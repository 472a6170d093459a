"""A small DQN: evaluation and target network, the target replaced now and then."""
import numpy as np
import tensorflow as tf

np.random.seed(1)

N_STATES, N_ACTIONS = 4, 3
MEMORY, BATCH = 60, 16
GAMMA, EPSILON, LR = 0.9, 0.8, 0.01
TARGET_REPLACE_ITER = 8


def env_step(s, a):
    s_ = 0.9 * s + 0.1 * np.roll(s, a) + 0.05 * (a - 1)
    return s_, -np.abs(s_).sum()


memory = np.zeros((MEMORY, N_STATES * 2 + 2))


l_eval_layer = tf.keras.layers.Dense(10, activation=tf.nn.relu, kernel_initializer=tf.random_normal_initializer(0, 0.3), name="dense")
q_layer = tf.keras.layers.Dense(N_ACTIONS, kernel_initializer=tf.random_normal_initializer(0, 0.3), name="dense_1")


@tf.function(input_signature=[tf.TensorSpec([None, N_STATES], tf.float32)])
def compute_q(tf_s):
    with tf.name_scope('q/'):
        l_eval = l_eval_layer(tf_s)
        q = q_layer(l_eval)
    return q


l_target_layer = tf.keras.layers.Dense(10, activation=tf.nn.relu, trainable=False, name="dense")
q_next_layer = tf.keras.layers.Dense(N_ACTIONS, trainable=False, name="dense_1")


@tf.function(input_signature=[
    tf.TensorSpec([None, N_STATES], tf.float32),
    tf.TensorSpec([None, N_STATES], tf.float32),
])
def build(tf_s, tf_s_):
    with tf.name_scope('q/'):
        l_eval = l_eval_layer(tf_s)
        q = q_layer(l_eval)
    with tf.name_scope('q_next/'):
        l_target = l_target_layer(tf_s_)
        q_next = q_next_layer(l_target)


build.get_concrete_function()  # makes the variables of its layers


@tf.function(input_signature=[tf.TensorSpec([None, N_STATES], tf.float32)])
def compute_q_next(tf_s_):
    with tf.name_scope('q_next/'):
        l_target = l_target_layer(tf_s_)
        q_next = q_next_layer(l_target)
    return q_next


optimizer = tf.keras.optimizers.Adam(LR, epsilon=1e-8)
trained_variables = [*(v.value for v in l_eval_layer.trainable_variables), *(v.value for v in q_layer.trainable_variables), *(v.value for v in l_target_layer.trainable_variables), *(v.value for v in q_next_layer.trainable_variables)]


@tf.function(input_signature=[
    tf.TensorSpec([None, N_STATES], tf.float32),
    tf.TensorSpec([None, ], tf.int32),
    tf.TensorSpec([None, ], tf.float32),
    tf.TensorSpec([None, N_STATES], tf.float32),
])
def train_step(tf_s, tf_a, tf_r, tf_s_):
    with tf.GradientTape() as tape:
        with tf.name_scope('q/'):
            l_eval = l_eval_layer(tf_s)
            q = q_layer(l_eval)
        with tf.name_scope('q_next/'):
            l_target = l_target_layer(tf_s_)
            q_next = q_next_layer(l_target)
        q_target = tf_r + GAMMA * tf.reduce_max(q_next, axis=1)                   # shape=(None, )
        a_indices = tf.stack([tf.range(tf.shape(tf_a)[0], dtype=tf.int32), tf_a], axis=1)
        q_wrt_a = tf.gather_nd(params=q, indices=a_indices)     # shape=(None, ), q for current state
        loss = tf.reduce_mean(tf.math.squared_difference(tf.stop_gradient(q_target), q_wrt_a))
    gradients = tape.gradient(loss, trained_variables)
    optimizer.apply_gradients([(tf.convert_to_tensor(g), v) for g, v in zip(gradients, trained_variables) if g is not None])
    return loss


def choose_action(s):
    s = s[np.newaxis, :]
    if np.random.uniform() < EPSILON:
        # forward feed the observation and get q value for every actions
        actions_value = compute_q(tf_s=s).numpy()
        action = np.argmax(actions_value)
    else:
        action = np.random.randint(0, N_ACTIONS)
    return action


def store_transition(counter, s, a, r, s_):
    memory[counter % MEMORY, :] = np.hstack((s, [a, r], s_))


t_params = [*(v.value for v in l_target_layer.variables), *(v.value for v in q_next_layer.variables)]
e_params = [*(v.value for v in l_eval_layer.variables), *(v.value for v in q_layer.variables)]


@tf.function
def run_replace_target():
    replace_target = [t.assign(e) for t, e in zip(t_params, e_params)]


s = np.random.randn(N_STATES)
learned = 0
for step in range(90):
    a = choose_action(s)
    s_, r = env_step(s, a)
    store_transition(step, s, a, r, s_)
    s = s_
    if step % 15 == 14:
        s = np.random.randn(N_STATES)
    if step >= MEMORY:
        if learned % TARGET_REPLACE_ITER == 0:
            run_replace_target()
        learned += 1
        b = memory[np.random.choice(MEMORY, BATCH), :]
        l = train_step(tf_s=b[:, :N_STATES], tf_a=b[:, N_STATES].astype(int), tf_r=b[:, N_STATES + 1], tf_s_=b[:, -N_STATES:]).numpy()
        if learned % 6 == 0:
            print('learned %d times, loss %.5f' % (learned, l))

probe = np.eye(N_STATES)
print('q %.5f, q_next %.5f' % (compute_q(tf_s=probe).numpy().sum(), compute_q_next(tf_s_=probe).numpy().sum()))
