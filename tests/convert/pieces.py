"""What the pieces compute and what TensorFlow 1.15.5 computed: the same cases, run by both.

    TF1_PYTHON tests/convert/pieces.py

records what TensorFlow 1.15.5 returns, in tests/golden/pieces. Runs under Python 3.7, too.
"""

import json
import zlib
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parent.parent / "golden" / "pieces"


def numbers(*shape, seed=0, scale=1.0):
    """The same numbers on both sides, between -scale and scale."""
    return (np.random.RandomState(seed).uniform(-1, 1, shape) * scale).astype(np.float32)


# Optimizers: name of a case, class, arguments.
OPTIMIZERS = {
    "gradient_descent": ("GradientDescentOptimizer", {"learning_rate": 0.3}),
    "momentum": ("MomentumOptimizer", {"learning_rate": 0.3, "momentum": 0.9}),
    "nesterov": ("MomentumOptimizer", {"learning_rate": 0.3, "momentum": 0.9, "use_nesterov": True}),
    "adam": ("AdamOptimizer", {"learning_rate": 0.1}),
    "adam_default": ("AdamOptimizer", {}),
    "adagrad": ("AdagradOptimizer", {"learning_rate": 0.3}),
    "adagrad_da": (
        "AdagradDAOptimizer",
        {"learning_rate": 0.3, "l1_regularization_strength": 0.01, "l2_regularization_strength": 0.02},
    ),
    "adadelta": ("AdadeltaOptimizer", {"learning_rate": 1.0}),
    "adadelta_default": ("AdadeltaOptimizer", {}),
    "rmsprop": ("RMSPropOptimizer", {"learning_rate": 0.1}),
    "rmsprop_momentum": ("RMSPropOptimizer", {"learning_rate": 0.1, "decay": 0.8, "momentum": 0.7, "epsilon": 1e-3}),
    "rmsprop_centered": ("RMSPropOptimizer", {"learning_rate": 0.1, "momentum": 0.5, "centered": True}),
    "ftrl": ("FtrlOptimizer", {"learning_rate": 0.3}),
    "ftrl_all": (
        "FtrlOptimizer",
        {
            "learning_rate": 0.3,
            "learning_rate_power": -0.4,
            "initial_accumulator_value": 0.2,
            "l1_regularization_strength": 0.01,
            "l2_regularization_strength": 0.02,
            "l2_shrinkage_regularization_strength": 0.03,
        },
    ),
    "proximal_gradient_descent": (
        "ProximalGradientDescentOptimizer",
        {"learning_rate": 0.3, "l1_regularization_strength": 0.01, "l2_regularization_strength": 0.02},
    ),
    "proximal_adagrad": (
        "ProximalAdagradOptimizer",
        {"learning_rate": 0.3, "l1_regularization_strength": 0.01, "l2_regularization_strength": 0.02},
    ),
}
KINDS = ("dense", "sparse", "float64")
STEPS = 5
ROWS = [[1, 3, 1], [0, 0, 0], [4, 2, 4], [1, 2, 3], [3, 3, 0]]  # of each step; repeated ones are merged


def gradient_of(step, kind):
    """The gradient of a step: its values, and the rows that they are of, for a sparse one."""
    if kind == "sparse":
        return numbers(3, 4, seed=10 + step), ROWS[step]
    return numbers(5, 4, seed=10 + step).astype(np.float64 if kind == "float64" else np.float32), None


def start_of(kind):
    """The variable before the first step."""
    return numbers(5, 4, seed=1).astype(np.float64 if kind == "float64" else np.float32)


