import numpy as np
import tensorflow as tf

from flags import FLAGS
from svd import SVD


def batch(rng):
    user, item = rng.randint(0, 10, 16), rng.randint(0, 8, 16)
    return user, item, ((user * 3 + item) % 5 + 1).astype(np.float32)


def main(_):
    rng = np.random.RandomState(0)
    model = SVD(10, 8)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        print("factors:", FLAGS.dim)
        for step in range(10):
            users, items, rates = batch(rng)
            _, cost, pred = sess.run([model.train_op, model.cost, model.infer],
                                     feed_dict={model.user: users, model.item: items, model.rate: rates})
            pred = np.clip(pred, 1.0, 5.0)
            print("%d cost %.5f rmse %.5f" % (step, cost, np.sqrt(np.mean((pred - rates) ** 2))))


if __name__ == "__main__":
    tf.app.run()
