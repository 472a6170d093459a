"""A sequence regression: the final state of one run is fed as the initial state of
the next, and at the end the net runs alone on its own outputs."""
import tensorflow as tf
import numpy as np

# Hyper parameters
TIME_STEP = 8
INPUT_SIZE = 1
CELL_SIZE = 12
LR = 0.02

tf_x = tf.placeholder(tf.float32, [None, None, INPUT_SIZE])        # shape(batch, steps, 1)
tf_y = tf.placeholder(tf.float32, [None, None, INPUT_SIZE])

# RNN
rnn_cell = tf.contrib.rnn.BasicRNNCell(num_units=CELL_SIZE)
init_s = rnn_cell.zero_state(batch_size=1, dtype=tf.float32)    # very first hidden state
outputs, final_s = tf.nn.dynamic_rnn(
    rnn_cell,                   # cell you have chosen
    tf_x,                       # input
    initial_state=init_s,       # the initial hidden state
    time_major=False,           # False: (batch, time step, input); True: (time step, batch, input)
)
outs2D = tf.reshape(outputs, [-1, CELL_SIZE])                       # reshape 3D output to 2D for fully connected layer
net_outs2D = tf.layers.dense(outs2D, INPUT_SIZE)
outs = tf.reshape(net_outs2D, [1, -1, INPUT_SIZE])                  # reshape back to 3D

loss = tf.losses.mean_squared_error(labels=tf_y, predictions=outs)  # compute cost
train_op = tf.train.AdamOptimizer(LR).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())     # initialize var in graph

for step in range(20):
    start, end = step * np.pi, (step+1)*np.pi   # time range
    # use sin predicts cos
    steps = np.linspace(start, end, TIME_STEP)
    x = np.sin(steps)[np.newaxis, :, np.newaxis]    # shape (batch, time_step, input_size)
    y = np.cos(steps)[np.newaxis, :, np.newaxis]
    if 'final_s_' not in globals():                 # first state, no any hidden state
        feed_dict = {tf_x: x, tf_y: y}
    else:                                           # has hidden state, so pass it to rnn
        feed_dict = {tf_x: x, tf_y: y, init_s: final_s_}
    _, pred_, final_s_ = sess.run([train_op, outs, final_s], feed_dict)     # train
    if step % 5 == 4:
        print('step %d error %.5f state %.5f' % (step, np.abs(pred_ - y).mean(), final_s_.sum()))

# one step at a time
state = final_s_
value = [[[0.5]]]
for _ in range(4):
    value, state = sess.run([outs, final_s], {tf_x: value, init_s: state})
    print('alone %.5f' % value[0, 0, 0])
