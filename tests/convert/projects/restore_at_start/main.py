from __future__ import print_function

import os
import shutil
import tempfile

import numpy as np
import tensorflow as tf

from net import Regression


class Trainer(object):
    def __init__(self, model, folder):
        self.model = model
        self.folder = folder
        self.path = os.path.join(folder, "model.ckpt")

    def restore(self, sess):
        checkpoint = tf.train.get_checkpoint_state(self.folder)
        if checkpoint and checkpoint.model_checkpoint_path:
            self.model.saver.restore(sess, checkpoint.model_checkpoint_path)
            print("restored from", os.path.basename(checkpoint.model_checkpoint_path))
        else:
            sess.run(tf.global_variables_initializer())
            print("from scratch")

    def train(self, x, y, steps):
        model = self.model
        with tf.Session() as sess:
            self.restore(sess)
            writer = tf.summary.FileWriter(os.path.join(self.folder, "log"), sess.graph)
            for _ in range(steps):
                _, loss, summary, step = sess.run([model.train_op, model.loss, model.merged, model.global_step],
                                                  feed_dict={model.x: x, model.y: y})
                writer.add_summary(summary, step)
                print("step %d loss %.6f" % (step, loss))
            writer.close()
            model.saver.save(sess, self.path, global_step=model.global_step)

    def evaluate(self, x, y):
        with tf.Session() as sess:
            self.model.saver.restore(sess, tf.train.latest_checkpoint(self.folder))
            return sess.run(self.model.loss, feed_dict={self.model.x: x, self.model.y: y})


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
