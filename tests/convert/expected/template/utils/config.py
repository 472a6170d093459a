class Config(object):
    num_epochs = 2
    num_iter_per_epoch = 3
    learning_rate = 0.01
    batch_size = 16
    state_size = [20]
    max_to_keep = 5

    def __init__(self, checkpoint_dir):
        self.checkpoint_dir = checkpoint_dir
