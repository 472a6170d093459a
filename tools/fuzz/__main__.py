"""Looks for sources that the tool does not bear: coverage-guided, by atheris, over programs made of other programs.

    pip install -e '.[fuzz]'
    nice -n 10 python -m tools.fuzz [--minutes 15] [--target names ...] [--out build/fuzz]
    python -m tools.fuzz --again FILE...        # what is wrong with a file that was kept, made smaller

Each target runs in a process of its own for so many minutes. Its corpus is kept in the folder, so that a later run goes
on where this one stopped; a source for which something is wrong is kept under `wrong`, one for each place in the code,
and the run goes on. Exits with 1 if there are any.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import re
import subprocess
import sys
import time
import traceback
from pathlib import Path

from tools.fuzz import targets
from tools.fuzz.mutate import Mutator, reduced

ROOT = Path(__file__).parent.parent.parent
_SEEDS = ("docs/examples", "tests/convert", "tests/benchmarks/programs", "tests/prove/pairs", "tests/eval")
#: Random programs of the grammar, with names of TensorFlow, for all targets.
_GRAMMAR = "hypothesmith"
_ALL = [*targets.TARGETS, _GRAMMAR]


def seeds() -> list[bytes]:
    """The TF1 programs of the checkout, and the cases of the rules."""
    found = [path.read_bytes() for folder in _SEEDS for path in sorted((ROOT / folder).rglob("*.py"))]
    from tests.rules.files import RULES

    cases = [case.get(key, "") for rule in RULES for case in rule["cases"] for key in ("before", "refuse", "keep")]
    return found + [f"import tensorflow as tf\n{text}\n".encode() for text in cases if text]


class Wrong:
    """The folder of sources for which something is wrong, one for each place in the code and each message."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def tell(self, target: str, source: str, error: BaseException) -> None:
        """Keep a source, if the like of it is not there."""
        path = self._folder / f"{target}-{_kind(error)}.py"
        if not path.exists():
            path.write_text(source, encoding="utf-8", errors="surrogatepass", newline="")
            told = "".join(traceback.format_exception(error))
            path.with_suffix(".txt").write_text(told, encoding="utf-8", errors="backslashreplace")
            print(f"{path}: {told.splitlines()[-1]}", flush=True)


def _kind(error: BaseException) -> str:
    """What errors of one cause have in common: the kind of error, and the place of our code that raised it."""
    ours = ("flake8_tf2", "fuzz")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if any(name in f.filename for name in ours)]
    place = (frames[-1].filename, frames[-1].name, frames[-1].line) if frames else ""
    if isinstance(error, targets.Slow):  # it is stopped at any place
        place = sorted({f.name for f in frames})
    told = str(error) if isinstance(error, AssertionError) else ""
    return hashlib.sha256(repr((type(error).__name__, place, told)).encode()).hexdigest()[:10]


def _fuzz(target: str, folder: Path, minutes: float) -> None:
    """One target, in this process, which ends with it."""
    import atheris

    for name in [name for name in sys.modules if name.startswith("flake8_tf2")]:
        del sys.modules[name]
    with atheris.instrument_imports(include=["flake8_tf2"], enable_loader_override=False):
        importlib.reload(targets)

    wrong = Wrong(folder / "wrong")

    def check(target: str, source: str) -> None:
        try:
            targets.run(target, source)
        except (Exception, targets.Slow) as error:
            wrong.tell(target, source, error)

    corpus = folder / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={minutes * 60:.0f}", "-timeout=900"]
    arguments = [sys.argv[0], str(corpus), *limits, "-print_final_stats=1"]
    if target == _GRAMMAR:
        from tools.fuzz.grammar import checking

        atheris.Setup(arguments, checking(check))
    else:
        programs = seeds()
        mutator = Mutator(programs)
        # A file without a session is left by the converter at once; it is where statements come from all the same.
        for program in [p for p in programs if target != "convert" or b"Session" in p]:
            (corpus / hashlib.sha1(program).hexdigest()).write_bytes(program)
        atheris.Setup(
            [*arguments, f"-max_len={1 << 14}", "-len_control=0"],
            lambda content: check(target, targets.text_of(content)),
            custom_mutator=lambda data, largest, seed: mutator.mutated(data, seed, largest),
            custom_crossover=lambda one, other, largest, seed: mutator.crossed(one, other, seed, largest),
        )
    atheris.Fuzz()


def _again(path: Path) -> bool:
    """Whether something is still wrong with a file that was kept; it is made smaller, and what is wrong is printed."""
    target = path.name.partition("-")[0]

    def error_of(text: bytes) -> BaseException | None:
        try:
            targets.run(target, text.decode("utf-8", "surrogatepass"))
        except (Exception, targets.Slow) as error:
            return error
        return None

    text = path.read_bytes()
    error = error_of(text)
    if error is None:
        return False
    small = reduced(text, lambda text: (found := error_of(text)) is not None and _kind(found) == _kind(error))
    path.write_bytes(small)
    print(f"{path}:\n{small.decode('utf-8', 'backslashreplace')}")
    traceback.print_exception(error_of(small), limit=-4, file=sys.stdout)
    return True


def main() -> int:
    """Run the targets; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=15, help="for each target: 15")
    parser.add_argument("--target", nargs="+", choices=_ALL, default=_ALL, help="all of them")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "fuzz", help="the folder of what is kept")
    parser.add_argument("--again", nargs="+", type=Path, metavar="FILE", help="only look at files that were kept")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.again:
        return int(any([_again(path) for path in arguments.again]))
    if arguments.inside:
        _fuzz(*arguments.target, arguments.out, arguments.minutes)
        return 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    for target in arguments.target:
        start = time.monotonic()
        command = [sys.executable, "-m", "tools.fuzz", "--inside", "--target", target, "--out", str(arguments.out)]
        with open(arguments.out / f"{target}.log", "wb") as log:
            done = subprocess.run([*command, "--minutes", str(arguments.minutes)], cwd=ROOT, stderr=log, check=False)
        told = (arguments.out / f"{target}.log").read_text(errors="replace")
        inputs, covered = (re.findall(pattern, told) or ["0"] for pattern in (r"executed_units: (\d+)", r"cov: (\d+)"))
        minutes = (time.monotonic() - start) / 60
        print(f"{target}: {minutes:.1f} minutes, {inputs[-1]} inputs, {covered[-1]} places covered", flush=True)
        if done.returncode:  # it ended by other means than an exception
            print(told[-2000:])
            return 1
    wrong = sorted((arguments.out / "wrong").glob("*.py"))
    print(f"{len(wrong)} sources are wrong", *wrong, sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
