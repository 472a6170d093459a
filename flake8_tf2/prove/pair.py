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
from flake8_tf2.prove.recording import Recording, Reference, reduced
from flake8_tf2.prove.rounding import Rounding
from flake8_tf2.prove.tolerance import Tolerance
from flake8_tf2.prove.verdict import DIFFERENT, EQUAL, NOT_COMPARABLE, Verdict, judge

#: With so many patterns inputs are changed before a difference is called one.
_NUDGES = (1, 2, 3)


@dataclasses.dataclass(frozen=True)
class Settings:
    """tf1_python: an interpreter with TensorFlow 1.15; without one TF2 stands in. timeout: seconds for each program.

    randomness: of `processes.Interpreter`.
    """

    tf1_python: str | None = None
    tf2_python: str = sys.executable
    timeout: float = 600.0
    tolerance: Tolerance = Tolerance()
    randomness: str = "alike"
    gpu: bool = False

    @property
    def before(self) -> Interpreter:
        mode = "tf1" if self.tf1_python else "compat"
        return Interpreter(self.tf1_python or self.tf2_python, mode, self.randomness)

    @property
    def after(self) -> Interpreter:
        return Interpreter(self.tf2_python, "tf2", self.randomness, self.gpu)


def prove(before: Job, after: Job, settings: Settings = Settings()) -> Verdict:
    """Run both programs and compare. Raises ProcessError where an interpreter has not the TensorFlow that it needs."""
    result = processes.run_alone(settings.before, before, settings.timeout)
    if result["status"] != "ok":
        return _failed("before", before, result, settings)
    after = after._replace(initial=result["initial"])
    other = processes.run_alone(settings.after, after, settings.timeout)
    reference = Reference(result, Rounding(settings.tolerance))
    verdict = _explained(before, reference, after, other, settings)
    if verdict.verdict == DIFFERENT:
        steady_job = before._replace(resource=True)
        steady = processes.run_alone(settings.before, steady_job, settings.timeout)
        if _is_another(reference, steady, settings):
            steady_reference = Reference(steady, Rounding(settings.tolerance))
            verdict = _raced(verdict, _explained(steady_job, steady_reference, after, other, settings))
    return verdict


def _explained(before: Job, reference: Reference, after: Job, other: dict, settings: Settings) -> Verdict:
    """The verdict where a difference counts only if the program's own rounding does not explain it."""
    verdict = _compared(reference, after, other, settings)
    for nudges in ([0, *_NUDGES[:1]], _NUDGES[1:]):
        if verdict.verdict != DIFFERENT:
            break
        repeated = _repeated(before, nudges)
        _add_runs(reference, repeated, processes.run(settings.before, repeated, settings.timeout), settings)
        verdict = _compared(reference, after, other, settings)
    return verdict


def record(before: Job, settings: Settings = Settings(), whole: int = 4096) -> Recording:
    """What a program does under TF1, to compare with where there is none. whole: larger variables become digests.

    Where one run reads variables while it changes them only what it does with resource variables, which are read first,
    is the same each time. Raises ProcessError, and ValueError where the program does not end by itself.
    """
    steady_job = before._replace(resource=True)
    repeated = _repeated(before, [0, *_NUDGES])
    result, *others, steady = processes.run(settings.before, [before, *repeated, steady_job], settings.timeout)
    if result["status"] != "ok":
        raise ValueError(_why("before", before, result))
    references = []
    if not result["races"] or steady["status"] != "ok":
        references.append(Reference(result, Rounding(settings.tolerance)))
        _add_runs(references[0], repeated, others, settings)
    if not references or _is_another(references[0], steady, settings):
        references.append(Reference(steady, Rounding(settings.tolerance)))
        repeated = _repeated(steady_job, [0, *_NUDGES])
        _add_runs(references[-1], repeated, processes.run(settings.before, repeated, settings.timeout), settings)
    small = [found._replace(result=reduced(found.result, whole)) for found in references]
    return Recording(digest(before), settings.before.mode, settings.randomness, small)


def _repeated(before: Job, nudges: Sequence[int]) -> list[Job]:
    return [before._replace(nudge=nudge) for nudge in nudges]


def _add_runs(reference: Reference, jobs: Sequence[Job], results: Sequence[dict], settings: Settings) -> None:
    """Add to what is known of a program's rounding: runs of it as it is, and with changed inputs."""
    for job, other in sorted(zip(jobs, results), key=lambda run: run[0].nudge):
        if other["status"] == "ok":
            checks = compare(reference.result, other, settings.tolerance).checks
            (reference.rounding.add if job.nudge else reference.rounding.add_repetition)(checks)


def _is_another(reference: Reference, steady: dict, settings: Settings) -> bool:
    """Whether a program does something else with variables that do not change while they are read."""
    if steady["status"] != "ok":
        return False
    found = judge(compare(reference.result, steady, settings.tolerance), reference.rounding, settings.tolerance)
    return found.verdict == DIFFERENT


def prove_recorded(
    recordings: Sequence[Recording], afters: Sequence[Job], settings: Settings = Settings(), again: bool = True
) -> list[Verdict]:
    """Compare programs with recordings, all of them in as few processes as possible.

    again: what does not agree there runs once more in a process of its own, since what counts is how it runs alone.
    """
    verdicts = []
    together = again and len(afters) > 1
    afters = [job._replace(initial=found.result["initial"]) for found, job in zip(recordings, afters)]
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
    found.update("\0".join(["", *job.args, *job.preload]).encode())
    for folder in [job.cwd, *job.paths]:
        for path in sorted(Path(folder).rglob("*")) if folder else ():
            if path.is_file() and path.suffix != ".pyc":
                found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _with_recording(recording: Recording, after: Job, result: dict, settings: Settings) -> Verdict:
    verdicts = [_compared(found, after, result, settings, recording.mode) for found in recording.references]
    return _raced(*verdicts) if len(verdicts) > 1 and verdicts[0].verdict == DIFFERENT else verdicts[0]


def _raced(verdict: Verdict, steady: Verdict) -> Verdict:
    """The verdict on a program that reads variables while it changes them, in an order that TF1 left open."""
    race = "before does something else with resource variables: it reads variables while it changes them, in no order"
    if steady.verdict == EQUAL:
        steady.notes.append(f"{race}; after agrees with its run with resource variables")
        return steady
    verdict.notes.append(f"{race}; after does not agree with its run with resource variables: {steady.reason}")
    return verdict


def _compared(
    reference: Reference, after: Job, other: dict, settings: Settings, mode: str | None = None
) -> Verdict:
    if other["status"] != "ok":
        return _failed("after", after, other, settings)
    verdict = judge(compare(reference.result, other, settings.tolerance), reference.rounding, settings.tolerance)
    verdict.reference = _versions(reference.result["versions"])
    if (mode or settings.before.mode) == "compat":
        verdict.reference = f"tf.compat.v1 of {verdict.reference}, without TF2's behaviour: TF1 itself was not there"
    verdict.other = _versions(other["versions"])
    return verdict


def _versions(found: dict) -> str:
    return f"TensorFlow {found['tensorflow']}" + (f" and Keras {found['keras']}" if "keras" in found else "")


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
