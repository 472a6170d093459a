"""Wrong fixes, which the proof must reject, beside right ones for the same code.

`python -m tests.prove.wrong TF1_PYTHON` records what TF 1.15 returns for them.
"""

from __future__ import annotations

import sys

from flake8_tf2.prove.cases import Case, executed
from flake8_tf2.prove.record import record

IMAGE = {"x": {"dtype": ["float32"], "shape": [[1, 4, 4, 2]]}}
ADAM = """\
optimizer = tf.keras.optimizers.Adam(0.1{epsilon})
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(v * 1e-6)
optimizer.apply_gradients([(tape.gradient(loss, v), v)])
step = None
"""
RMSPROP = """\
optimizer = tf.keras.optimizers.RMSprop(0.1, rho=0.9, epsilon=1e-10)
optimizer.build([v])
{start}optimizer.apply_gradients([(2 * v, v)])
step = None
"""
VELOCITIES = """\
for slot in optimizer.variables:
    if "velocity" in slot.path:
        slot.assign(tf.ones_like(slot))
"""
LSTM = """\
cell = tf.keras.layers.LSTMCell(2, unit_forget_bias=False)
cell.build([None, 3])
kernel = tf.reshape(tf.range(40.0) / 20 - 1, [5, 8])
i, j, f, o = tf.split(kernel, 4, axis=1)
kernel = tf.concat({gates}, axis=1)
cell.set_weights([kernel[:3], kernel[3:], tf.constant([0.0, 0, 1, 1, 0, 0, 0, 0])])
y = cell(x, [tf.zeros([4, 2]), tf.zeros([4, 2])])[0]
"""

