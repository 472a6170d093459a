import numpy as np
import tensorflow as tf

from mlp import MLP

if __name__ == '__main__':
    rng = np.random.RandomState(0)
    x = rng.rand(48, 6)
    y = x[:, :3].argmax(1)

    model = MLP(6)
    model.build()

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(3):
            for i in range(0, 48, 12):
                feed_dict = {model.x: x[i:i + 12], model.y: y[i:i + 12]}
                loss, _ = sess.run([model.loss, model.train_op], feed_dict=feed_dict)
            accuracy, hidden = sess.run([model.accuracy, model.layers[0]], feed_dict={model.x: x, model.y: y})
            print('epoch %d loss %.6f accuracy %.3f hidden %.5f' % (epoch, loss, accuracy, hidden.mean()))
