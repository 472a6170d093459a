"""What `report --dask` takes on a tree of many repositories: files per second of a core, and two workers over one.

    python -m tests.benchmarks.spread [--files 200000] [--part 20000] [--folder FOLDER]

Writes the tree (into a temporary folder, or one that stays), looks at a part of it with one worker and with two, at all
of it with two, and renders the page. A hundred files make a repository; one file in a hundred has TensorFlow 1, of which
one in thirty is a program that is converted as a whole. CPU time is that of workers and of their processes.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Iterator, NamedTuple

import distributed
import psutil

from flake8_tf2.files import find_files
from flake8_tf2.overview.page import render
from flake8_tf2.overview.spread import spread_files
from flake8_tf2.overview.store import Store
from flake8_tf2.overview.summary import summarize

ROOT = Path(__file__).parent.parent.parent
_OF_REPOSITORY, _ONE_IN, _PROGRAM_IN = 100, 100, 30
_PLAIN = '''"""Module {number}."""

import json


class Reader{number}:
    """Reads records."""

    def __init__(self, path, limit={number}):
        self.path = path
        self.limit = limit

    def records(self):
        """The records of the file, as far as the limit."""
        with open(self.path) as file:
            for line in file:
                record = json.loads(line)
                if len(record) < self.limit:
                    yield record
'''


def write_tree(folder: Path, files: int) -> None:
    """Write so many files; what is there already stays."""
    programs = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests/benchmarks/programs").glob("*.py"))]
    examples = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/examples").rglob("*.py"))]
    modules = [text for text in examples if "tensorflow" in text and "Session" not in text]
    for number in range(files):
        repository = folder / f"group-{number // _OF_REPOSITORY // 50:03}" / f"repository-{number // _OF_REPOSITORY:05}"
        path = repository / f"module_{number % _OF_REPOSITORY:02}.py"
        if number % _OF_REPOSITORY == 0:
            repository.mkdir(parents=True, exist_ok=True)
        of_tf1 = number // _ONE_IN
        if number % _ONE_IN:
            text = _PLAIN.format(number=number)
        elif of_tf1 % _PROGRAM_IN:
            text = modules[of_tf1 % len(modules)]
        else:
            text = programs[of_tf1 // _PROGRAM_IN % len(programs)]
        if not path.exists():
            path.write_text(text, encoding="utf-8")


class Spent(NamedTuple):
    """Seconds on the clock, and of CPU time of the workers."""

    clock: float
    cpu: float


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[distributed.LocalCluster]:
    """A cluster of so many workers."""
    quiet = {"dashboard_address": "localhost:0", "silence_logs": logging.CRITICAL}
    with distributed.LocalCluster(n_workers=workers, threads_per_worker=1, **quiet) as started:
        yield started


def spent(started: distributed.LocalCluster, paths: list[str], store: Store) -> Spent:
    """What it takes to look at files."""
    clock, cpu = time.perf_counter(), _cpu(started)
    for _ in spread_files(paths, ["--isolated"], started.scheduler_address, store, 300):
        pass
    return Spent(time.perf_counter() - clock, _cpu(started) - cpu)


def _cpu(started: distributed.LocalCluster) -> float:
    total = 0.0
    for worker in started.workers.values():
        own = psutil.Process(worker.process.pid)
        for process in (own, *own.children(recursive=True)):
            total += sum(process.cpu_times()[:2])
    return total


def show(what: str, files: int, of: Spent) -> None:
    """A line of the report."""
    print(
        f"{what:<24} {files:>8,} files  {of.clock:7.1f} s on the clock  {of.cpu:7.1f} s of CPU"
        f"  {files / of.cpu:7.0f} files per second of a core",
        flush=True,
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--part", type=int, default=20_000, help="files for one worker, and for two")
    parser.add_argument("--folder", type=Path, help="where the tree is written, and stays")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.folder or Path(name) / "tree"
        start = time.perf_counter()
        write_tree(folder, arguments.files)
        paths = list(find_files([str(folder)]))
        print(f"{len(paths):,} files written and found in {time.perf_counter() - start:.0f} s", flush=True)
        print(f"load of the machine, which has {os.cpu_count()} cores: {os.getloadavg()[0]:.1f}", flush=True)
        part = paths[: arguments.part]
        clocks = []
        for workers in (1, 2):
            with cluster(workers) as started:
                of = spent(started, part, Store(Path(name) / f"{workers}", ""))
                show(f"{workers} worker{'s' * (workers > 1)}", len(part), of)
                clocks.append(of.clock)
        print(f"{'two workers over one':<24} {clocks[0] / clocks[1]:.2f} times as fast on the clock", flush=True)
        with cluster(2) as started:
            store = Store(Path(name) / "all", "")
            show("2 workers, all", len(paths), spent(started, paths, store))
        start = time.perf_counter()
        files = store.read(paths)
        page = render(summarize(files, {}, [str(folder)]), files, [str(folder)])
        found = sum(len(file.findings) for file in files)
        print(
            f"page of {found:,} findings in {len(files):,} files: {time.perf_counter() - start:.1f} s,"
            f" {len(page) / 1e6:.1f} MB; peak of this process"
            f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB"
        )


if __name__ == "__main__":
    main()
