from __future__ import print_function

import argparse

import tensorflow as tf

from model import Model
from utils import TextLoader

TEXT = "the quick brown fox jumps over the lazy dog and the dog sleeps on, " * 4


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rnn_size', type=int, default=12)
    parser.add_argument('--num_layers', type=int, default=2)
    parser.add_argument('--batch_size', type=int, default=4)
    parser.add_argument('--seq_length', type=int, default=10)
    parser.add_argument('--num_epochs', type=int, default=2)
    parser.add_argument('--grad_clip', type=float, default=5.)
    parser.add_argument('--learning_rate', type=float, default=0.02)
    parser.add_argument('--decay_rate', type=float, default=0.9)
    train(parser.parse_args())


def train(args):
    data_loader = TextLoader(TEXT, args.batch_size, args.seq_length)
    args.vocab_size = data_loader.vocab_size
    model = Model(args)

    for e in range(args.num_epochs):
        model.lr.assign(args.learning_rate * (args.decay_rate ** e))
        data_loader.reset_batch_pointer()
        state = tf.nest.map_structure(lambda value: value.numpy(), model.compute_initial_state())
        for b in range(data_loader.num_batches):
            x, y = data_loader.next_batch()
            feed = dict(input_data=x, targets=y)
            feed['initial_state'] = state
            train_loss, state = tf.nest.map_structure(lambda value: value.numpy(), model.train_step(**feed))
            print("{}/{} (epoch {}), train_loss = {:.5f}".format(
                e * data_loader.num_batches + b, args.num_epochs * data_loader.num_batches, e, train_loss))


if __name__ == '__main__':
    main()
