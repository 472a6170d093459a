import os
import shutil
import tempfile

import numpy as np

from models.example_model import ExampleModel
from trainers.example_trainer import ExampleTrainer
from utils.config import Config
from utils.logger import Logger


class DataGenerator(object):
    def __init__(self, config):
        self.random = np.random.RandomState(0)
        self.input = self.random.rand(100, *config.state_size)
        self.y = np.eye(10)[self.random.randint(0, 10, 100)]

    def next_batch(self, batch_size):
        idx = self.random.choice(100, batch_size)
        yield self.input[idx], self.y[idx]


def main():
    folder = tempfile.mkdtemp()
    config = Config(os.path.join(folder, "checkpoint", ""))
    os.makedirs(config.checkpoint_dir)

    # create your data generator
    data = DataGenerator(config)

    # create an instance of the model you want
    model = ExampleModel(config)
    # create tensorboard logger
    logger = Logger(config)
    # create trainer and pass all the previous components to it
    trainer = ExampleTrainer(model, data, config, logger)
    # load model if exists
    model.load()
    # here you train your model
    trainer.train()
    shutil.rmtree(folder)


if __name__ == '__main__':
    main()
