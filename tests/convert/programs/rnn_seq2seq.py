"""An encoder and a decoder that turns words around, with shared embeddings as one-hot."""
import numpy as np
import tensorflow as tf

# S: start of decoding, E: end, P: padding
char_arr = [c for c in 'SEPabcdeht']
num_dic = {n: i for i, n in enumerate(char_arr)}
dic_len = len(num_dic)
seq_data = [['abcd', 'dcba'], ['heat', 'taeh'], ['tabe', 'ebat'], ['cade', 'edac'], ['bead', 'daeb']]


def make_batch(seq_data):
    input_batch = []
    output_batch = []
    target_batch = []
    for seq in seq_data:
        inp = [num_dic[n] for n in seq[0]]
        output = [num_dic[n] for n in ('S' + seq[1])]
        target = [num_dic[n] for n in (seq[1] + 'E')]
        input_batch.append(np.eye(dic_len)[inp])
        output_batch.append(np.eye(dic_len)[output])
        # sparse_softmax_cross_entropy: no one-hot
        target_batch.append(target)
    return input_batch, output_batch, target_batch


learning_rate = 0.02
n_hidden = 16
total_epoch = 15
n_class = n_input = dic_len

# [batch size, time steps, input size]
enc_input = tf.placeholder(tf.float32, [None, None, n_input])
dec_input = tf.placeholder(tf.float32, [None, None, n_input])
# [batch size, time steps]
targets = tf.placeholder(tf.int64, [None, None])

with tf.variable_scope('encode'):
    enc_cell = tf.nn.rnn_cell.BasicRNNCell(n_hidden)
    enc_cell = tf.nn.rnn_cell.DropoutWrapper(enc_cell, output_keep_prob=0.9)
    outputs, enc_states = tf.nn.dynamic_rnn(enc_cell, enc_input, dtype=tf.float32)

with tf.variable_scope('decode'):
    dec_cell = tf.nn.rnn_cell.BasicRNNCell(n_hidden)
    # the final state of the encoder is the initial state of the decoder
    outputs, dec_states = tf.nn.dynamic_rnn(dec_cell, dec_input, initial_state=enc_states, dtype=tf.float32)

model = tf.layers.dense(outputs, n_class, activation=None)
cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=model, labels=targets))
optimizer = tf.train.AdamOptimizer(learning_rate).minimize(cost)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
input_batch, output_batch, target_batch = make_batch(seq_data)

for epoch in range(total_epoch):
    _, loss = sess.run([optimizer, cost],
                       feed_dict={enc_input: input_batch, dec_input: output_batch, targets: target_batch})
    if epoch % 5 == 0:
        print('Epoch:', '%04d' % (epoch + 1), 'cost =', '{:.6f}'.format(loss))


def translate(word):
    # the decoder does not know the answer: P for every place
    seq = [word, 'P' * len(word)]
    input_batch, output_batch, target_batch = make_batch([seq])
    prediction = tf.argmax(model, 2)
    result = sess.run(prediction, feed_dict={enc_input: input_batch, dec_input: output_batch,
                                             targets: target_batch})
    decoded = [char_arr[i] for i in result[0]]
    return ''.join(decoded)


for w in ('abcd', 'heat', 'bade'):
    print(w, '->', translate(w))
