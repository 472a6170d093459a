"""Settings of the models and of the training."""


class Config(object):
    # data
    sequence_length = 20
    vocab_size = 200
    num_classes = 3

    # model
    embedding_size = 16
    filter_sizes = [2, 3, 4]
    num_filters = 8
    hidden_sizes = [16, 16]
    attention_size = 16
    keep_prob = 0.5
    l2_reg_lambda = 1e-3

    # training
    optimization = "adam"
    learning_rate = 5e-3
    max_grad_norm = 5.0
    batch_size = 32
    epochs = 3
    eval_every = 20

    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            if not hasattr(self, name):
                raise ValueError("no such setting: %s" % name)
            setattr(self, name, value)
