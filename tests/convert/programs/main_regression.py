"""A regression program in functions, with main()."""
import numpy as np
import tensorflow as tf


def load_data(n=60, seed=9):
    rng = np.random.RandomState(seed)
    x = rng.uniform(-3, 3, (n, 1))
    y = np.sin(x) + 0.1 * rng.randn(n, 1)
    return x.astype(np.float32), y.astype(np.float32)


def inference(x, hidden):
    w1 = tf.Variable(tf.random_normal([1, hidden]), name='w1')
    b1 = tf.Variable(tf.zeros([hidden]), name='b1')
    w2 = tf.Variable(tf.random_normal([hidden, 1], stddev=0.2), name='w2')
    b2 = tf.Variable(tf.zeros([1]), name='b2')
    return tf.matmul(tf.tanh(tf.matmul(x, w1) + b1), w2) + b2


def loss_fn(pred, target):
    return tf.reduce_mean(tf.squared_difference(pred, target), name='loss')


def training(loss, rate):
    optimizer = tf.train.AdamOptimizer(rate)
    return optimizer.minimize(loss)


def main():
    x_data, y_data = load_data()

    x_ph = tf.placeholder(tf.float32, shape=(None, 1), name='x')
    y_ph = tf.placeholder(tf.float32, shape=(None, 1), name='y')

    pred = inference(x_ph, hidden=10)
    loss = loss_fn(pred, y_ph)
    train_op = training(loss, rate=0.03)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(30):
            feed = {x_ph: x_data, y_ph: y_data}
            _, value = sess.run([train_op, loss], feed_dict=feed)
            if step % 10 == 0 or step == 29:
                print('step {:3d} loss {:.5f}'.format(step, value))

        probe = np.array([[-1.5], [0.0], [1.5]], dtype=np.float32)
        for p, q in zip(probe.ravel(), sess.run(pred, feed_dict={x_ph: probe}).ravel()):
            print('f({:+.1f}) = {:+.4f}'.format(p, q))


if __name__ == '__main__':
    main()
