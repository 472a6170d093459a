"""What linting costs, as ratios taken in one run: times of this tool over times of `ast.parse` or of flake8.

    python -m tests.benchmarks.ratios [--quick] [--files FOLDER...] [--peer COMMAND ...]

Each pair is measured in turns, and the smallest of several turns counts: on a busy machine that is the figure that least
depends on the neighbours. Prints one line a ratio, with the budget that it must keep.

--files takes other TF1 code than docs/examples for the first line. --peer is another tool, as one argument; the folder
of the tree is put behind it, and `{out}` in it is replaced by a folder for what it writes.
"""

from __future__ import annotations

import argparse
import ast
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable

from flake8_tf2.lint import lint
from flake8_tf2.options import Options
from tests.editor.raw import RawClient

EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"


def sources(folders: tuple[Path, ...] = (EXAMPLES,)) -> list[str]:
    """The files of the folders that say tensorflow."""
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return [text for text in texts if "tensorflow" in text]


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


def process_ratio(first: list[str], second: list[str], turns: int, wall: bool = False) -> float:
    """The same for whole commands: user and system time of the processes, or the time on the clock."""
    best = [float("inf"), float("inf")]
    for _ in range(turns):
        for which, command in enumerate((first, second)):
            start = time.perf_counter()
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best[which] = min(best[which], time.perf_counter() - start if wall else spent)
    return best[0] / best[1]


def lint_ratio(texts: list[str], turns: int) -> float:
    """`lint` given the tree, over `ast.parse`, file by file as flake8 does it."""
    best = [[float("inf")] * len(texts), [float("inf")] * len(texts)]
    lint(texts[0])  # loads the index
    for _ in range(turns):
        for i, text in enumerate(texts):
            start = time.process_time()
            tree = ast.parse(text)
            parsed = time.process_time()
            lint(text, "x.py", Options(), tree)
            linted = time.process_time()
            best[0][i] = min(best[0][i], parsed - start)
            best[1][i] = min(best[1][i], linted - parsed)
    return sum(best[1]) / sum(best[0])


def plain_ratio(turns: int) -> float:
    """The same on files without TensorFlow."""
    texts = [plain(text) for text in sources()] * 3
    trees = [ast.parse(text) for text in texts]
    return ratio(
        lambda: [lint(text, "x.py", Options(), tree) for text, tree in zip(texts, trees)],
        lambda: [ast.parse(text) for text in texts],
        turns,
    )


#: An import that nothing uses: flake8 then has something of its own to say of each file, as it has in most real ones,
#: and torchfix, which skips files that do not say `torch`, reads them all.
UNUSED = "import torch\n"


def write_tree(folder: Path, lines: int, tail: str = UNUSED, one_in: int = 1) -> int:
    """Copies of the examples, each with a tail, until the tree has so many lines; returns how many it has.

    one_in: of so many files one keeps its TensorFlow.
    """
    written = number = 0
    texts = [text + tail for text in sources()]
    while written < lines:
        for text in texts:
            text = plain(text) if number % one_in else text
            (folder / f"program_{number}.py").write_text(text, encoding="utf-8")
            written += text.count("\n")
            number += 1
    return written


_PARSE = "import ast,pathlib,sys\nfor p in sorted(pathlib.Path(sys.argv[1]).rglob('*.py')): ast.parse(p.read_bytes())"


def check_ratio(folder: Path, turns: int, wall: bool) -> float:
    """`flake8-tf2 check` on a tree, start-up included, over `ast.parse` of its files in one process."""
    check = [sys.executable, "-m", "flake8_tf2.cli", "check", "--isolated", "--no-cache", str(folder)]
    return process_ratio(check, [sys.executable, "-c", _PARSE, str(folder)], turns, wall)


def warm_ratio(folder: Path, turns: int) -> float:
    """`check` of a tree that is as it was at the last run, over `ast.parse` of its files; neither with its start-up."""
    check = [sys.executable, "-m", "flake8_tf2.cli", "check", "--isolated"]
    parse = [sys.executable, "-c", _PARSE]
    with tempfile.TemporaryDirectory() as name:
        kept = Path(name) / "cache"
        empty = Path(name) / "empty"
        empty.mkdir()
        (empty / "a.py").write_text("")
        environment = {**os.environ, "XDG_CACHE_HOME": str(kept)}
        commands = [[*command, str(path)] for command in (check, parse) for path in (folder, empty)]
        best = [float("inf")] * 4
        cpu_time(commands[0], environment)  # fills the cache
        for _ in range(turns):
            for which, command in enumerate(commands):
                best[which] = min(best[which], cpu_time(command, environment))
    return (best[0] - best[1]) / (best[2] - best[3])


