"""Classify with a trained model: python predictor.py --output FOLDER"""
from __future__ import print_function

import argparse
import os

import numpy as np
import tensorflow as tf

from config import Config
from data import TextData
from trainer import MODELS


class Predictor(object):
    def __init__(self, name, folder):
        self.config = Config()
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.model = MODELS[name](self.config)
            self.sess = self.load(folder)

    def load(self, folder):
        sess = tf.Session()
        checkpoint = tf.train.latest_checkpoint(os.path.join(folder, "model"))
        if checkpoint is None:
            raise IOError("no checkpoint in %s: run trainer.py first" % folder)
        print("restore from", os.path.basename(checkpoint))
        self.model.saver.restore(sess, checkpoint)
        return sess

    def predict(self, sentences):
        return self.model.infer(self.sess, sentences)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=sorted(MODELS), default="text_cnn")
    parser.add_argument("--output", required=True,
                        help="the folder that trainer.py saved in")
    args = parser.parse_args()

    predictor = Predictor(args.model, args.output)
    x, y = TextData(predictor.config, size=100, seed=7).split(1.0)[0]
    predictions = predictor.predict(x)
    print("first ten: ", predictions[:10])
    print("expected:  ", y[:10])
    print("accuracy: {:.4f}".format(np.mean(predictions == y)))


if __name__ == "__main__":
    main()
