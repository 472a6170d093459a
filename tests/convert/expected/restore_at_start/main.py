from __future__ import print_function

import os
import shutil
import tempfile

import numpy as np
import tensorflow as tf

from net import Regression


def write_summaries(writer, summaries, step=0):
    """Writes values by their kinds and tags: {"scalar": {"loss": 0.5}}."""
    step = int(step)
    with writer.as_default():
        for tag, value in summaries.get("scalar", {}).items():
            tf.summary.scalar(tag, value, step=step)
        for tag, value in summaries.get("histogram", {}).items():
            tf.summary.histogram(tag, value, step=step)
        for tag, value in summaries.get("text", {}).items():
            tf.summary.text(tag, value, step=step)
        for tag, images in summaries.get("image", {}).items():
            for number, image in enumerate(images):
                tf.summary.image(f"{tag}{number}" if tag.endswith("/") else tag, image[tf.newaxis], step=step)


class Trainer(object):
    def __init__(self, model, folder):
        self.model = model
        self.folder = folder
        self.path = os.path.join(folder, "model.ckpt")

    def restore(self):
        checkpoint = tf.train.get_checkpoint_state(self.folder)
        if checkpoint and checkpoint.model_checkpoint_path:
            self.model.saver.restore(checkpoint.model_checkpoint_path)
            print("restored from", os.path.basename(checkpoint.model_checkpoint_path))
        else:
            print("from scratch")

    def train(self, x, y, steps):
        model = self.model
        self.restore()
        writer = tf.summary.create_file_writer(os.path.join(self.folder, "log"))
        with writer.as_default():
            tf.summary.graph(model.train_step.get_concrete_function().graph)
        for _ in range(steps):
            loss, summary, step = tf.nest.map_structure(lambda value: value.numpy(), model.train_step(x=x, y=y))
            write_summaries(writer, summary, step)
            print("step %d loss %.6f" % (step, loss))
        writer.close()
        model.saver.save(self.path, model.global_step)

    def evaluate(self, x, y):
        self.model.saver.restore(tf.train.latest_checkpoint(self.folder))
        return self.model.compute_loss_2(x=x, y=y).numpy()


def main():
    rng = np.random.RandomState(0)
    x = rng.rand(30, 3)
    y = x.sum(1, keepdims=True)
    folder = tempfile.mkdtemp()
    trainer = Trainer(Regression(3, 5, 0.05), folder)
    trainer.train(x, y, 4)
    print("after training: %.6f" % trainer.evaluate(x, y))
    shutil.rmtree(folder)


if __name__ == '__main__':
    main()