def cpu_time(command: list[str], environment: dict[str, str]) -> float:
    """User and system time of a command and of its processes, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peer_ratio(peer: str, folder: Path) -> float:
    """Another tool on the tree, over `ast.parse` of its files; once, since peers take minutes."""
    with tempfile.TemporaryDirectory() as out:
        command = [part.replace("{out}", f"{out}/tree") for part in shlex.split(peer)] + [str(folder)]
        return process_ratio(command, [sys.executable, "-c", _PARSE, str(folder)], 1)


def load_ratio(turns: int) -> float:
    """Importing the plugin and loading its index on top of flake8's own import."""
    both = "import flake8.main.cli, flake8_tf2.plugin, flake8_tf2.lint; flake8_tf2.lint.registries.load()"
    return process_ratio([sys.executable, "-c", both], [sys.executable, "-c", "import flake8.main.cli"], turns)


def start_ratio(turns: int) -> float:
    """`check` on one file, start-up included, over importing flake8."""
    check = [sys.executable, "-m", "flake8_tf2.cli", "check", "--isolated", "--no-cache", str(first_example())]
    return process_ratio(check, [sys.executable, "-c", "import flake8.main.cli"], turns)


def first_example() -> Path:
    """A file that uses TensorFlow 1."""
    return next(path for path in sorted(EXAMPLES.rglob("*.py")) if "tensorflow" in path.read_text(encoding="utf-8"))


def flake8_ratio(folder: Path, turns: int, *options: str) -> float:
    """flake8 with the plugin over flake8 without it, which still runs pycodestyle and pyflakes."""
    without = [sys.executable, "-c", _WITHOUT, "--isolated", "-j1", "--select", "E999", *options, str(folder)]
    return process_ratio(_with_plugin(folder, options), without, turns)


def flake8_one_result_ratio(folder: Path, turns: int, *options: str) -> float:
    """flake8 with the plugin over flake8 with another one, which does nothing but report one thing in each file.

    For the first result in a file, whoever reports it, flake8 tokenizes the file a second time, to look for noqa: in files
    of which it has nothing to say itself, any plugin that has costs that.
    """
    with tempfile.TemporaryDirectory() as name:
        config = Path(name) / "flake8.ini"
        config.write_text("[flake8:local-plugins]\nextension =\n    ONE = one_result:Plugin\npaths = .\n")
        config.with_name("one_result.py").write_text(_ONE_RESULT)
        arguments = ["--config", str(config), "-j1", "--select", "ONE", *options, str(folder)]
        return process_ratio(_with_plugin(folder, options), [sys.executable, "-c", _WITHOUT, *arguments], turns)


def _with_plugin(folder: Path, options: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "flake8", "--isolated", "-j1", "--select", "TF", *options, str(folder)]


_ONE_RESULT = """
class Plugin:
    name, version = "one-result", "1"

    def __init__(self, tree):
        pass

    def run(self):
        yield 1, 0, "ONE result", type(self)
"""


