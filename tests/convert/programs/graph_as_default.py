"""Two graphs, each under its own as_default()."""
import tensorflow as tf
import numpy as np

np.random.seed(27)
series = np.cumsum(np.random.randn(120)) * 0.1
windows = np.array([series[i:i + 8] for i in range(100)])
nexts = series[8:108].reshape(-1, 1)

graph = tf.Graph()
with graph.as_default():
    inp = tf.placeholder(tf.float32, shape=(None, 8), name='inp')
    out = tf.placeholder(tf.float32, shape=(None, 1), name='out')
    weights = tf.Variable(tf.truncated_normal([8, 1], stddev=0.2))
    biases = tf.Variable(tf.zeros([1]))
    pred = tf.matmul(inp, weights) + biases
    loss = tf.reduce_mean(tf.abs(pred - out))
    optimizer = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    init = tf.global_variables_initializer()

with tf.Session(graph=graph) as session:
    init.run()
    print('Initialized')
    for step in range(20):
        _, l = session.run([optimizer, loss], feed_dict={inp: windows, out: nexts})
        if step % 5 == 0:
            print('linear: loss at step %d: %.6f' % (step, l))
    print('linear weights: %.5f' % weights.eval().sum())

# a second model, the same names mean other things
with tf.Graph().as_default():
    inp = tf.placeholder(tf.float32, [None, 8])
    out = tf.placeholder(tf.float32, [None, 1])
    h = tf.layers.dense(inp, 10, tf.nn.tanh)
    pred = tf.layers.dense(h, 1)
    loss = tf.losses.huber_loss(out, pred)
    optimizer = tf.train.AdamOptimizer(0.02).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(20):
            _, l = session.run([optimizer, loss], feed_dict={inp: windows, out: nexts})
            if step % 5 == 0:
                print('mlp: loss at step %d: %.6f' % (step, l))
        print('mlp prediction: %.5f' % session.run(pred, {inp: windows[:1]})[0, 0])
