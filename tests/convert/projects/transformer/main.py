from __future__ import print_function

import numpy as np
import tensorflow as tf

from hyperparams import Hyperparams as hp
from model import TransformerClassifier


def main():
    rng = np.random.RandomState(0)
    x = rng.randint(0, hp.vocab_size, (48, hp.maxlen))
    y = x[:, 0] % hp.num_classes
    model = TransformerClassifier(hp)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    for epoch in range(2):
        for start in range(0, 48, 16):
            feed = {model.x: x[start:start + 16], model.y: y[start:start + 16], model.keep_prob: 0.9}
            _, loss = sess.run([model.train_op, model.loss], feed)
            print("epoch", epoch, "loss %.5f" % loss)
    preds = sess.run(model.preds, {model.x: x, model.keep_prob: 1.0})
    print("accuracy", np.mean(preds == y))


if __name__ == '__main__':
    main()
