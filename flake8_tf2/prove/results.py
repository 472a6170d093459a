"""What the suites found, as it is committed under tests/golden/results, and whether it still is of the rules.

A file is of one device and one TensorFlow: {"suite": hash, "ran": what ran, "cases": [...]}. A case has its rule and
number, its `state` (a hash of what was run, written, claimed and recorded), the number of inputs, claim, the `worst`
difference to TF 1.15.5 and, on a GPU, to the `cpu` of that machine, and `problems` where it failed.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Iterator

from flake8_tf2.files import write_atomically
from flake8_tf2.prove import compare, program
from flake8_tf2.prove.cases import Case
from flake8_tf2.prove.record import GOLDEN, golden_file

_SUITE = GOLDEN.parent / "equivalence" / "suite.py"


def suite_hash() -> str:
    """A hash of the code that runs and compares; comments do not count."""
    lines = []
    for path in (Path(program.__file__), Path(compare.__file__), _SUITE):
        text = path.read_text(encoding="utf-8").splitlines()
        lines += [line.rstrip() for line in text if line.strip() and not line.lstrip().startswith("#")]
    return _hash("\n".join(lines))


def state(rule: dict, case: Case) -> str:
    """A hash of all that the result of a case rests on."""
    recorded = json.loads(golden_file(case).read_text(encoding="utf-8"))["cases"]
    (entry,) = [entry for entry in recorded if entry["case"] == case.number]
    after = rule["cases"][case.number - 1]["after"]
    claims = [fix.get("proof") for fix in rule["fixes"]]
    return _hash(json.dumps([case.digest, after, claims, case.proof, case.drift, entry], sort_keys=True))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def entry(rule: dict, case: Case, claim: str | dict, worst: float, problems: list[str], **more: object) -> dict:
    """The result of one case."""
    found = {"rule": case.rule, "case": case.number, "state": state(rule, case), "inputs": len(case.draws)}
    found.update(claim=kind(claim), worst=rounded(worst), **more)
    return {**found, "problems": problems} if problems else found


def kind(claim: str | dict) -> str:
    """The word for what is claimed."""
    return claim if isinstance(claim, str) else next(iter(claim))


def rounded(number: float) -> float:
    """Two digits: more would change with the processor."""
    return float(f"{number:.1e}")


def write(path: Path, ran: dict, cases: list[dict]) -> None:
    """Write the results of one device, a line for each case."""
    lines = ",\n".join(json.dumps(case) for case in sorted(cases, key=lambda case: (case["rule"], case["case"])))
    head = {"suite": suite_hash(), "ran": ran}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, f'{json.dumps(head)[:-1]}, "cases": [\n{lines}\n]}}\n'.encode())


def stale(result: dict, rules: dict[str, dict], cases: list[Case]) -> Iterator[str]:
    """Why a result is not of the rules and the suite as they are. Cases that were never run are told by `missing`."""
    if result["suite"] != suite_hash():
        yield "the code of the suite is another"
    there = {(case.rule, case.number): case for case in cases}
    for found in result["cases"]:
        case = there.get((found["rule"], found["case"]))
        name = f"{found['rule']}, case {found['case']}"
        if case is None:
            yield f"{name}: there is no such case"
        elif found["state"] != state(rules[case.rule], case):
            yield f"{name}: another case, fix, claim or recording"


def missing(result: dict, cases: list[Case]) -> list[str]:
    """The cases that a result does not have."""
    found = {(case["rule"], case["case"]) for case in result["cases"]}
    return [f"{case.rule}, case {case.number}" for case in cases if (case.rule, case.number) not in found]