#: flake8 with this distribution hidden from its search for plugins.
_WITHOUT = """
import importlib.metadata as m, sys
found = m.distributions
m.distributions = lambda *a, **k: (d for d in found(*a, **k) if d.metadata['name'] != 'flake8-tf2')
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""


def program_of(lines: int) -> str:
    """A file of about so many lines: the examples, one behind the other."""
    texts = ["\n".join(line for line in text.splitlines() if "__future__" not in line) + "\n" for text in sources()]
    parts: list[str] = []
    while sum(part.count("\n") for part in parts) < lines:
        parts.append(texts[len(parts) % len(texts)])
    return "".join(parts)


def editor_ratio(turns: int, lines: int = 2000) -> float:
    """The language server's answer to a change, over `ast.parse` of the file: medians of the time on the clock.

    From the first byte of the change that the client writes to the last byte of the diagnostics that it reads.
    """
    text = program_of(lines)
    answers, parses = [], []
    with tempfile.TemporaryDirectory() as folder, RawClient([sys.executable, "-m", "flake8_tf2.cli", "lsp"]) as client:
        uri = (Path(folder) / "a.py").as_uri()
        client.request("initialize", {"capabilities": {}, "processId": None, "rootUri": Path(folder).as_uri()})
        client.notify("initialized", {})
        opened = {"uri": uri, "languageId": "python", "version": 0, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": opened})
        client.read(lambda message: message.get("params", {}).get("version") == 0)
        for version in range(1, turns + 1):
            start = time.perf_counter()
            ast.parse(text)
            parses.append(time.perf_counter() - start)
            at = {"line": version * 37 % lines, "character": 0}
            change = {"range": {"start": at, "end": at}, "text": "\n"}
            start = time.perf_counter()
            document = {"uri": uri, "version": version}
            client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
            client.read(lambda message: message.get("params", {}).get("version") == version)
            answers.append(time.perf_counter() - start)
    return statistics.median(answers) / statistics.median(parses)


def memory_ratio() -> float:
    """The peak of `check` on a file of 5 MB over the peak of `ast.parse` of it, each in a process of its own, without start-up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.py"
        text = "\n".join(sources())
        path.write_text((text + "\n") * (5_000_000 // len(text) + 1), encoding="utf-8")
        parse = "import sys,ast; t = open(sys.argv[1]).read(); x = ast.parse(t)"
        check = "import sys; from flake8_tf2.cli import main; sys.stdout = open('/dev/null', 'w'); main(['check', '--isolated', '--no-cache', sys.argv[1]])"
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
    parser.add_argument("--files", nargs="+", type=Path, default=[EXAMPLES], help="folders with TF1 code")
    parser.add_argument("--peer", action="append", default=[], help="another tool to run over the tree")
    arguments = parser.parse_args()
    quick = arguments.quick
    turns = 3 if quick else 9
    os.environ["PYTHONHASHSEED"] = "0"
    # Commands are measured as they are installed, with bytecode, whatever the shell says; the first turn writes it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    cache = tempfile.TemporaryDirectory()
    os.environ["PYTHONPYCACHEPREFIX"] = cache.name
    show("lint / ast.parse, files with TF1", lint_ratio(sources(tuple(arguments.files)), turns), 0.6)
    show("lint / ast.parse, files without TensorFlow", plain_ratio(turns), 0.01)
    show("import and load / import of flake8", load_ratio(turns), 1.15)
    show("start of check on one file / import of flake8", start_ratio(turns), 1.5)
    with tempfile.TemporaryDirectory() as name:
        lines = write_tree(Path(name), 7_000 if quick else 70_000, one_in=20)
        show(f"check / ast.parse, {lines} lines, 1 file in 20 with TF1", check_ratio(Path(name), min(turns, 4), False), 0.3)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = write_tree(folder, 7_000 if quick else 70_000)
        show(f"check / ast.parse, {lines} lines, on the clock", check_ratio(folder, min(turns, 4), True), 2.0)
        show(f"check / ast.parse, {lines} lines, CPU time", check_ratio(folder, min(turns, 4), False), 2.0)
        show(f"check again, unchanged / ast.parse, {lines} lines", warm_ratio(folder, min(turns, 4)), 0.1)
        for peer in arguments.peer:
            print(
                f"{peer.split()[0].rpartition('/')[2] + ' / ast.parse, the same tree':<54} {peer_ratio(peer, folder):6.2f}"
            )
        show("flake8 --select TF with plugin / without", flake8_ratio(folder, min(turns, 4)), 1.05)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tree(folder, 7_000 if quick else 70_000, "")
        # Their lines are as long as ours: then flake8 itself has nothing to say of these files.
        clean = "--max-line-length=120"
        value = flake8_ratio(folder, min(turns, 4), clean)
        print(f"{'the same, files clean but for TF1':<54} {value:6.3f}  no budget: flake8 tokenizes twice", flush=True)
        value = flake8_one_result_ratio(folder, min(turns, 4), clean)
        show("the same files, with plugin / with one of one result", value, 1.05)
    show("answer of the language server / ast.parse, 2,000 lines", editor_ratio(10 if quick else 40), 3.0)
    show("peak memory of check / of ast.parse, 5 MB", memory_ratio(), 1.3)


def show(what: str, value: float, budget: float) -> None:
    """One line of the report."""
    print(f"{what:<54} {value:6.3f}  budget {budget:g}  {'ok' if value <= budget else 'MISSED'}", flush=True)


if __name__ == "__main__":
    main()
