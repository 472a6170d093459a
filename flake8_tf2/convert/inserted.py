"""What of `pieces` a converted program needs, and where it stands in it."""

from __future__ import annotations

import ast
import functools
from importlib import resources


#: What of TF1 a piece of the same name computes.
_REPLACED = """train.ExponentialMovingAverage
    train.GradientDescentOptimizer train.MomentumOptimizer train.AdamOptimizer train.AdagradOptimizer
    train.AdagradDAOptimizer train.AdadeltaOptimizer train.RMSPropOptimizer train.FtrlOptimizer
    train.ProximalGradientDescentOptimizer train.ProximalAdagradOptimizer nn.rnn_cell.BasicRNNCell
    nn.rnn_cell.BasicLSTMCell nn.rnn_cell.LSTMCell nn.rnn_cell.GRUCell nn.rnn_cell.MultiRNNCell
    nn.rnn_cell.DropoutWrapper nn.rnn_cell.ResidualWrapper nn.rnn_cell.LSTMStateTuple
    contrib.rnn.LayerNormBasicLSTMCell contrib.rnn.OutputProjectionWrapper nn.static_rnn nn.dynamic_rnn
    nn.bidirectional_dynamic_rnn nn.static_bidirectional_rnn contrib.seq2seq.sequence_loss
    distributions.Normal distributions.kl_divergence
    examples.tutorials.mnist.input_data.read_data_sets""".split()


def replacement(symbol: str, canonical) -> str:
    """The piece that stands for a symbol of TF1, in canonical spelling; "" where there is none."""
    for name in _REPLACED:
        if canonical(f"tf.{name}") == symbol:
            last = name.rpartition(".")[2]
            return last if last in _pieces() else ""
    return ""


@functools.lru_cache(maxsize=None)
def _imports() -> dict[str, str]:
    """For each name that pieces import, but TensorFlow's, the statement that does."""
    found = {}
    for entry in resources.files(__package__).joinpath("pieces").iterdir():
        if entry.name.endswith(".py"):
            for node in ast.parse(entry.read_text(encoding="utf-8")).body:
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    for alias in node.names:
                        only = type(node)(**{**node.__dict__, "names": [alias]})
                        found[alias.asname or alias.name] = ast.unparse(only)
    found.pop("tf", None)
    return found


@functools.lru_cache(maxsize=None)
def _pieces() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """For each class and function of the pieces its module, its text, and which others it needs."""
    found: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for entry in sorted(resources.files(__package__).joinpath("pieces").iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".py") or entry.name == "__init__.py":
            continue
        text = entry.read_text(encoding="utf-8")
        lines = text.split("\n")
        nodes = [n for n in ast.parse(text).body if not isinstance(n, (ast.Import, ast.ImportFrom))]
        named = {}
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                named[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named[node.targets[0].id] = node
        for name, node in named.items():
            start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            needs = tuple(other for other in named if other in read and other != name)
            found[name] = entry.name, "\n".join(lines[start - 1 : node.end_lineno]), needs
    return found


def names() -> set[str]:
    """The classes and functions that pieces define."""
    return set(_pieces())


def with_needed(names: list[str]) -> list[str]:
    """Pieces with those that they need."""
    wanted: dict[str, None] = {}

    def want(name: str) -> None:
        if name not in wanted:
            for other in _pieces()[name][2]:
                want(other)
            wanted[name] = None

    for name in names:
        want(name)
    return list(wanted)


def text_of(names: list[str], tf: str, numpy: str, bound: set[str]) -> str:
    """The text of pieces and of what they need. tf, numpy: how the file calls the packages; bound: what it imports."""
    wanted = with_needed(names)
    texts = []
    for name in _pieces():
        if name in wanted:
            texts.append(_renamed(_pieces()[name][1], {"tf": tf, "np": numpy}))
    text = "\n\n\n".join(texts)
    used = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
    imports = sorted(statement for name, statement in _imports().items() if name in used and name not in bound)
    if tf not in bound:
        imports.append(f"import tensorflow as {tf}")
    if "np" in used and numpy not in bound:
        imports = [i for i in imports if i != "import numpy as np"] + [f"import numpy as {numpy}"]
    return "\n".join([*imports, "", "", text]) if imports else text


def _renamed(text: str, names: dict[str, str]) -> str:
    lines = text.split("\n")
    nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and names.get(n.id, n.id) != n.id]
    for node in sorted(nodes, key=lambda n: (n.lineno, -n.col_offset), reverse=False):
        line = lines[node.lineno - 1]
        lines[node.lineno - 1] = line[: node.col_offset] + names[node.id] + line[node.end_col_offset :]
    return "\n".join(lines)
