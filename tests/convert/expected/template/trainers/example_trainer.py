import numpy as np



class ExampleTrainer(object):
    def __init__(self, model, data, config, logger):
        self.model = model
        self.logger = logger
        self.config = config
        self.data = data

    def train(self):
        for cur_epoch in range(self.model.cur_epoch_tensor.numpy(), self.config.num_epochs + 1, 1):
            self.train_epoch()
            self.model.run_increment_cur_epoch_tensor()

    def train_epoch(self):
        losses = []
        accs = []
        for _ in range(self.config.num_iter_per_epoch):
            loss, acc = self.train_step()
            losses.append(loss)
            accs.append(acc)
        loss = np.mean(losses)
        acc = np.mean(accs)

        cur_it = self.model.global_step_tensor.numpy()
        summaries_dict = {
            'loss': loss,
            'acc': acc,
        }
        self.logger.summarize(cur_it, summaries_dict=summaries_dict)
        self.model.save()

    def train_step(self):
        batch_x, batch_y = next(self.data.next_batch(self.config.batch_size))
        feed_dict = dict(x=batch_x, y=batch_y, is_training=True)
        loss, acc = (value.numpy() for value in self.model.train_step(**feed_dict))
        return loss, acc
