"""Proves pairs of programs: BEFORE runs under TF1 and AFTER under TF2, and all that is seen is compared."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import sys
from pathlib import Path
from typing import Sequence

from flake8_tf2.prove import processes
from flake8_tf2.prove.agree import compare
from flake8_tf2.prove.processes import Interpreter, Job
from flake8_tf2.prove.recording import Recording, reduced
from flake8_tf2.prove.rounding import Rounding
from flake8_tf2.prove.tolerance import Tolerance
from flake8_tf2.prove.verdict import DIFFERENT, EQUAL, NOT_COMPARABLE, Verdict, judge

#: With so many patterns inputs are changed before a difference is called one.
_NUDGES = (1, 2, 3)


@dataclasses.dataclass(frozen=True)
class Settings:
    """tf1_python: an interpreter with TensorFlow 1.15; without one TF2 stands in. timeout: seconds for each program.

    draws: whether random ops are replaced by equal ones.
    """

    tf1_python: str | None = None
    tf2_python: str = sys.executable
    timeout: float = 600.0
    tolerance: Tolerance = Tolerance()
    draws: bool = True
    gpu: bool = False

    @property
    def before(self) -> Interpreter:
        mode = "tf1" if self.tf1_python else "compat"
        return Interpreter(self.tf1_python or self.tf2_python, mode, self.draws)

    @property
    def after(self) -> Interpreter:
        return Interpreter(self.tf2_python, "tf2", self.draws, self.gpu)


def prove(before: Job, after: Job, settings: Settings = Settings()) -> Verdict:
    """Run both programs and compare. Raises ProcessError where an interpreter has not the TensorFlow that it needs."""
    result = processes.run_alone(settings.before, before, settings.timeout)
    if result["status"] != "ok":
        return _failed("before", before, result, settings)
    other = processes.run_alone(settings.after, after, settings.timeout)
    rounding = Rounding(settings.tolerance)
    verdict = _compared(result, rounding, after, other, settings)
    for nudges in (_NUDGES[:1], _NUDGES[1:]):
        if verdict.verdict != DIFFERENT:
            break
        # A difference counts only if the program's own rounding does not explain it.
        _add_nudged(rounding, before, result, nudges, settings)
        verdict = _compared(result, rounding, after, other, settings)
    return verdict


def record(before: Job, settings: Settings = Settings(), whole: int = 4096) -> Recording:
    """What a program does under TF1, to compare with where there is none. whole: larger variables become digests.

    Raises ProcessError, and ValueError where the program does not end by itself.
    """
    jobs = [before, *(before._replace(nudge=nudge) for nudge in _NUDGES)]
    result, *nudged = processes.run(settings.before, jobs, settings.timeout)
    if result["status"] != "ok":
        raise ValueError(_why("before", before, result))
    rounding = Rounding(settings.tolerance)
    _add(rounding, result, nudged, settings.tolerance)
    return Recording(digest(before), settings.before.mode, settings.draws, rounding, reduced(result, whole))


def prove_recorded(
    recordings: Sequence[Recording], afters: Sequence[Job], settings: Settings = Settings()
) -> list[Verdict]:
    """Compare programs with recordings, all of them in as few processes as possible.

    What does not agree there runs once more in a process of its own: what counts is how it runs alone.
    """
    verdicts = []
    together = len(afters) > 1
    results = processes.run(settings.after, afters, settings.timeout)
    for recording, after, result in zip(recordings, afters, results):
        verdict = _with_recording(recording, after, result, settings)
        if verdict.verdict != EQUAL and together and result["status"] != "timeout":
            result = processes.run_alone(settings.after, after, settings.timeout)
            verdict = _with_recording(recording, after, result, settings)
        verdicts.append(verdict)
    return verdicts


def digest(job: Job) -> str:
    """A hash of a program and of all that it is given."""
    found = hashlib.sha256()
    found.update(Path(job.program).read_bytes())
    found.update("\0".join(["", *job.args]).encode())
    for folder in [job.cwd, *job.paths]:
        for path in sorted(Path(folder).rglob("*")) if folder else ():
            if path.is_file() and path.suffix != ".pyc":
                found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _with_recording(recording: Recording, after: Job, result: dict, settings: Settings) -> Verdict:
    return _compared(recording.result, recording.rounding, after, result, settings, recording.mode)


def _compared(
    before: dict, rounding: Rounding, after: Job, other: dict, settings: Settings, mode: str | None = None
) -> Verdict:
    if other["status"] != "ok":
        return _failed("after", after, other, settings)
    verdict = judge(compare(before, other, settings.tolerance), rounding, settings.tolerance)
    verdict.reference = _versions(before["versions"])
    if (mode or settings.before.mode) == "compat":
        verdict.reference = f"tf.compat.v1 of {verdict.reference}, without TF2's behaviour: TF1 itself was not there"
    verdict.other = _versions(other["versions"])
    return verdict


def _versions(found: dict) -> str:
    return f"TensorFlow {found['tensorflow']}" + (f" and Keras {found['keras']}" if "keras" in found else "")


def _add_nudged(rounding: Rounding, before: Job, result: dict, nudges: Sequence[int], settings: Settings) -> None:
    jobs = [before._replace(nudge=nudge) for nudge in nudges]
    _add(rounding, result, processes.run(settings.before, jobs, settings.timeout), settings.tolerance)


def _add(rounding: Rounding, result: dict, nudged: Sequence[dict], tolerance: Tolerance) -> None:
    for other in nudged:
        if other["status"] == "ok":
            rounding.add(compare(result, other, tolerance).checks)


def _failed(which: str, job: Job, result: dict, settings: Settings) -> Verdict:
    verdict = Verdict(NOT_COMPARABLE, _why(which, job, result))
    if which == "before" and not settings.tf1_python and result["status"] == "crashed":
        verdict.notes.append("it ran under TF2's tf.compat.v1, which has no tf.contrib; --tf1-python names a real TF1")
    return verdict


def _why(which: str, job: Job, result: dict) -> str:
    name = os.path.basename(job.program)
    if result["status"] == "timeout":
        return f"{which}, {name}, did not end in time"
    if result["status"] == "died":
        last = (result.get("said") or "").strip().splitlines()[-1:]
        return f"{which}, {name}, died{': ' if last else ''}{''.join(last)[:300]}"
    line = f":{result['line']}" if result.get("line") else ""
    return f"{which}, {name}{line}, crashed: {result['error']}"
