"""Cells called by hand in Python loops, with reuse; several layers; truncated backpropagation."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(39)
BATCH, STEPS, SIZE, VOCAB = 4, 5, 7, 11
stream = np.cumsum(rng.randint(0, 3, (BATCH, 41)), axis=1) % VOCAB

inputs = tf.placeholder(tf.int32, [BATCH, STEPS])
targets = tf.placeholder(tf.int32, [BATCH, STEPS])

cells = [tf.nn.rnn_cell.BasicLSTMCell(SIZE, forget_bias=0.0, state_is_tuple=True) for _ in range(2)]
cell = tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=True)
initial_state = cell.zero_state(BATCH, tf.float32)

embedding = tf.get_variable('embedding', [VOCAB, SIZE], initializer=tf.random_uniform_initializer(-0.1, 0.1))
embedded = tf.nn.embedding_lookup(embedding, inputs)

outputs = []
state = initial_state
with tf.variable_scope('RNN', initializer=tf.random_uniform_initializer(-0.2, 0.2)):
    for time_step in range(STEPS):
        if time_step > 0:
            tf.get_variable_scope().reuse_variables()
        (cell_output, state) = cell(embedded[:, time_step, :], state)
        outputs.append(cell_output)
final_state = state

output = tf.reshape(tf.concat(outputs, 1), [-1, SIZE])
softmax_w = tf.get_variable('softmax_w', [SIZE, VOCAB], initializer=tf.random_uniform_initializer(-0.2, 0.2))
softmax_b = tf.get_variable('softmax_b', [VOCAB], initializer=tf.zeros_initializer())
logits = tf.matmul(output, softmax_w) + softmax_b
loss = tf.contrib.legacy_seq2seq.sequence_loss_by_example(
    [logits], [tf.reshape(targets, [-1])], [tf.ones([BATCH * STEPS])])
cost = tf.reduce_sum(loss) / BATCH

lr = tf.Variable(0.0, trainable=False)
tvars = tf.trainable_variables()
grads, _ = tf.clip_by_global_norm(tf.gradients(cost, tvars), 5)
train_op = tf.train.GradientDescentOptimizer(lr).apply_gradients(zip(grads, tvars))
new_lr = tf.placeholder(tf.float32, shape=[], name='new_learning_rate')
lr_update = tf.assign(lr, new_lr)

with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for epoch in range(3):
        session.run(lr_update, feed_dict={new_lr: 1.0 * 0.7 ** epoch})
        costs = 0.0
        state = session.run(initial_state)
        for k in range(0, 40, STEPS):
            feed_dict = {inputs: stream[:, k:k + STEPS], targets: stream[:, k + 1:k + STEPS + 1]}
            for i, (c, h) in enumerate(initial_state):
                feed_dict[c] = state[i].c
                feed_dict[h] = state[i].h
            cst, state, _ = session.run([cost, final_state, train_op], feed_dict)
            costs += cst
        print('Epoch: %d Learning rate: %.3f Perplexity: %.4f' % (epoch, session.run(lr), np.exp(costs / 40)))
    print('state %.5f' % state[1].h.sum())
