from __future__ import print_function

import numpy as np

from hyperparams import Hyperparams as hp
from model import TransformerClassifier


def main():
    rng = np.random.RandomState(0)
    x = rng.randint(0, hp.vocab_size, (48, hp.maxlen))
    y = x[:, 0] % hp.num_classes
    model = TransformerClassifier(hp)
    for epoch in range(2):
        for start in range(0, 48, 16):
            feed = dict(x=x[start:start + 16], y=y[start:start + 16], keep_prob=0.9)
            loss = model.train_step(**feed).numpy()
            print("epoch", epoch, "loss %.5f" % loss)
    preds = model.compute_preds(x=x, keep_prob=1.0).numpy()
    print("accuracy", np.mean(preds == y))


if __name__ == '__main__':
    main()
