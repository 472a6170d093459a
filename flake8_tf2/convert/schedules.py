"""Learning rates that decay, before the program is read: the value of a schedule of Keras at the step."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options

#: For each function its schedule, the argument that is the step, those by position, and those by name.
_SCHEDULES = {
    "exponential_decay": ("ExponentialDecay", "global_step", "learning_rate decay_steps decay_rate", "staircase"),
    "inverse_time_decay": ("InverseTimeDecay", "global_step", "learning_rate decay_steps decay_rate", "staircase"),
    "polynomial_decay": (
        "PolynomialDecay", "global_step", "learning_rate decay_steps", "end_learning_rate power cycle"
    ),
    "piecewise_constant": ("PiecewiseConstantDecay", "x", "boundaries values", ""),
    "piecewise_constant_decay": ("PiecewiseConstantDecay", "x", "boundaries values", ""),
    "cosine_decay": ("CosineDecay", "global_step", "learning_rate decay_steps", "alpha"),
    "cosine_decay_restarts": (
        "CosineDecayRestarts", "global_step", "learning_rate first_decay_steps", "t_mul m_mul alpha"
    ),
}  # fmt: skip


def as_schedules(source: str, options: Options) -> str:
    """A source whose decayed rates are `Schedule(...)(step)`; calls with other arguments stay as they are."""
    if "decay" not in source and "piecewise" not in source:
        return source
    file = Source(source, options)
    rewriter = Rewriter(file)
    for node in ast.walk(file.tree):
        symbol = file.symbol(node.func) if isinstance(node, ast.Call) else ""
        if is_schedule(symbol):
            text = _schedule(file, rewriter, node, symbol, *_SCHEDULES[_name(symbol)])
            if text:
                rewriter.replace(node, text)
    return rewriter.render(0, len(file.text.text)) if rewriter.edits else source


def is_schedule(symbol: str) -> bool:
    """Whether a symbol is a function of the step that gives a decayed rate."""
    return symbol.startswith("tf.train.") and _name(symbol) in _SCHEDULES


def _name(symbol: str) -> str:
    return symbol.rpartition(".")[2].removesuffix("_v2")


def _schedule(
    file: Source, rewriter: Rewriter, node: ast.Call, symbol: str, cls: str, step: str, given: str, named: str
) -> str:
    bound = {n: a.value for n, a in file.bind(node, symbol).bound.items()}
    bound.pop("name", None)
    wanted = given.split()
    if set(bound) - {step, *wanted, *named.split()} or not {step, *wanted} <= set(bound):
        return ""
    text = [rewriter.of(bound[n]) for n in wanted]
    text += [f"{n}={rewriter.of(bound[n])}" for n in named.split() if n in bound]
    root = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    return f"{root.id}.keras.optimizers.schedules.{cls}({', '.join(text)})({rewriter.of(bound[step])})"
