"""What the pieces compute and what TensorFlow 1.15.5 computed: the same cases, run by both.

    TF1_PYTHON tests/convert/pieces.py

records what TensorFlow 1.15.5 returns, in tests/golden/pieces. Runs under Python 3.7, too.
"""

import json
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
            found.append({k: v.tolist() for k, v in session.run(state).items()})
        return found


def main():
    """Records all."""
    import tensorflow as tf

    assert tf.__version__.startswith("1.15"), "records what TensorFlow 1.15 returns"
    names = [(n, kind) for n in OPTIMIZERS for kind in KINDS]
    names = [(n, kind) for n, kind in names if kind != "float64" or not n.startswith("proximal")]  # TF1 raises
    found = {n + "/" + kind: record_optimizer(tf, n, kind) for n, kind in names}
    write("optimizers", found)


def write(name, found):
    """One line for each case."""
    lines = [json.dumps(key) + ": " + json.dumps(value) for key, value in found.items()]
    (GOLDEN / (name + ".json")).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
