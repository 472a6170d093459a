from __future__ import print_function

import numpy as np

from model import Model


def main():
    rng = np.random.RandomState(0)
    images = rng.rand(60, 16)
    labels = np.eye(3)[(images[:, :3]).argmax(1)]
    model = Model()

    for epoch in range(4):
        error = model.compute_error(image=images, label=labels).numpy()
        print('Test error {:6.2f}%'.format(100 * error))
        for start in range(0, 60, 10):
            batch, target = images[start:start + 10], labels[start:start + 10]
            model.train_step(image=batch, label=target)


if __name__ == '__main__':
    main()
