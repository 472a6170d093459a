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
