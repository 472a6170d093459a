class Hyperparams:
    """Settings of the encoder."""
    maxlen = 8
    vocab_size = 30
    hidden_units = 12
    num_blocks = 2
    num_heads = 3
    num_classes = 3
    learning_rate = 0.005
