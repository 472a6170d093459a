"""Generated sentences: word ids, of which some are typical of a class."""
import numpy as np


class TextData(object):
    def __init__(self, config, size=600, seed=0):
        self.config = config
        self.random = np.random.RandomState(seed)
        self.x, self.y = self.make(size)

    def make(self, size):
        config = self.config
        y = self.random.randint(config.num_classes, size=size)
        x = self.random.randint(1, config.vocab_size,
                                size=(size, config.sequence_length))
        # every class has ten words of its own; each sentence has three of them
        for row, label in zip(x, y):
            places = self.random.choice(config.sequence_length, 3, replace=False)
            row[places] = 1 + 10 * label + self.random.randint(10, size=3)
        return x.astype(np.int32), y.astype(np.int32)

    def split(self, rate=0.8):
        n = int(len(self.x) * rate)
        return (self.x[:n], self.y[:n]), (self.x[n:], self.y[n:])

    def next_batch(self, x, y, batch_size):
        """Shuffle, then yield full batches."""
        perm = self.random.permutation(len(x))
        x, y = x[perm], y[perm]
        for i in range(len(x) // batch_size):
            start = i * batch_size
            yield {"x": x[start:start + batch_size],
                   "y": y[start:start + batch_size]}
