"""What linting costs, as ratios taken in one run: times of this tool over times of `ast.parse` or of flake8.

    python -m tests.benchmarks.ratios [--quick]

Each pair is measured in turns, and the smallest of several turns counts: on a busy machine that is the figure that least depends on
the neighbours. Prints one line a ratio, with the budget that it must keep.
"""

from __future__ import annotations

import argparse
import ast
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable

from flake8_tf2.lint import lint
from flake8_tf2.options import Options

EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"


def sources() -> list[str]:
    """The TF1 programs of docs/examples."""
    return [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.rglob("*.py"))]


def plain(source: str) -> str:
    """The same source without TensorFlow: the name is another word of its length."""
    return source.replace("tensorflow", "numberflow").replace("keras", "karas")


def ratio(first: Callable[[], object], second: Callable[[], object], turns: int) -> float:
    """The smallest time of the first over the smallest time of the second, taken in turns (CPU time of this process)."""
    best = [float("inf"), float("inf")]
    for _ in range(turns):
        for which, work in enumerate((first, second)):
            start = time.process_time()
            work()
            best[which] = min(best[which], time.process_time() - start)
    return best[0] / best[1]


def process_ratio(first: list[str], second: list[str], turns: int) -> float:
    """The same for whole commands: user and system time of the processes."""
    best = [float("inf"), float("inf")]
    for _ in range(turns):
        for which, command in enumerate((first, second)):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best[which] = min(best[which], spent)
    return best[0] / best[1]


def lint_ratio(turns: int) -> float:
    """`lint` given the tree, over `ast.parse`, on files with TF1 code."""
    texts = sources() * 3
    trees = [ast.parse(text) for text in texts]
    lint(texts[0])  # loads the index
    return ratio(
        lambda: [lint(text, "x.py", Options(), tree) for text, tree in zip(texts, trees)],
        lambda: [ast.parse(text) for text in texts],
        turns,
    )


def plain_ratio(turns: int) -> float:
    """The same on files without TensorFlow."""
    texts = [plain(text) for text in sources()] * 3
    trees = [ast.parse(text) for text in texts]
    return ratio(
        lambda: [lint(text, "x.py", Options(), tree) for text, tree in zip(texts, trees)],
        lambda: [ast.parse(text) for text in texts],
        turns,
    )


def write_tree(folder: Path, lines: int) -> int:
    """Copies of the examples, until the tree has so many lines; returns how many it has."""
    written = number = 0
    texts = sources()
    while written < lines:
        for text in texts:
            (folder / f"program_{number}.py").write_text(text, encoding="utf-8")
            written += text.count("\n")
            number += 1
    return written


_PARSE = "import ast,pathlib,sys\nfor p in sorted(pathlib.Path(sys.argv[1]).rglob('*.py')): ast.parse(p.read_bytes())"


def check_ratio(folder: Path, turns: int) -> float:
    """`flake8-tf2 check` on a tree, start-up included, over `ast.parse` of its files."""
    check = [sys.executable, "-m", "flake8_tf2.cli", "check", "--isolated", str(folder)]
    return process_ratio(check, [sys.executable, "-c", _PARSE, str(folder)], turns)


def load_ratio(turns: int) -> float:
    """Importing the plugin and loading its index on top of flake8's own import."""
    both = "import flake8.main.cli, flake8_tf2.plugin, flake8_tf2.lint; flake8_tf2.lint.registries.load()"
    return process_ratio([sys.executable, "-c", both], [sys.executable, "-c", "import flake8.main.cli"], turns)


def flake8_ratio(folder: Path, turns: int) -> float:
    """flake8 with the plugin over flake8 without it, which still runs pycodestyle and pyflakes."""
    with_plugin = [sys.executable, "-m", "flake8", "--isolated", "-j1", "--select", "TF", str(folder)]
    without = [sys.executable, "-c", _WITHOUT, "--isolated", "-j1", "--select", "E999", str(folder)]
    return process_ratio(with_plugin, without, turns)


#: flake8 with this distribution hidden from its search for plugins.
_WITHOUT = """
import importlib.metadata as m, sys
found = m.distributions
m.distributions = lambda *a, **k: (d for d in found(*a, **k) if d.metadata['name'] != 'flake8-tf2')
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""


def memory_ratio() -> float:
    """The peak of `check` on a file of 5 MB over the peak of `ast.parse` of it, each in a process of its own, without start-up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.py"
        text = "\n".join(sources())
        path.write_text((text + "\n") * (5_000_000 // len(text) + 1), encoding="utf-8")
        parse = "import sys,ast; t = open(sys.argv[1]).read(); x = ast.parse(t)"
        check = "import sys; from flake8_tf2.cli import main; sys.stdout = open('/dev/null', 'w'); main(['check', '--isolated', sys.argv[1]])"
        idle = "from flake8_tf2.cli import main; main(['check', '--isolated', '/dev/null/none'])"
        base = _peak("import ast", path)
        return (_peak(check, path) - _peak(idle, path)) / (_peak(parse, path) - base)


def _peak(code: str, path: Path) -> int:
    """The resident peak of a process in bytes."""
    report = code + "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.__stdout__)"
    result = subprocess.run(
        [sys.executable, "-c", "import sys; " + report, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return int(result.stdout.split()[-1]) * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Print all ratios with their budgets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer turns and a smaller tree")
    quick = parser.parse_args().quick
    turns = 3 if quick else 9
    os.environ["PYTHONHASHSEED"] = "0"
    show("lint / ast.parse, files with TF1", lint_ratio(turns), 0.6)
    show("lint / ast.parse, files without TensorFlow", plain_ratio(turns), 0.01)
    show("import and load / import of flake8", load_ratio(turns), 1.15)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = write_tree(folder, 7_000 if quick else 70_000)
        show(f"check / ast.parse, {lines} lines, all TF1", check_ratio(folder, turns), 2.0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tree(folder, 3_000 if quick else 10_000)
        show("flake8 --select TF with plugin / without", flake8_ratio(folder, 3 if quick else 5), 1.05)
    show("peak memory of check / of ast.parse, 5 MB", memory_ratio(), 1.3)


def show(what: str, value: float, budget: float) -> None:
    """One line of the report."""
    print(f"{what:<50} {value:6.3f}  budget {budget:g}  {'ok' if value <= budget else 'MISSED'}", flush=True)


if __name__ == "__main__":
    main()
