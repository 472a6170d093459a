"""What is kept of the programs: how each reads when it is converted, and what TensorFlow 1.15 did with it.

    python -m tests.convert.record [--python TF1_PYTHON] [--all] [NAME...]

writes converted.txt (the programs that convert), expected/NAME.py or, of a project, expected/NAME/ (what is written for each)
and, with an interpreter that has TensorFlow 1.15, tests/golden/programs/NAME.json.gz, where there is none of the program as it
is (--all: anew). A program `checkpoint_...` goes on from a checkpoint that TensorFlow 1.15 saved: it is run once
before without one, and what it saves is kept as tests/golden/checkpoints/NAME.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flake8_tf2.convert.link import projects
from flake8_tf2.convert.program import Converted, convert_source
from flake8_tf2.convert.project import convert_project
from flake8_tf2.prove import pair, recording
from flake8_tf2.prove.processes import Job

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
PROJECTS = HERE / "projects"
EXPECTED = HERE / "expected"
CONVERTED = HERE / "converted.txt"
GOLDEN = HERE.parent / "golden" / "programs"
CHECKPOINTS = HERE.parent / "golden" / "checkpoints"
GOES_ON = "checkpoint_"  # the beginning of the names of programs that begin with a checkpoint
ENTRY = "main.py"  # of a project
AGAIN = "python -m tests.convert.record --python TF1_PYTHON"
#: Random ops of the others draw anew at each run, as they do without us. These draw only to begin, and after other runs: when
#: TF1 draws initial values, and when TF2 does, are other turns; and the hooks of an Estimator run between its steps.
ALIKE = {
    "gan_optimizer_helper", "graph_as_default", "graph_built_in_loop", "estimator_dataset", "estimator_metrics",
    "estimator_batch_norm",
}  # fmt: skip
#: Larger arrays are kept as digests: this many programs must stay small.
_WHOLE = 128


def converted() -> list[str]:
    """The names of the programs that convert."""
    return CONVERTED.read_text("utf-8").split()


def recorded(name: str) -> Path:
    """The file with what TensorFlow 1.15 did with a program."""
    return GOLDEN / f"{name}.json.gz"


def going_on() -> list[str]:
    """The names of the programs that begin with a checkpoint."""
    return [name for name in converted() if name.startswith(GOES_ON)]


def names() -> list[str]:
    """The names of all programs; those of several files are projects."""
    projects = [path.name for path in PROJECTS.iterdir() if (path / ENTRY).exists()]
    return sorted([path.stem for path in PROGRAMS.glob("*.py")] + projects)


def entry(name: str, kept: bool = False) -> Path:
    """The file of a program that is run; kept: of what is kept of its conversion."""
    if (PROJECTS / name).is_dir():
        return (EXPECTED if kept else PROJECTS) / name / ENTRY
    return (EXPECTED if kept else PROGRAMS) / f"{name}.py"


def files(name: str, kept: bool = False) -> dict[str, str]:
    """The sources of a program by their paths below its folder."""
    program = entry(name, kept)
    if program.name != ENTRY:
        return {program.name: program.read_text("utf-8")}
    paths = sorted(program.parent.rglob("*.py"))
    return {path.relative_to(program.parent).as_posix(): path.read_text("utf-8") for path in paths}


def convert(name: str) -> dict[str, Converted]:
    """What becomes of the files of a program."""
    sources = files(name)
    if len(sources) == 1:
        return {path: convert_source(source, path) for path, source in sources.items()}
    found = {path: Converted(source) for path, source in sources.items()}
    for group in projects(sources):
        found |= convert_project({path: sources[path] for path in group})
    return found


def digest(name: str) -> str:
    """A hash of a program, of all its files and of what it is given."""
    found = hashlib.sha256(pair.digest(job(name)).encode())
    sources = files(name)
    if len(sources) == 1:
        return pair.digest(job(name))
    for path, source in sources.items():
        found.update(f"\0{path}\0{source}".encode())
    return found.hexdigest()[:16]


def job(name: str, program: Path | None = None, checkpoint: Path | None = None) -> Job:
    """A program, or what became of it, with the data that it needs. checkpoint: a folder with another than is recorded."""
    original = entry(name)
    stubs = ("mnist_stub",) if "tutorials.mnist" in original.read_text("utf-8") else ()
    cwd = str(checkpoint or CHECKPOINTS / name) if name.startswith(GOES_ON) else None
    return Job(str(program or original), cwd=cwd, paths=(str(HERE / "stub"),) if stubs else (), preload=stubs)


def settings(name: str, python: str | None = None, gpu: bool = False) -> pair.Settings:
    """How a program is run."""
    return pair.Settings(tf1_python=python, timeout=120, randomness="alike" if name in ALIKE else "fresh", gpu=gpu)


def can_run(name: str) -> bool:
    """Whether what a converted program needs besides TensorFlow is installed."""
    uses_summaries = any("tf.summary." in source for source in files(name, kept=True).values())
    return not uses_summaries or importlib.util.find_spec("tensorboard") is not None


def prove(processes: int, gpu: bool = False) -> dict[str, pair.Verdict]:
    """The verdicts on what is kept of each program that can run, by name; so many processes run them side by side."""
    fresh = [name for name in converted() if name not in ALIKE and can_run(name)]
    groups = [group for group in (sorted(ALIKE), *(fresh[first::processes] for first in range(processes))) if group]
    found = {}
    with ThreadPoolExecutor(processes) as pool:
        for group, verdicts in zip(groups, pool.map(lambda group: _prove(group, gpu), groups), strict=True):
            found.update(zip(group, verdicts, strict=True))
    return found


def _prove(names: list[str], gpu: bool) -> list[pair.Verdict]:
    recordings = [recording.read(str(recorded(name))) for name in names]
    jobs = [job(name, entry(name, kept=True)) for name in names]
    return pair.prove_recorded(recordings, jobs, settings(names[0], gpu=gpu))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="the programs whose runs are recorded (default: all)")
    parser.add_argument("--python", help="an interpreter with TensorFlow 1.15")
    parser.add_argument("--all", action="store_true", help="record those anew that have not changed")
    arguments = parser.parse_args()
    _write_expected()
    if arguments.python:
        names = [name for name in arguments.names or converted() if arguments.all or not is_recorded(name)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda name: _record(name, settings(name, arguments.python)), names))


def is_recorded(name: str) -> bool:
    """Whether there is a recording of a program as it is."""
    try:
        return recording.read(str(recorded(name))).hash == digest(name)
    except (OSError, ValueError):  # none, or one of another format
        return False


def _write_expected() -> None:
    written = []
    for name in names():
        found = convert(name)
        kept = entry(name, kept=True)
        folder = kept.parent if kept.name == ENTRY else None
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        kept.unlink(missing_ok=True)
        if any(file.reason for file in found.values()):
            continue
        written.append(name)
        for path, file in found.items():
            target = (folder or EXPECTED) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.source, "utf-8")
    CONVERTED.write_text("\n".join(written) + "\n", "utf-8")


def _save(name: str, python: str) -> None:
    """Keep the checkpoint that a program saves when it begins without one."""
    kept = CHECKPOINTS / name
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "CUDA_VISIBLE_DEVICES": "-1"}
        subprocess.run([python, str(entry(name))], cwd=folder, env=environment, check=True, capture_output=True)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("*.meta"))


def _record(name: str, how: pair.Settings) -> None:
    if name.startswith(GOES_ON):
        _save(name, how.tf1_python)
    found = pair.record(job(name), how, _WHOLE)._replace(hash=digest(name))
    GOLDEN.mkdir(parents=True, exist_ok=True)
    recording.write(str(recorded(name)), found)
    print(f"{name}: {len(found.result['events'])} fetches, {recorded(name).stat().st_size} bytes", flush=True)


if __name__ == "__main__":
    main()
