"""Goes on with the training of a text classifier of docs/examples where there is a checkpoint of it."""
from __future__ import print_function

import os

import numpy as np
import tensorflow as tf

from config import Config
from data import TextData
from text_cnn import TextCnnModel

FOLDER = "model"


class Trainer(object):
    def __init__(self):
        self.config = Config(vocab_size=40, sequence_length=10, embedding_size=4, num_filters=3, batch_size=16)
        self.data = TextData(self.config, size=96)
        self.model = TextCnnModel(self.config)

    def begin(self):
        checkpoint = tf.train.latest_checkpoint(FOLDER)
        if checkpoint:
            print("restored from", os.path.basename(checkpoint))
            self.model.saver.restore(checkpoint)
        else:
            pass

    def train(self, steps):
        (train_x, train_y), (eval_x, eval_y) = self.data.split()
        self.begin()
        _, loss, predictions = self.model.eval(dict(x=eval_x, y=eval_y))
        print("eval loss: {:.5f}".format(loss), predictions)
        for batch in self.data.next_batch(train_x, train_y, self.config.batch_size):
            _, loss, predictions = self.model.train(batch, 1.0)
            steps += 1
            print("step: {}, loss: {:.5f}, right: {}".format(steps, loss, np.sum(predictions == batch["y"])))
        print(self.model.infer(eval_x))
        self.model.saver.save(os.path.join(FOLDER, "text"), steps)


def main():
    Trainer().train(0)


if __name__ == "__main__":
    main()
