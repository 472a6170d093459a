"""Embeddings and the gradients of rows: rows that appear twice in a batch, each optimizer."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(31)
USERS, ITEMS, DIM = 7, 9, 4
users = rs.randint(0, USERS, 60)
items = rs.randint(0, ITEMS, 60)
ratings = (np.sin(users) + np.cos(items)).astype(np.float32)

u = tf.placeholder(tf.int32, [None], name='user')
i = tf.placeholder(tf.int32, [None], name='item')
r = tf.placeholder(tf.float32, [None], name='rating')

start_u = rs.randn(USERS, DIM).astype(np.float32) * 0.3
start_i = rs.randn(ITEMS, DIM).astype(np.float32) * 0.3

models = []
for name, opt in [('sgd', tf.train.GradientDescentOptimizer(0.5)),
                  ('adam', tf.train.AdamOptimizer(0.05)),
                  ('adagrad', tf.train.AdagradOptimizer(0.3)),
                  ('momentum', tf.train.MomentumOptimizer(0.2, 0.9))]:
    with tf.variable_scope(name):
        U = tf.get_variable('U', initializer=start_u)
        V = tf.get_variable('V', initializer=start_i)
        bias = tf.get_variable('bias', [ITEMS], initializer=tf.zeros_initializer())
        dot = tf.reduce_sum(tf.nn.embedding_lookup(U, u) * tf.nn.embedding_lookup(V, i), axis=1)
        pred = dot + tf.gather(bias, i)
        loss = tf.reduce_mean(tf.square(pred - r))
        gvs = opt.compute_gradients(loss)
        grads, _ = tf.clip_by_global_norm([g for g, v in gvs], 1.0)
        train = opt.apply_gradients(zip(grads, [v for g, v in gvs]))
        models.append((name, loss, train, U, V))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for name, loss, train, U, V in models:
        total = 0.0
        for k in range(12):
            b = slice(k % 4 * 15, k % 4 * 15 + 15)
            _, l = sess.run([train, loss], {u: users[b], i: items[b], r: ratings[b]})
            total += l
        uv, vv = sess.run([U, V])
        print('%-9s mean loss %.5f last %.5f U %.5f V %.5f' % (name, total / 12, l, uv.sum(), vv.sum()))