def record_optimizer(tf, name, kind):
    """The variable and its slots by name, after each step, with TensorFlow 1."""
    cls, arguments = OPTIMIZERS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        variable = tf.get_variable("scope/w", initializer=start_of(kind))
        global_step = tf.train.get_or_create_global_step()
        if cls == "AdagradDAOptimizer":
            arguments = dict(arguments, global_step=global_step)
        optimizer = getattr(tf.train, cls)(**arguments)
        values = tf.placeholder(variable.dtype.base_dtype, [3 if kind == "sparse" else 5, 4])
        rows = tf.placeholder(tf.int64, [3])
        gradient = tf.IndexedSlices(values, rows) if kind == "sparse" else values
        train = optimizer.apply_gradients([(gradient, variable)], global_step)
        session.run(tf.global_variables_initializer())
        state = {v.op.name: v for v in tf.global_variables() if v.op.name.startswith("scope/")}
        found = []
        for step in range(STEPS):
            value, at = gradient_of(step, kind)
            session.run(train, dict([(values, value)] + ([(rows, at)] if at else [])))
            found.append({k: plain(v) for k, v in session.run(state).items()})
        return found


# Recurrent networks: what makes the cells, what runs them; each on the modules of TF1 (m) or on the piece.
UNITS, BATCH, TIME, SIZE = 4, 3, 5, 3
LENGTHS = [4, 0, 2]


def dynamic(make, **arguments):
    """A case of dynamic_rnn; with more parallel iterations the order of TF1's random draws is a matter of luck."""
    arguments = dict(arguments, parallel_iterations=1)
    return {"make": lambda m, tf: [make(m)], "run": lambda m, tf, cells, x: m.dynamic_rnn(cells[0], x, **arguments)}


def static(make, **arguments):
    """A case of static_rnn."""

    def run(m, tf, cells, x):
        outputs, state = m.static_rnn(cells[0], tf.unstack(x, TIME, 1), dtype=tf.float32, **arguments)
        return tf.stack(outputs, 1), state

    return {"make": lambda m, tf: [make(m)], "run": run}


def static_bidirectional(m, tf, cells, x):
    """Lists of outputs."""
    outputs, *states = m.static_bidirectional_rnn(
        cells[0], cells[1], tf.unstack(x, TIME, 1), dtype=tf.float32, sequence_length=LENGTHS
    )
    return tf.stack(outputs, 1), states


def bidirectional(m, tf, cells, x, **arguments):
    """Two outputs."""
    outputs, states = m.bidirectional_dynamic_rnn(cells[0], cells[1], x, dtype=tf.float32, **arguments)
    return tf.concat(outputs, 2), states


def from_state(m, tf, cells, x):
    """Starts from a given state, time first."""
    state = m.LSTMStateTuple(tf.ones([BATCH, UNITS]) * 0.3, tf.ones([BATCH, UNITS]) * -0.2)
    outputs, state = m.dynamic_rnn(cells[0], tf.transpose(x, [1, 0, 2]), LENGTHS, state, time_major=True)
    return outputs, state


def called(m, tf, cells, x):
    """Two cells, called without a loop."""
    output, state = cells[0](x[:, 0], cells[0].zero_state(BATCH, tf.float32))
    output, state = cells[0](x[:, 1], state)
    other, rest = cells[1](output, cells[1].zero_state(BATCH, tf.float32), scope="other")
    return tf.concat([output, other], 1), [state, rest]


def layers(m):
    """Three unlike cells, one upon the other."""
    dropped = m.DropoutWrapper(m.GRUCell(UNITS), input_keep_prob=1.0, output_keep_prob=1.0)
    return m.MultiRNNCell([m.BasicLSTMCell(UNITS), dropped, m.BasicRNNCell(2)])


def dropped_layers(m):
    """State of layers, dropped."""
    cells = m.MultiRNNCell([m.BasicLSTMCell(UNITS), m.GRUCell(UNITS)])
    return m.DropoutWrapper(cells, state_keep_prob=0.6, seed=3)


