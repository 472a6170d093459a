"""DDPG as functions: actor and critic with targets, policy gradient by grad_ys, soft updates, noise on the host."""
import numpy as np
import tensorflow as tf

np.random.seed(2)
S_DIM, A_DIM, A_BOUND, TAU, GAMMA, BATCH = 3, 1, 2.0, 0.1, 0.9, 16


def build_a(s, scope, trainable):
    with tf.variable_scope(scope):
        init_w = tf.random_normal_initializer(0., 0.3)
        init_b = tf.constant_initializer(0.1)
        net = tf.layers.dense(s, 12, activation=tf.nn.relu, kernel_initializer=init_w, bias_initializer=init_b,
                              name='l1', trainable=trainable)
        with tf.variable_scope('a'):
            actions = tf.layers.dense(net, A_DIM, activation=tf.nn.tanh, kernel_initializer=init_w,
                                      bias_initializer=init_b, name='a', trainable=trainable)
            return tf.multiply(actions, A_BOUND, name='scaled_a')


def build_c(s, a, scope, trainable):
    with tf.variable_scope(scope):
        n_l1 = 12
        w1_s = tf.get_variable('w1_s', [S_DIM, n_l1], trainable=trainable)
        w1_a = tf.get_variable('w1_a', [A_DIM, n_l1], trainable=trainable)
        b1 = tf.get_variable('b1', [1, n_l1], trainable=trainable)
        net = tf.nn.relu(tf.matmul(s, w1_s) + tf.matmul(a, w1_a) + b1)
        return tf.layers.dense(net, 1, trainable=trainable)


S = tf.placeholder(tf.float32, [None, S_DIM], 's')
R = tf.placeholder(tf.float32, [None, 1], 'r')
S_ = tf.placeholder(tf.float32, [None, S_DIM], 's_')

with tf.variable_scope('Actor'):
    a = build_a(S, scope='eval', trainable=True)
    a_ = build_a(S_, scope='target', trainable=False)
with tf.variable_scope('Critic'):
    q = build_c(S, a, scope='eval', trainable=True)
    q_ = build_c(S_, a_, scope='target', trainable=False)

ae_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='Actor/eval')
at_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='Actor/target')
ce_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='Critic/eval')
ct_params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope='Critic/target')

soft_replace = [[tf.assign(ta, (1 - TAU) * ta + TAU * ea), tf.assign(tc, (1 - TAU) * tc + TAU * ec)]
                for ta, ea, tc, ec in zip(at_params, ae_params, ct_params, ce_params)]

q_target = R + GAMMA * q_
td_error = tf.losses.mean_squared_error(labels=q_target, predictions=q)
ctrain = tf.train.AdamOptimizer(0.01).minimize(td_error, var_list=ce_params)
a_grads = tf.gradients(q, a)
policy_grads = tf.gradients(ys=a, xs=ae_params, grad_ys=a_grads)
atrain = tf.train.AdamOptimizer(-0.001).apply_gradients(zip(policy_grads, ae_params))

sess = tf.Session()
sess.run(tf.global_variables_initializer())
memory = np.zeros((40, S_DIM * 2 + A_DIM + 1), dtype=np.float32)
s = np.random.randn(S_DIM)
var = 1.0
for t in range(40):
    act = sess.run(a, {S: s[np.newaxis, :]})[0]
    act = np.clip(np.random.normal(act, var), -A_BOUND, A_BOUND)
    s2 = 0.8 * s + 0.1 * act
    memory[t] = np.hstack((s, act, [-np.abs(s2).sum()], s2))
    s = s2 if t % 7 else np.random.randn(S_DIM)
    if t >= BATCH:
        bt = memory[np.random.choice(t, size=BATCH)]
        bs, ba, br, bs_ = bt[:, :S_DIM], bt[:, S_DIM:S_DIM + A_DIM], bt[:, -S_DIM - 1:-S_DIM], bt[:, -S_DIM:]
        sess.run(soft_replace)
        sess.run(atrain, {S: bs})
        sess.run(ctrain, {S: bs, a: ba, R: br, S_: bs_})
        var *= .995
        if t % 6 == 0:
            print('step %d td %.5f' % (t, sess.run(td_error, {S: bs, a: ba, R: br, S_: bs_})))
