"""The same kind of program, written against tensorflow.compat.v1."""
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def make_data():
    rng = np.random.RandomState(93)
    a = rng.uniform(-2, 2, size=(64, 2))
    return a, (a ** 2).sum(axis=1, keepdims=True)


def build_model(x):
    with tf.variable_scope('model'):
        h = tf.layers.dense(x, 16, activation=tf.nn.tanh, name='h')
        return tf.layers.dense(h, 1, name='out')


def main():
    x_data, y_data = make_data()
    x = tf.placeholder(tf.float32, [None, 2], name='x')
    y = tf.placeholder(tf.float32, [None, 1], name='y')
    prediction = build_model(x)
    loss = tf.losses.mean_squared_error(y, prediction)
    train = tf.train.AdamOptimizer(0.02).minimize(loss)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(25):
            _, value = sess.run([train, loss], feed_dict={x: x_data, y: y_data})
            if i % 8 == 0:
                print('%2d loss %.5f' % (i, value))
        print('f(1, 1) = %.5f' % sess.run(prediction, {x: [[1.0, 1.0]]})[0, 0])


if __name__ == '__main__':
    main()