RNNS = {
    "basic_rnn": dynamic(lambda m: m.BasicRNNCell(UNITS), sequence_length=LENGTHS, dtype=np.float32),
    "basic_lstm": dynamic(lambda m: m.BasicLSTMCell(UNITS), dtype=np.float32),
    "basic_lstm_lengths": dynamic(lambda m: m.BasicLSTMCell(UNITS, 0.5), sequence_length=LENGTHS, dtype=np.float32),
    "basic_lstm_no_length": dynamic(lambda m: m.BasicLSTMCell(UNITS), sequence_length=[0, 0, 0], dtype=np.float32),
    "basic_lstm_one_tensor": dynamic(
        lambda m: m.BasicLSTMCell(UNITS, state_is_tuple=False), sequence_length=LENGTHS, dtype=np.float32
    ),
    "lstm": dynamic(lambda m: m.LSTMCell(UNITS), sequence_length=LENGTHS, dtype=np.float32),
    "lstm_all": dynamic(
        lambda m: m.LSTMCell(UNITS, use_peepholes=True, cell_clip=0.3, num_proj=2, proj_clip=0.1, forget_bias=0.7),
        sequence_length=LENGTHS,
        dtype=np.float32,
    ),
    "lstm_one_tensor": dynamic(
        lambda m: m.LSTMCell(UNITS, num_proj=2, state_is_tuple=False), dtype=np.float32, scope="some/where"
    ),
    "gru": dynamic(lambda m: m.GRUCell(UNITS), sequence_length=LENGTHS, dtype=np.float32),
    "layer_norm": dynamic(
        lambda m: m.LayerNormBasicLSTMCell(UNITS, norm_shift=0.1), sequence_length=LENGTHS, dtype=np.float32
    ),
    "layer_norm_dropout": dynamic(
        lambda m: m.LayerNormBasicLSTMCell(UNITS, layer_norm=False, dropout_keep_prob=0.5, dropout_prob_seed=5),
        dtype=np.float32,
    ),
    "layers": dynamic(layers, sequence_length=LENGTHS, dtype=np.float32),
    "layers_one_tensor": dynamic(
        lambda m: m.MultiRNNCell([m.GRUCell(2), m.BasicRNNCell(3)], state_is_tuple=False), dtype=np.float32
    ),
    "dropout": dynamic(
        lambda m: m.DropoutWrapper(m.BasicLSTMCell(UNITS), 0.8, 0.7, 0.6, seed=7),
        sequence_length=LENGTHS,
        dtype=np.float32,
    ),
    "dropout_of_layers": dynamic(dropped_layers, sequence_length=LENGTHS, dtype=np.float32),
    "residual": dynamic(lambda m: m.ResidualWrapper(m.GRUCell(SIZE)), dtype=np.float32),
    "projected": dynamic(
        lambda m: m.OutputProjectionWrapper(m.InputProjectionWrapper(m.GRUCell(UNITS), 2), 3),
        sequence_length=LENGTHS,
        dtype=np.float32,
    ),
    "from_state": {"make": lambda m, tf: [m.LSTMCell(UNITS)], "run": from_state},
    "static": static(lambda m: m.BasicLSTMCell(UNITS)),
    "static_lengths": static(layers, sequence_length=LENGTHS, scope="deep"),
    "static_dropout": static(lambda m: m.DropoutWrapper(m.GRUCell(UNITS), 0.5, seed=2)),
    "static_bidirectional": {
        "make": lambda m, tf: [m.BasicLSTMCell(UNITS), m.GRUCell(2)],
        "run": static_bidirectional,
    },
    "bidirectional": {"make": lambda m, tf: [m.LSTMCell(UNITS), m.GRUCell(2)], "run": bidirectional},
    "bidirectional_lengths": {
        "make": lambda m, tf: [m.BasicLSTMCell(UNITS), m.BasicLSTMCell(UNITS)],
        "run": lambda m, tf, cells, x: bidirectional(m, tf, cells, x, sequence_length=LENGTHS),
    },
    "called": {"make": lambda m, tf: [m.BasicLSTMCell(UNITS), m.GRUCell(2)], "run": called},
}


def decode(m, cells, helper, **arguments):
    """Outputs of a decoder; symbols and lengths beside its state."""
    state = cells[0].zero_state(BATCH, np.float32)
    decoder = m.BasicDecoder(cells[0], helper, state)
    outputs, state, lengths = m.dynamic_decode(decoder, parallel_iterations=1, **arguments)
    return outputs.rnn_output, [state, outputs.sample_id, lengths]


