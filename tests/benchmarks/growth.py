"""How the time of `fix --program` grows with the program: seconds of CPU, and ratios of n, 2n and 4n lines.

    python -m tests.benchmarks.growth [--lines 5000]

The largest program of the test suite, and a generated one: layers in functions of their own, functions that prepare
data, and a fixed number of places where a session runs. Growth of n log n is 1 in the last column.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

from flake8_tf2.convert.program import convert_source

PROGRAMS = Path(__file__).parent.parent / "convert" / "programs"
#: Places where a session runs: what a training step computes is written for each, and then made one function.
_RUNS = 4
_HEAD = '''"""A generated program."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(0)
images = rs.rand(512, 8).astype(np.float32)
labels = rs.rand(512, 8).astype(np.float32)
'''
_UNIT = '''

def block_{n}(x, width, keep):
    """A dense block: weights, a rectified product, dropout."""
    with tf.variable_scope("block_{n}"):
        w = tf.get_variable("w", [8, width], initializer=tf.truncated_normal_initializer(stddev=0.1, seed={n}))
        b = tf.get_variable("b", [width], initializer=tf.zeros_initializer())
        h = tf.nn.relu(tf.matmul(x, w) + b)
        return tf.nn.dropout(h, keep_prob=keep)


def batches_{n}(images, labels, size):
    """Batches of the data, in their order, from the {n}th."""
    batches = []
    for start in range({n}, len(images) - size, size):
        batch = images[start:start + size]
        if batch.mean() > {n}:
            batch = batch - batch.mean()
        batches.append((batch, labels[start:start + size]))
    return batches
'''
_GRAPH = """

x = tf.placeholder(tf.float32, [None, 8])
y = tf.placeholder(tf.float32, [None, 8])
keep = tf.placeholder(tf.float32)
h = x
{blocks}
loss = tf.reduce_mean(tf.square(h - y))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
norm = tf.reduce_sum(tf.square(h))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
"""
_RUN = """    for batch, target in batches_{n}(images, labels, 16):
        _, value = sess.run([train, loss], feed_dict={{x: batch, y: target, keep: 0.9}})
    print("{n}", value, sess.run(norm, feed_dict={{x: images, keep: 1.0}}))
"""


def generated(lines: int) -> str:
    """A program of about so many lines."""
    units = range(max(lines // (_UNIT.count("\n") + 1), _RUNS))
    blocks = "\n".join(f"h = block_{n}(h, 8, keep)" for n in units)
    runs = "".join(_RUN.format(n=n) for n in range(_RUNS))
    return _HEAD + "".join(_UNIT.format(n=n) for n in units) + _GRAPH.format(blocks=blocks) + runs


def seconds(source: str) -> float:
    """The CPU time of a conversion. Raises ValueError where the program is not converted."""
    start = time.process_time()
    converted = convert_source(source)
    if converted.reason:
        raise ValueError(converted.reason)
    return time.process_time() - start


def growth(lines: int) -> list[tuple[int, float]]:
    """The number of lines of the generated program and its seconds, for a quarter of the lines, half of them, and all."""
    programs = [generated(lines // part) for part in (4, 2, 1)]
    return [(program.count("\n"), seconds(program)) for program in programs]


def over_n_log_n(one: tuple[int, float], other: tuple[int, float]) -> float:
    """How much more the time grew from one to the other than n log n does."""
    (n, time_n), (m, time_m) = one, other
    return time_m / time_n / (m * math.log(m) / (n * math.log(n)))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=5000, help="of the generated program")
    arguments = parser.parse_args()
    largest = max(PROGRAMS.glob("*.py"), key=lambda path: path.read_text(encoding="utf-8").count("\n"))
    text = largest.read_text(encoding="utf-8")
    seconds(text)  # loads the index
    print(f"{largest.name}: {text.count(chr(10))} lines  {seconds(text):.2f} s", flush=True)
    found = growth(arguments.lines)
    for number, (lines, of) in enumerate(found):
        ratio = f"  {over_n_log_n(found[number - 1], found[number]):.2f} of n log n" if number else ""
        print(f"generated: {lines:>6,} lines  {of:7.2f} s{ratio}", flush=True)


if __name__ == "__main__":
    main()
