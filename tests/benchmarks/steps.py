"""How long a step of training takes before and after `fix --program`, on the device that is here.

    python -m tests.benchmarks.steps [--steps N] [--results FILE] [--page FILE] [NAME...]

Each program of `programs` runs as it is in sessions of `tf.compat.v1`, with TF2's behaviour off, and as `fix --program`
writes it here and now: plain, with --jit, with --exact, with both; and the plain one without `tf.function`, as a plain
eager rewrite would run. Each kind runs in a process of its own (`timed`), the sessions twice, before and after the others.
Prints microseconds of a step and the ratio to the sessions, and how far the numbers of the first steps are apart.

--results writes what came of it, for tests/golden/results/steps-h100.json; --page writes docs/speed.md from that file.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import math
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, Iterator

from flake8_tf2.convert.program import convert_source
from flake8_tf2.files import write_atomically

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
ROOT = HERE.parent.parent
RESULT = ROOT / "tests" / "golden" / "results" / "steps-h100.json"
PAGE = ROOT / "docs" / "speed.md"
#: What `fix --program` is given for each kind of conversion.
OPTIONS = {
    "plain": {},
    "jit": {"jit": True},
    "exact": {"exact": True},
    "jit, exact": {"jit": True, "exact": True},
}  # fmt: skip
KINDS = [*OPTIONS, "eager"]
#: The numbers of so many first steps, one pass over the data, are compared; later ones tell how training amplifies
#: rounding: the error of a sum is a thousandfold after 40 steps of Adam.
COMPARED = 20
#: How far they may be apart, relative to those of the sessions.
TOLERANCE = 1e-3
#: Steps without tf.function take so much longer that fewer must do.
_EAGER = 5
_LIMIT = 200.0


def names() -> list[str]:
    """The names of the programs."""
    return sorted(path.stem for path in PROGRAMS.glob("*.py"))


@functools.cache
def written(name: str) -> dict[str, str]:
    """What the converter writes for a program, by kind. Raises ValueError where it refuses."""
    source = (PROGRAMS / f"{name}.py").read_text("utf-8")
    found = {}
    for kind, options in OPTIONS.items():
        converted = convert_source(source, f"{name}.py", **options)
        if converted.reason:
            raise ValueError(f"{name} does not convert ({kind}): {converted.reason}, line {converted.line}")
        found[kind] = converted.source
    return found


def digests(name: str) -> dict[str, str]:
    """Hashes of a program and of what is written for it."""
    return {
        "original": _hash((PROGRAMS / f"{name}.py").read_text("utf-8")),
        **{kind: _hash(text) for kind, text in written(name).items()},
    }


def harness() -> str:
    """A hash of what measures."""
    return _hash("".join(path.read_text("utf-8") for path in (Path(__file__), HERE / "timed.py")))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def measure(chosen: list[str], steps: int, keep: Callable[[dict], None] = lambda result: None) -> dict:
    """Everything that is measured, as it is kept. `keep` gets what there is after each process."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {"session": {name: PROGRAMS / f"{name}.py" for name in chosen}}
        for name in chosen:
            for kind, text in written(name).items():
                path = Path(folder, kind.replace(", ", "_"), f"{name}.py")
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")
                paths.setdefault(kind, {})[name] = path
        paths["eager"] = paths["plain"]
        found: dict[str, list[dict[str, dict]]] = {}
        for kind in ["session", *KINDS, "session"]:
            mode = kind if kind in ("session", "eager") else "functions"
            ran, results = _run(kind, mode, paths, max(10, steps // _EAGER) if kind == "eager" else steps)
            found.setdefault(kind, []).append(results)
            result = {
                "ran": ran, "harness": harness(), "steps": steps,
                "programs": {name: _entry(name, found) for name in chosen},
            }  # fmt: skip
            keep(result)
    return result


def _entry(name: str, found: dict[str, list[dict[str, dict]]]) -> dict:
    """What is kept of one program."""
    sessions = [results[name] for results in found["session"]]
    entry = {"hashes": digests(name), "session": _mean(sessions)}
    for kind in KINDS:
        one = found[kind][0][name] if kind in found else {"error": "not measured"}
        entry[kind] = one if "error" in one else {
            "microseconds": one["microseconds"], "apart": _apart(sessions[0], one),
        }  # fmt: skip
    return entry


def _run(kind: str, mode: str, paths: dict, steps: int) -> tuple[dict, dict[str, dict]]:
    """What ran, and the results of the programs of one kind."""
    programs = paths[kind]
    command = [sys.executable, "-m", "tests.benchmarks.timed", mode, str(steps), *map(str, programs.values())]
    print(f"running: {kind}", file=sys.stderr, flush=True)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        try:
            status = subprocess.run(command, cwd=ROOT, stdout=out, stderr=err, timeout=_LIMIT, check=False).returncode
            why = f"the process died with status {status}"
        except subprocess.TimeoutExpired:
            why = f"the process did not end within {_LIMIT:g} seconds"
        out.seek(0)
        lines = [json.loads(line) for line in out if line.startswith("{")]
        if not lines:
            err.seek(0)
            raise SystemExit(f"{' '.join(command[:5])}: {why}\n{err.read()[-2000:]}")
    results = dict(zip(programs, lines[1:]))
    found = {name: results.get(name, {"error": why}) for name in programs}
    for name, result in found.items():
        print(f"  {name}: {result.get('microseconds', result.get('error'))}", file=sys.stderr, flush=True)
    return lines[0], found


def _mean(results: list[dict]) -> dict:
    """The result of a program from all its runs, and the time of each."""
    failed = next((found for found in results if "error" in found), None)
    times = [found.get("microseconds") for found in results]
    return failed or {"microseconds": round(statistics.fmean(times), 1), "times": times}


def _apart(one: dict, two: dict) -> float | None:
    """The largest relative difference of the numbers of the first steps; None where they cannot be compared."""
    if "error" in one or "error" in two:
        return None
    pairs = list(zip(one["numbers"], two["numbers"]))[:COMPARED]
    if not pairs or any(len(a) != len(b) or not a for a, b in pairs):
        return None
    worst = max(abs(a - b) / max(abs(a), 1e-6) for left, right in pairs for a, b in zip(left, right))
    return float(f"{worst:.1e}") if math.isfinite(worst) else None


def ratios(result: dict, kind: str) -> dict[str, float]:
    """Times of one kind over those of the sessions, of the programs that ran in both."""
    found = {}
    for name, entry in result["programs"].items():
        if "error" not in entry["session"] and "error" not in entry[kind]:
            found[name] = entry[kind]["microseconds"] / entry["session"]["microseconds"]
    return found


def stale(result: dict) -> Iterator[str]:
    """Why a result is not of the programs and of the converter as they are."""
    if result["harness"] != harness():
        yield "what measures is another"
    if set(result["programs"]) != set(names()):
        yield "the programs are others"
    for name in names():
        if name in result["programs"] and result["programs"][name]["hashes"] != digests(name):
            yield f"{name}: the program, or what is written for it, is another"


def problems(result: dict) -> Iterator[str]:
    """What failed, and what computed something else than the sessions."""
    for name, entry in result["programs"].items():
        if "error" in entry["session"]:
            yield f"{name}, as it is: {entry['session']['error']}"
        for kind in KINDS:
            found = entry[kind]
            if "error" in found:
                yield f"{name}, {kind}: {found['error']}"
            elif found["apart"] is None or found["apart"] > TOLERANCE:
                yield f"{name}, {kind}: its numbers are {found['apart']} apart from those of the sessions"


def table(result: dict) -> str:
    """The table of times and ratios, in Markdown."""
    rows = [["program", "session, µs", *KINDS, "numbers apart, at most"], ["---"] * (len(KINDS) + 3)]
    for name, entry in result["programs"].items():
        row = [name, _cell(entry["session"])]
        own = {kind: ratios(result, kind).get(name) for kind in KINDS}
        row += [f"{own[kind]:.2f}" if own[kind] is not None else "failed" for kind in KINDS]
        apart = [entry[kind]["apart"] for kind in KINDS if entry[kind].get("apart") is not None]
        rows.append([*row, f"{max(apart):g}" if apart else ""])
    means = [statistics.geometric_mean(found) if (found := ratios(result, kind).values()) else None for kind in KINDS]
    rows.append(["geometric mean", "", *("" if mean is None else f"{mean:.2f}" for mean in means), ""])
    worst = [max(ratios(result, kind).values(), default=None) for kind in KINDS]
    rows.append(["worst", "", *("" if mean is None else f"{mean:.2f}" for mean in worst), ""])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(entry: dict) -> str:
    return "failed" if "error" in entry else f"{entry['microseconds']:,.0f}"


def page(result: dict) -> str:
    """docs/speed.md."""
    ran = ", ".join(f"{key} {value}" for key, value in result["ran"].items() if key != "device")
    failed = "\n".join(f"- {line}" for line in problems(result))
    return _PAGE.format(
        device=result["ran"]["device"], ran=ran, steps=result["steps"], table=table(result), compared=COMPARED,
        tolerance=TOLERANCE, failed=failed or "- nothing",
    )  # fmt: skip


_PAGE = """# Speed of converted programs

What a step of training takes after `flake8-tf2 fix --program`, over what it took in a session: less than 1 is faster.
This page is generated from tests/golden/results/steps-h100.json (`python -m tests.benchmarks.steps --page`).

Measured on one {device} ({ran}), batches of 128, numpy arrays fed in each step, medians over {steps} steps in one run.
`session` is the original under `tf.compat.v1` of the same TensorFlow, TF2's behaviour off: the mean of a run before and a
run after the others. `eager` is the plain conversion without `tf.function`, as a plain eager rewrite runs. TF32 is off.

{table}

The last column is the largest relative difference of the losses of the first {compared} steps to those in the session, over
all kinds; {tolerance:g} is allowed. What failed, or is further apart:

{failed}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="programs (default: all)")
    parser.add_argument("--steps", type=int, default=300, help="steps of training in each run (300)")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write what came of it")
    parser.add_argument("--page", action="store_true", help="measure nothing: write docs/speed.md")
    arguments = parser.parse_args()
    if arguments.page:
        PAGE.write_text(page(json.loads(RESULT.read_text("utf-8"))), "utf-8")
        return 0

    def keep(result: dict) -> None:  # after each process: a machine may be taken away before the last one ends
        if arguments.results:
            write_atomically(arguments.results, (json.dumps(result, indent=1) + "\n").encode())

    result = measure(arguments.names or names(), arguments.steps, keep)
    print(", ".join(f"{key} {value}" for key, value in result["ran"].items()))
    print(table(result))
    failed = list(problems(result))
    print("\n".join(failed) or f"all numbers of the first {COMPARED} steps are within {TOLERANCE:g} of the sessions'")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