def taught(m, tf, cells, x, **arguments):
    """The decoder hears what it should have said."""
    return decode(m, cells, m.TrainingHelper(x, LENGTHS), **arguments)


def greedy(m, tf, cells, x, **arguments):
    """The decoder hears what it said."""
    embedding = tf.concat([x[0], x[1, :1]], 0)
    return decode(m, cells, m.GreedyEmbeddingHelper(embedding, [0, 1, 2], 1), maximum_iterations=6, **arguments)


def speaker(m, tf):
    """A cell that gives logits."""
    return [m.OutputProjectionWrapper(m.BasicLSTMCell(UNITS), 6)]


RNNS.update(
    {
        "decoder": {"make": speaker, "run": taught},
        "decoder_imputed": {
            "make": speaker,
            "run": lambda m, tf, cells, x: taught(
                m, tf, cells, x, impute_finished=True, output_time_major=True, maximum_iterations=3, scope="speak"
            ),
        },
        "decoder_greedy": {"make": speaker, "run": greedy},
        "decoder_greedy_imputed": {
            "make": speaker,
            "run": lambda m, tf, cells, x: greedy(m, tf, cells, x, impute_finished=True),
        },
    }
)

LOSSES = {
    "both": {},
    "steps": {"average_across_batch": False},
    "batch": {"average_across_timesteps": False},
    "none": {"average_across_timesteps": False, "average_across_batch": False},
    "sums": {
        "average_across_timesteps": False,
        "average_across_batch": False,
        "sum_over_timesteps": True,
        "sum_over_batch": True,
    },
    "sum_over_steps": {
        "average_across_timesteps": False,
        "average_across_batch": False,
        "sum_over_timesteps": True,
    },
}


def sequence_loss(m, tf, arguments):
    """The loss of logits, and its gradient; one sequence has no weight at all."""
    logits = tf.constant(numbers(BATCH, TIME, 6, seed=70, scale=3))
    targets = np.arange(BATCH * TIME).reshape(BATCH, TIME) % 6
    weights = np.array([[1, 1, 0.5, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 2]], np.float32)
    return logits, lambda: m.sequence_loss(logits, tf.constant(targets), tf.constant(weights), **arguments)


def record_loss(tf, arguments):
    """The same by TensorFlow 1."""
    with tf.Graph().as_default(), tf.Session() as session:
        logits, loss = sequence_loss(tf.contrib.seq2seq, tf, arguments)
        loss = loss()
        return [plain(value) for value in session.run([loss, tf.gradients(loss, logits)[0]])]


def weights_of(name, shape):
    """The value of a variable, by its name."""
    return numbers(*shape, seed=zlib.crc32(name.encode()) % 2**31, scale=0.7)


def loss_of(tf, tensors, shapes):
    """A loss that all outputs and states reach, each element in its own way."""
    factors = [numbers(*shape, seed=50 + n) for n, shape in enumerate(shapes)]
    return tf.add_n([tf.reduce_sum(tf.cast(t, tf.float32) * factor) for t, factor in zip(tensors, factors)])


class Modules:
    """Where TF1 has the cells and loops."""

    def __init__(self, *modules):
        self.modules = modules

    def __getattr__(self, name):
        return next(getattr(module, name) for module in self.modules if hasattr(module, name))


def run_rnn(tf, name, shapes=None):
    """Outputs and states with TensorFlow 1; with the shapes of these, gradients, too."""
    case = RNNS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(11)
        m = Modules(tf.nn.rnn_cell, tf.nn, tf.contrib.rnn, tf.contrib.seq2seq)
        x = tf.constant(numbers(BATCH, TIME, SIZE, seed=40))
        outputs, state = case["run"](m, tf, case["make"](m, tf), x)
        tensors = [outputs] + tf.contrib.framework.nest.flatten(state)
        variables = {v.op.name: v for v in tf.trainable_variables()}
        fetches = {"results": tensors}
        if shapes:
            gradients = tf.gradients(loss_of(tf, tensors, shapes), [x] + list(variables.values()))
            fetches["gradients"] = dict(zip(["inputs"] + list(variables), gradients))
        for key, variable in variables.items():
            variable.load(weights_of(key, variable.shape.as_list()), session)
        return session.run(fetches)


