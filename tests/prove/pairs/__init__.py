"""Pairs of programs written by hand: what `flake8-tf2 prove` must say of each.

A name with a slash is that of another AFTER for the same BEFORE.
`python -m tests.prove.pairs TF1_PYTHON [NAME...]` records what `before.py` of each does under TensorFlow 1.15.
"""

from __future__ import annotations

from pathlib import Path

from flake8_tf2.prove.processes import Job

FOLDER = Path(__file__).parent
#: Which verdict a pair must have, and what the reason or a note must say.
EXPECTED = {
    "mlp": ("equal", ""),
    "mlp/late": ("equal", ""),
    "adam_epsilon": ("different", "fetched, before.py:18 mul:0, time 3"),
    "print_format": ("different", "the numbers that were printed agree"),
    "prints": ("different", "3 lines against 4"),
    "crashing": ("not comparable", "after.py:5, crashed: RuntimeError: tf.placeholder()"),
    "summaries": ("equal", ""),
    "checkpoints": ("equal", ""),
    "chaotic": ("equal", "as far as the program itself can tell"),
    "chaotic_wrong": ("different", "time 4"),
    "dropout": ("equal", ""),
    "dropout_rate": ("different", "fetched"),
    "frozen": ("different", "left in variables"),
    "target": ("equal", ""),
    "target/late": ("equal", ""),
    "target/shared": ("different", "fetched"),
    "target/swapped": ("different", "fetched, before.py:24 sub:0, time 1"),
    "target/not_copied": ("different", "fetched, before.py:24 sub:0, time 2"),
    "draws": ("equal", ""),
    "noise": ("equal", ""),
    "noise_once": ("different", "fetched, before.py:13 random_normal_1:0, time 2"),
    "hanging": ("not comparable", "did not end in time"),
}
#: Those that run with fresh random numbers.
FRESH = ("noise", "noise_once")


def job(name: str, which: str) -> Job:
    """The program `before` or `after` of a pair."""
    folder, _, other = name.partition("/")
    return Job(str(FOLDER / folder / f"{other if other and which == 'after' else which}.py"))


def recorded(name: str) -> str:
    """The recording of a pair."""
    return str(FOLDER / name.partition("/")[0] / "recorded.json")
