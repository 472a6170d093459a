"""Records what real TF 1.15 returns for the cases of rules with fixes.

    python -m flake8_tf2.prove.record --python TF1_PYTHON [--check] [RULE...]

Writes tests/golden/<chapter>/<rule>.json for each rule that is named, or for all. --check writes nothing and tells what
would change. TF1_PYTHON is an interpreter that imports TensorFlow 1.15.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from flake8_tf2.files import write_atomically
from flake8_tf2.index import rules_folder
from flake8_tf2.prove import program
from flake8_tf2.prove.cases import Case, executed
from flake8_tf2.prove.compare import tells_nothing
from flake8_tf2.rulefile import load_rules

GOLDEN = rules_folder().parent / "tests" / "golden"


def golden_file(case: Case) -> Path:
    """Where the recordings of a case's rule are."""
    return GOLDEN / case.chapter / f"{case.rule.replace('-', '_')}.json"


def run(python: str, jobs: list[dict], compat: bool = False) -> dict:
    """What another interpreter makes of jobs: {"versions", "results"}. Raises CalledProcessError.

    compat: that interpreter has TF2, and runs them as TF1 programs of tf.compat.v1.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "jobs.json"), Path(folder, "results.json")
        asked.write_text(json.dumps(jobs), encoding="utf-8")
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
        command = [python, program.__file__, str(asked), str(told), *["--compat"] * compat]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return json.loads(told.read_text(encoding="utf-8"))


def record(python: str, cases: list[Case]) -> dict[Path, str]:
    """The golden files of cases, by path."""
    jobs = [job for case in cases for job in case.jobs(case.before)]
    answer = run(python, jobs)
    results = iter(answer["results"])
    files: dict[Path, dict] = {}
    for case in cases:
        entry = {"case": case.number, "hash": case.digest, "results": [next(results) for _ in case.draws]}
        files.setdefault(golden_file(case), {"versions": answer["versions"], "cases": []})["cases"].append(entry)
    return {path: render(content) for path, content in files.items()}


def render(content: dict) -> str:
    """A golden file: a line for its versions, and one for each case."""
    lines = [json.dumps(entry, sort_keys=True) for entry in content["cases"]]
    versions = json.dumps(content["versions"], sort_keys=True)
    return '{"versions": ' + versions + ',\n"cases": [\n' + ",\n".join(lines) + "\n]}\n"


def complaints(cases: list[Case], files: dict[Path, str]) -> list[str]:
    """The cases that prove nothing as they are written."""
    found = []
    for case in cases:
        entries = json.loads(files[golden_file(case)])["cases"]
        (results,) = [entry["results"] for entry in entries if entry["case"] == case.number]
        failed = next((result for result in results if "error" in result), None)
        name = f"{case.rule}, case {case.number}"
        if failed and not case.fails:
            found.append(f"{name}: fails in TF1 and does not say `fails: true`: {failed['error']}: {failed['message']}")
        if any(map(tells_nothing, results)):
            found.append(f"{name}: what it returns tells nothing; `observe` what matters of it")
    return found


def main(argv: list[str] | None = None) -> int:
    """Write, or with --check compare, the recordings."""
    parser = argparse.ArgumentParser(prog="python -m flake8_tf2.prove.record", description=__doc__.splitlines()[0])
    parser.add_argument("--python", required=True, help="an interpreter with TensorFlow 1.15")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a recording is another")
    parser.add_argument("rules", nargs="*", metavar="RULE", help="names or codes of rules; all, if none is given")
    arguments = parser.parse_args(argv)
    wanted = set(arguments.rules)
    rules = [r for r in load_rules(rules_folder()) if not wanted or wanted & {r["name"], r["code"]}]
    cases = [case for rule in rules for case in executed(rule)]
    if not cases:
        print("none of these rules has a case that is executed", file=sys.stderr)
        return 2
    try:
        files = record(arguments.python, cases)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", b"") or b"").decode("utf-8", "replace")
        print(error, said[-2000:], sep="\n", file=sys.stderr)
        return 2
    problems = complaints(cases, files)
    for problem in problems:
        print(problem, file=sys.stderr)
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if arguments.check:
            print(f"{path}: another recording")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, files[path].encode("utf-8"))
    print(f"{len(cases)} cases, {len(files)} files, {len(stale)} {'differ' if arguments.check else 'written'}")
    return 1 if problems or arguments.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
