import numpy as np


class TextLoader(object):
    def __init__(self, text, batch_size, seq_length):
        self.batch_size = batch_size
        self.seq_length = seq_length
        self.chars = sorted(set(text))
        self.vocab_size = len(self.chars)
        self.vocab = dict(zip(self.chars, range(len(self.chars))))
        self.tensor = np.array([self.vocab[c] for c in text], np.int32)
        self.create_batches()
        self.reset_batch_pointer()

    def create_batches(self):
        self.num_batches = int((self.tensor.size - 1) / (self.batch_size * self.seq_length))
        size = self.num_batches * self.batch_size * self.seq_length
        xdata, ydata = self.tensor[:size], self.tensor[1:size + 1]
        self.x_batches = np.split(xdata.reshape(self.batch_size, -1), self.num_batches, 1)
        self.y_batches = np.split(ydata.reshape(self.batch_size, -1), self.num_batches, 1)

    def next_batch(self):
        x, y = self.x_batches[self.pointer], self.y_batches[self.pointer]
        self.pointer += 1
        return x, y

    def reset_batch_pointer(self):
        self.pointer = 0
