"""Programs in processes of their own: each in a fresh copy of its folder, ended when it takes too long."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple, Sequence

_INSIDE = str(Path(__file__).with_name("inside"))
#: How long TensorFlow may take to start, besides the time that a program has.
_START = 300.0
#: Larger files of a working folder are not copied: a program that only reads them sees a link.
_COPIED = 1 << 26


class Job(NamedTuple):
    """A program to run.

    cwd: the folder whose copy it runs in; without one that is empty. paths: put on sys.path after the program's own
    folder. nudge: 0, or the number of a pattern by which inputs and initial values are changed. resource: whether a TF1
    program gets resource variables, whose values do not change while they are read. preload: names of modules whose
    `install` is called before the program, to put made-up data in the place of what it would load. initial: of a TF2
    program, what the result of BEFORE has as "initial".
    """

    program: str
    args: Sequence[str] = ()
    cwd: str | None = None
    paths: Sequence[str] = ()
    nudge: int = 0
    resource: bool = False
    preload: Sequence[str] = ()
    initial: Sequence[dict] = ()


class Interpreter(NamedTuple):
    """What runs programs. mode: tf1, compat (TF2 as TF1) or tf2.

    randomness: `alike` where random ops give the same numbers at each run and on both sides, `fresh` where they give
    others at each run, `own` where they are left alone.
    """

    python: str
    mode: str
    randomness: str = "alike"
    gpu: bool = False


class ProcessError(Exception):
    """The interpreter itself cannot do it: there is no TensorFlow, or another one than asked for."""


def run(interpreter: Interpreter, jobs: Sequence[Job], timeout: float) -> list[dict]:
    """The results of programs, one after another in one process; those after one that hangs or dies in another.

    timeout: seconds for each program. What could not be run to its end has the status `timeout` or `died`.
    """
    results: list[dict] = []
    with tempfile.TemporaryDirectory(prefix="flake8-tf2-", ignore_cleanup_errors=True) as folder:
        while len(results) < len(jobs):
            results += _one_process(interpreter, jobs[len(results) :], timeout, Path(folder, str(len(results))))
    return results


def run_alone(interpreter: Interpreter, job: Job, timeout: float) -> dict:
    """The result of a program in a process of its own."""
    return run(interpreter, [job], timeout)[0]


def _one_process(interpreter: Interpreter, jobs: Sequence[Job], timeout: float, folder: Path) -> list[dict]:
    """The results of the first jobs: all, or those up to the first that did not end by itself."""
    folder.mkdir()
    paths = [folder / f"{number}.json" for number in range(len(jobs))]
    asked = []
    for number, (job, path) in enumerate(zip(jobs, paths)):
        work = folder / f"work{number}"
        _copy(job.cwd, work)
        asked.append({
            "program": os.path.abspath(job.program), "args": list(job.args), "folder": str(work),
            "paths": [os.path.abspath(path) for path in job.paths], "mode": interpreter.mode,
            "randomness": interpreter.randomness, "nudge": job.nudge, "resource": job.resource,
            "preload": list(job.preload), "initial": list(job.initial), "result": str(path),
        })  # fmt: skip
    (folder / "jobs.json").write_text(json.dumps(asked), encoding="utf-8")
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [interpreter.python, _INSIDE, str(folder / "jobs.json")],
            env=_environment(interpreter, folder), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    results = []
    try:
        for path in paths:
            status = _wait(process, path, timeout)
            if status:
                if not path.with_name(path.name + ".started").exists():
                    if results:  # the one before changed what the others need
                        return results
                    raise ProcessError(_why_no_start(interpreter, log))
                return [*results, {"status": status, **_so_far(path)}]
            results.append(json.loads(path.read_text(encoding="utf-8")))
    finally:
        _end(process)
    return results


def _wait(process: subprocess.Popen, path: Path, timeout: float) -> str:
    """Wait for a result; why there will be none, or ""."""
    started = path.with_name(path.name + ".started")
    limit = time.monotonic() + _START
    running = False
    pause = 0.01
    while not path.exists():
        if process.poll() is not None:
            return "" if path.exists() else "died"
        if not running and started.exists():
            running, limit = True, time.monotonic() + timeout
        if time.monotonic() > limit:
            return "timeout"
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return ""


def _so_far(path: Path) -> dict:
    """What a program printed before it was ended."""
    found = {}
    for key, suffix in (("printed", ".out"), ("said", ".err")):
        with contextlib.suppress(OSError):
            found[key] = path.with_name(path.name + suffix).read_text(encoding="utf-8", errors="replace")[-4000:]
    return found


def _last_lines(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace").strip()
    return "\n".join(text.splitlines()[-5:])


def _why_no_start(interpreter: Interpreter, log: Path) -> str:
    """What an interpreter said that ran no program at all, and what to do."""
    said = _last_lines(log) or "it does not start"
    if "No module named" in said:
        said = said.splitlines()[-1]
    wanted, option = ("1.15", "--tf1-python") if interpreter.mode == "tf1" else ("2", "--tf2-python")
    return f"{interpreter.python}: {said}\nName an interpreter that has TensorFlow {wanted} and numpy with {option}."


def _end(process: subprocess.Popen) -> None:
    """End a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(interpreter: Interpreter, folder: Path) -> dict[str, str]:
    temporary = folder / "tmp"
    temporary.mkdir()
    environment = dict(os.environ)
    if interpreter.python != sys.executable:  # what is on the path of this Python is not made for that one
        environment = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    environment.update({
        "TF_CPP_MIN_LOG_LEVEL": "3", "TMPDIR": str(temporary), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
        # One thread computes in one order, and plain kernels compute as those of TF1 did.
        "OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
        "TF_ENABLE_ONEDNN_OPTS": "0", "NVIDIA_TF32_OVERRIDE": "0", "MPLBACKEND": "Agg",
    })  # fmt: skip
    if interpreter.gpu:
        environment["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"  # TensorFlow takes all of its memory else
    else:
        environment["CUDA_VISIBLE_DEVICES"] = "-1"
    return environment


def _copy(source: str | None, target: Path) -> None:
    target.mkdir()
    (target / "tmp").mkdir()
    if source is not None:
        shutil.copytree(source, target, copy_function=_copy_file, dirs_exist_ok=True, symlinks=False)


def _copy_file(source: str, target: str) -> None:
    if os.path.getsize(source) > _COPIED:
        os.symlink(os.path.abspath(source), target)
    else:
        shutil.copy2(source, target)