#: By name: the code before, a right fix, a wrong one, what is claimed, and how the case is run.
FIXES = {
    "normal-for-xavier": {
        "before": "init = tf.contrib.layers.xavier_initializer()",
        "right": "init = tf.keras.initializers.GlorotUniform()",
        "wrong": "init = tf.keras.initializers.GlorotNormal()",
        "proof": "distribution",
        "observe": "{it}([64, 32])",
    },
    "rate-is-keep-prob": {
        "before": "y = tf.nn.dropout(x, keep_prob=0.8, seed=7)",
        "right": "y = tf.nn.dropout(x, rate=1 - 0.8, seed=7)",
        "wrong": "y = tf.nn.dropout(x, rate=0.8, seed=7)",
        "proof": "exact",
        "given": {"x": {"dtype": ["float32"], "shape": [[8, 8]], "range": [1, 2]}},
    },
    "half-pixel-resize": {
        "before": "y = tf.image.resize_bilinear(x, [6, 6])",
        "right": "y = tf.raw_ops.ResizeBilinear(images=x, size=[6, 6])",
        "wrong": "y = tf.image.resize(x, [6, 6])",
        "proof": "exact",
        "given": IMAGE,
    },
    "l2-without-the-half": {
        "before": "penalty = tf.contrib.layers.l2_regularizer(0.1)",
        "right": "penalty = tf.keras.regularizers.L2(0.05)",
        "wrong": "penalty = tf.keras.regularizers.L2(0.1)",
        "proof": {"close": {"rtol": 1e-5, "atol": 0}},
        "observe": "{it}(x)",
        "given": IMAGE,
    },
    "swapped-reorder": {
        "before": 'y = tf.nn.pool(x, [2, 2], "MAX", "VALID", [1, 1], [2, 2])',
        "right": 'y = tf.nn.pool(x, [2, 2], "MAX", padding="VALID", dilations=[1, 1], strides=[2, 2])',
        "wrong": 'y = tf.nn.pool(x, [2, 2], "MAX", padding="VALID", dilations=[2, 2], strides=[1, 1])',
        "proof": "exact",
        "given": IMAGE,
    },
    "epsilon-of-keras": {
        "before": "step = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(v * 1e-6))",
        "right": ADAM.format(epsilon=", epsilon=1e-8"),
        "wrong": ADAM.format(epsilon=""),
        "proof": {"close": {"rtol": 1e-5, "atol": 0}},
        "observe": ["{it}", "v"],
        "given": {"v": {"dtype": ["float32"], "shape": [[3]], "kind": "variable"}},
    },
    "rmsprop-of-keras": {
        "before": "step = tf.train.RMSPropOptimizer(0.1).minimize(v * v)",
        "right": RMSPROP.format(start=VELOCITIES),
        "wrong": RMSPROP.format(start=""),
        "proof": "exact",
        "observe": ["{it}", "v"],
        "given": {"v": {"dtype": ["float32"], "shape": [[3]], "kind": "variable"}},
    },
    "reduction-of-keras": {
        "before": "loss = tf.losses.mean_squared_error(x, y, weights=[[1.0], [0.0], [2.0]])",
        "right": (
            "w = tf.broadcast_to([[1.0], [0.0], [2.0]], tf.shape(x))\n"
            "loss = tf.math.divide_no_nan(\n"
            "    tf.reduce_sum(w * tf.math.squared_difference(y, x)), tf.cast(tf.math.count_nonzero(w), tf.float32))"
        ),
        "wrong": "loss = tf.keras.losses.MeanSquaredError()(x, y, sample_weight=[[1.0], [0.0], [2.0]])",
        "proof": {"close": {"rtol": 1e-5, "atol": 1e-6}},
        "given": {"x": {"shape": [[3, 2]]}, "y": {"shape": [[3, 2]]}},
    },
    "gradient-of-labels": {
        "before": "loss = tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=x)",
        "right": "loss = tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(p), logits=x)",
        "wrong": "loss = tf.nn.softmax_cross_entropy_with_logits(labels=p, logits=x)",
        "proof": "exact",
        "given": {"x": {"shape": [[2, 3]]}, "p": {"shape": [[2, 3]], "range": [0, 1]}},
    },
    "fused-variance": {
        "before": "y = tf.nn.fused_batch_norm(x, [1.0, 1.0], [0.0, 0.0])[2]",
        "right": "n = 16\ny = tf.math.reduce_variance(x, [0, 1, 2]) * n / (n - 1)",
        "wrong": "y = tf.math.reduce_variance(x, [0, 1, 2])",
        "proof": "exact",
        "given": {"x": {"shape": [[1, 4, 4, 2]], "kind": "numpy"}},  # no gradient goes through a moving variance
    },
    "gate-order-of-lstm": {
        "before": (
            "cell = tf.nn.rnn_cell.LSTMCell(2, initializer=tf.constant_initializer([n / 20 - 1 for n in range(40)]))\n"
            "y = cell(x, cell.zero_state(4, tf.float32))[0]"
        ),
        "right": LSTM.format(gates="[i, f, j, o]"),
        "wrong": LSTM.format(gates="[i, j, f, o]"),
        "proof": {"close": {"rtol": 1e-5, "atol": 1e-6}},
        "given": {"x": {"shape": [[4, 3]]}},
    },
    "where-of-rows": {
        "before": "z = tf.where(c, x, y)",
        "right": "z = tf.where(c[:, None], x, y)",
        "wrong": "z = tf.where(c, x, y)",
        "proof": "exact",
        "given": {"c": {"dtype": ["bool"], "values": [True, False, True]}, "x": {"shape": [[3, 3]]}, "y": {"like": "x"}},
    },
    "empty-parts-of-split": {
        "before": 'parts = tf.string_split(x, delimiter=",").values',
        "right": 'parts = tf.raw_ops.StringSplit(input=x, delimiter=",").values',
        "wrong": 'parts = tf.strings.split(x, sep=",").values',
        "proof": "exact",
        "given": {"x": {"dtype": "string", "values": ["a,,b", ",c", ""]}},
    },
}


def case_of(name: str) -> Case:
    """A wrong fix as a case of a rule."""
    parts = FIXES[name]
    keys = ("before", "observe", "given")
    case = {**{key: parts[key] for key in keys if key in parts}, "after": parts["right"]}
    (found,) = executed({"name": name, "file": f"wrong/{name}.yaml", "fixes": [{}], "cases": [case]})
    return found


if __name__ == "__main__":
    for path, text in record(sys.argv[1], [case_of(name) for name in FIXES]).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
