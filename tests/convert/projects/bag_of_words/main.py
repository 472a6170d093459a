import numpy as np
import tensorflow as tf

from models import MeanModel


class Trainer(object):
    def __init__(self, config):
        self.config = config
        rng = np.random.RandomState(4)
        self.x = rng.randint(0, 30, (48, 7))
        self.y = rng.randint(0, 3, 48)
        self.model = MeanModel(config, 30)

    def batches(self):
        for start in range(0, 48, 16):
            yield dict(x=self.x[start:start + 16], y=self.y[start:start + 16])

    def train(self):
        gpu_options = tf.GPUOptions(per_process_gpu_memory_fraction=0.9, allow_growth=True)
        sess_config = tf.ConfigProto(log_device_placement=False, allow_soft_placement=True, gpu_options=gpu_options)
        with tf.Session(config=sess_config) as sess:
            sess.run(tf.global_variables_initializer())
            current_step = 0
            for epoch in range(self.config["epochs"]):
                for batch in self.batches():
                    loss, predictions = self.model.train(sess, batch, self.config["keep_prob"])
                    current_step += 1
                    print("train: step: {}, loss: {}".format(current_step, loss))
                losses = []
                for batch in self.batches():
                    loss, predictions = self.model.eval(sess, batch)
                    losses.append(loss)
                print("eval", np.mean(losses), predictions[:5])
            print(self.model.infer(sess, self.x[:4]))


if __name__ == "__main__":
    trainer = Trainer(dict(l2_reg_lambda=0.01, optimization="adam", learning_rate=0.01, max_grad_norm=5.0,
                           embedding_size=8, num_classes=3, epochs=2, keep_prob=1.0))
    trainer.train()