def record_rnn(tf, name):
    """Outputs, states and gradients, with TensorFlow 1."""
    shapes = [value.shape for value in run_rnn(tf, name)["results"]]
    found = run_rnn(tf, name, shapes)
    return {
        "results": [plain(value) for value in found["results"]],
        "gradients": {key: plain(value) for key, value in found["gradients"].items()},
    }


def plain(array):
    """Lists of Python's floats, each as short as its dtype allows."""
    return [plain(a) for a in array] if array.ndim else float(str(array))


# MNIST: a tiny data set instead of it, and the calls of next_batch.
READS = {
    "plain": {},
    "all": {"one_hot": True, "reshape": False, "validation_size": 3, "seed": 4},
    "bytes": {"dtype": "uint8", "validation_size": 1},
}
BATCHES = [(4, True), (4, True), (5, True), (3, False), (4, False), (7, True), (2, True), (8, True)]


def tiny_mnist():
    """Images and labels for training, and for test."""
    random = np.random.RandomState(6)
    images, labels = random.randint(0, 256, [18, 28, 28]).astype(np.uint8), np.arange(18).astype(np.uint8) % 10
    return (images[:12], labels[:12]), (images[12:], labels[12:])


def read_mnist(read_data_sets, arguments):
    """What the data sets serve: few pixels of each image, labels, epochs."""
    np.random.seed(9)
    sets = read_data_sets("folder", **dict({"validation_size": 2}, **arguments))
    found = []
    for data in (sets.validation, sets.train, sets.test):
        found.append([str(data.images.dtype), str(data.labels.dtype), list(data.images.shape), data.num_examples])
        for size, shuffle in BATCHES:
            if size > data.num_examples:  # TF1 would serve less than was asked for
                continue
            images, labels = data.next_batch(size, shuffle=shuffle)
            pixels = images.reshape(len(images), -1)[:, 300:302]
            found.append([plain(pixels), plain(labels), data.epochs_completed])
            found.append([plain(data.labels), list(images.shape)])
    return found


def record_mnist(arguments):
    """The same by TensorFlow 1, whose files are gzipped and would be downloaded."""
    import gzip
    import struct
    import tempfile

    from tensorflow.contrib.learn.python.learn.datasets import mnist
    from tensorflow.python.framework import random_seed

    random_seed.get_seed = lambda seed: (9, seed)  # as if tf.set_random_seed(9) had been called
    names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]
    with tempfile.TemporaryDirectory() as folder:
        for name, array in zip(names, [a for pair in tiny_mnist() for a in pair]):
            head = struct.pack(">%di" % (1 + array.ndim), 2048 + array.ndim, *array.shape)
            with gzip.open(folder + "/" + name + "-ubyte.gz", "wb") as f:
                f.write(head + array.tobytes())
        return read_mnist(lambda _, **kept: mnist.read_data_sets(folder, **kept), arguments)


def main():
    """Records all."""
    import tensorflow as tf

    assert tf.__version__.startswith("1.15"), "records what TensorFlow 1.15 returns"
    names = [(n, kind) for n in OPTIMIZERS for kind in KINDS]
    names = [(n, kind) for n, kind in names if kind != "float64" or not n.startswith("proximal")]  # TF1 raises
    found = {n + "/" + kind: record_optimizer(tf, n, kind) for n, kind in names}
    write("optimizers", found)
    write("rnn", {name: record_rnn(tf, name) for name in RNNS})
    write("sequence_loss", {name: record_loss(tf, arguments) for name, arguments in LOSSES.items()})
    write("mnist", {name: record_mnist(arguments) for name, arguments in READS.items()})


def write(name, found):
    """One line for each case."""
    lines = [json.dumps(key) + ": " + json.dumps(value) for key, value in found.items()]
    (GOLDEN / (name + ".json")).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
