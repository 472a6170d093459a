"""Train a model: python trainer.py --model text_cnn --output FOLDER"""
from __future__ import print_function

import argparse
import os
import tempfile

import numpy as np
import tensorflow as tf

from bi_lstm import BiLstmModel
from bi_lstm_attention import BiLstmAttentionModel
from config import Config
from data import TextData
from text_cnn import TextCnnModel

MODELS = {
    "text_cnn": TextCnnModel,
    "bi_lstm": BiLstmModel,
    "bi_lstm_attention": BiLstmAttentionModel,
}


class Trainer(object):
    def __init__(self, args):
        self.config = Config(epochs=args.epochs, optimization=args.optimization)
        self.output = args.output or tempfile.mkdtemp()
        self.data = TextData(self.config)
        tf.set_random_seed(args.seed)
        self.model = MODELS[args.model](self.config)

    def mean_of_batches(self, sess, x, y):
        losses, hits = [], []
        for batch in self.data.next_batch(x, y, self.config.batch_size):
            _, loss, predictions = self.model.eval(sess, batch)
            losses.append(loss)
            hits.append(np.mean(predictions == batch["y"]))
        return np.mean(losses), np.mean(hits)

    def train(self):
        (train_x, train_y), (eval_x, eval_y) = self.data.split()
        gpu_options = tf.GPUOptions(per_process_gpu_memory_fraction=0.9,
                                    allow_growth=True)
        sess_config = tf.ConfigProto(log_device_placement=False,
                                     allow_soft_placement=True,
                                     gpu_options=gpu_options)
        with tf.Session(config=sess_config) as sess:
            sess.run(tf.global_variables_initializer())
            train_writer = tf.summary.FileWriter(
                os.path.join(self.output, "summary", "train"), sess.graph)
            eval_writer = tf.summary.FileWriter(
                os.path.join(self.output, "summary", "eval"))
            current_step = 0

            for epoch in range(self.config.epochs):
                print("----- Epoch {}/{} -----".format(epoch + 1, self.config.epochs))
                for batch in self.data.next_batch(train_x, train_y,
                                                  self.config.batch_size):
                    summary, loss, predictions = self.model.train(
                        sess, batch, self.config.keep_prob)
                    train_writer.add_summary(summary, current_step)
                    current_step += 1

                    if current_step % self.config.eval_every == 0:
                        eval_loss, acc = self.mean_of_batches(sess, eval_x, eval_y)
                        value = tf.Summary.Value(tag="accuracy",
                                                 simple_value=float(acc))
                        eval_writer.add_summary(tf.Summary(value=[value]),
                                                current_step)
                        print("step: {}, loss: {:.4f}, eval loss: {:.4f}, "
                              "accuracy: {:.4f}".format(current_step, loss,
                                                        eval_loss, acc))
                        self.model.saver.save(
                            sess, os.path.join(self.output, "model", "text"),
                            global_step=current_step)

            train_writer.close()
            eval_writer.close()
        return self.output


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=sorted(MODELS), default="text_cnn")
    parser.add_argument("--optimization", choices=["adam", "rmsprop", "sgd"],
                        default="adam")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", default=None,
                        help="folder for summaries and checkpoints")
    args = parser.parse_args()
    print("saved in", Trainer(args).train())


if __name__ == "__main__":
    main()
