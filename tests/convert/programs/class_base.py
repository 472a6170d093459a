import numpy as np
import tensorflow as tf


class BaseModel(object):
    def __init__(self, config, vocab_size):
        self.config = config
        self.vocab_size = vocab_size
        self.inputs = tf.placeholder(tf.int32, [None, None], name="inputs")
        self.labels = tf.placeholder(tf.int32, [None], name="labels")
        self.keep_prob = tf.placeholder(tf.float32, name="keep_prob")
        self.l2_loss = tf.constant(0.0)
        self.loss = None
        self.train_op = None
        self.logits = None
        self.predictions = None

    def cal_loss(self):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=self.logits, labels=self.labels)
        return tf.reduce_mean(losses) + self.config["l2_reg_lambda"] * self.l2_loss

    def get_optimizer(self):
        if self.config["optimization"] == "adam":
            return tf.train.AdamOptimizer(self.config["learning_rate"])
        return tf.train.GradientDescentOptimizer(self.config["learning_rate"])

    def get_train_op(self):
        optimizer = self.get_optimizer()
        trainable_params = tf.trainable_variables()
        gradients = tf.gradients(self.loss, trainable_params)
        clip_gradients, _ = tf.clip_by_global_norm(gradients, self.config["max_grad_norm"])
        return optimizer.apply_gradients(zip(clip_gradients, trainable_params))

    def build_model(self):
        raise NotImplementedError

    def train(self, sess, batch, dropout_prob):
        feed_dict = {self.inputs: batch["x"],
                     self.labels: batch["y"],
                     self.keep_prob: dropout_prob}
        _, loss, predictions = sess.run([self.train_op, self.loss, self.predictions], feed_dict=feed_dict)
        return loss, predictions

    def eval(self, sess, batch):
        feed_dict = {self.inputs: batch["x"],
                     self.labels: batch["y"],
                     self.keep_prob: 1.0}
        loss, predictions = sess.run([self.loss, self.predictions], feed_dict=feed_dict)
        return loss, predictions

    def infer(self, sess, inputs):
        feed_dict = {self.inputs: inputs, self.keep_prob: 1.0}
        return sess.run(self.predictions, feed_dict=feed_dict)


class MeanModel(BaseModel):
    def __init__(self, config, vocab_size):
        super(MeanModel, self).__init__(config=config, vocab_size=vocab_size)
        self.build_model()

    def build_model(self):
        with tf.name_scope("embedding"):
            embedding_w = tf.get_variable("embedding_w", [self.vocab_size, self.config["embedding_size"]],
                                          initializer=tf.contrib.layers.xavier_initializer())
            embedded = tf.nn.embedding_lookup(embedding_w, self.inputs)
        mean = tf.nn.dropout(tf.reduce_mean(embedded, axis=1), self.keep_prob)
        with tf.name_scope("output"):
            output_w = tf.get_variable("output_w", shape=[self.config["embedding_size"], self.config["num_classes"]])
            output_b = tf.Variable(tf.constant(0.1, shape=[self.config["num_classes"]]), name="output_b")
            self.l2_loss += tf.nn.l2_loss(output_w)
            self.l2_loss += tf.nn.l2_loss(output_b)
            self.logits = tf.nn.xw_plus_b(mean, output_w, output_b, name="logits")
            self.predictions = tf.argmax(self.logits, axis=-1, name="predictions")
        self.loss = self.cal_loss()
        self.train_op = self.get_train_op()


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
