"""What the committed results say, for the pages of rules and for docs/proof.md, without numpy and TensorFlow."""

from __future__ import annotations

import collections
import json
from pathlib import Path
from typing import Iterable

from flake8_tf2.index import rules_folder

FOLDER = rules_folder().parent / "tests" / "golden" / "results"
_CLAIMS = ("identity", "exact", "close", "distribution")
_SECTION = "Run before the fix by TensorFlow 1.15.5, after it by these; the [worst differences](../proof.md#cases):"
#: How far a GPU may be from the CPU beside it before a page says so: the drift of operations that did not change.
_ROUNDING = 3e-5


def load(folder: Path = FOLDER) -> dict[str, dict]:
    """The results by the name of their file, without its suffix: `cpu-2.21`, `gpu`. An installation has none."""
    files = [path for pattern in ("cpu-*.json", "gpu.json") for path in sorted(folder.glob(pattern))]
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}


def load_mutants(folder: Path = FOLDER) -> dict:
    """What became of the mutants."""
    path = folder / "mutants.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"mutants": 0, "killed": 0, "fixes": []}


def device(result: dict) -> str:
    """What a result is of: `TF 2.21, CPU`, `TF 2.21, NVIDIA H100`."""
    ran = result["ran"]
    return f"TF {'.'.join(ran['tensorflow'].split('.')[:2])}, {ran['device']}"


def of_rule(name: str, results: dict[str, dict]) -> str:
    """The section of a rule's page: what was run, and how far apart it was; "" where nothing was."""
    cases = {key: [case for case in result["cases"] if case["rule"] == name] for key, result in results.items()}
    longest = max(cases.values(), key=len, default=[])
    if not longest:
        return ""
    heads = ["claim", "cases", "inputs", *(device(results[key]) for key in cases)]
    rows = []
    for claim in _CLAIMS:
        own = [case for case in longest if case["claim"] == claim]
        if own:
            worst = (_worst(case for case in found if case["claim"] == claim) for found in cases.values())
            rows.append([claim, str(len(own)), str(sum(case["inputs"] for case in own)), *worst])
    parts = ["## Proof", _SECTION, _table(heads, rows)]
    notes = _notes(results, cases, longest)
    return "\n\n".join([*parts, "\n".join(f"- {note}" for note in notes)] if notes else parts)


def _notes(results: dict[str, dict], cases: dict[str, list[dict]], longest: list[dict]) -> list[str]:
    if "gpu" not in results:
        return []
    known = {case["case"] for case in cases["gpu"]}
    left = [str(case["case"]) for case in longest if case["case"] not in known]
    notes = [f"Not run on a GPU: case {', '.join(left)}."] if left else []
    for case in cases["gpu"]:
        if "only" in case:
            notes.append(f"Case {case['case']} was compared on the CPU: {case['only']}.")
        elif case["claim"] != "distribution" and case["cpu"] > _ROUNDING:
            notes.append(f"Case {case['case']} is {case['cpu']:g} apart between the GPU and the CPU beside it.")
    return notes


def _worst(cases: Iterable[dict]) -> str:
    found = [case["worst"] for case in cases]
    return f"{max(found):g}" if found else "not run"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def document(rules: list[dict], results: dict[str, dict], mutants: dict, wrong: list[str], identical: int) -> str:
    """docs/proof.md. wrong: the names of the wrong fixes of the tests. identical: the number of names only renamed."""
    fixed = [rule for rule in rules if rule.get("fixes")]
    parts = [_HEAD.format(rules=len(rules), fixed=len(fixed)), _fixes(fixed)]
    parts += ["## Cases", _CASES.format(identical=identical), _cases(results), _ran(results)]
    unrun = [
        f"{rule['name']}, case {number}: {case['unproved']}"
        for rule in fixed
        for number, case in enumerate(rule["cases"], 1)
        if "unproved" in case
    ]
    if unrun:
        parts += ["Not run:\n\n" + "\n".join(f"- {text}" for text in unrun)]
    names = ", ".join(name.replace("-", " ") for name in wrong)
    parts += ["## Wrong fixes", _WRONG.format(number=len(wrong), names=names), "## Mutants", _mutants(mutants)]
    return "\n\n".join(parts) + "\n"


_HEAD = """# Proof

Every fix is executed: what stands before, by TensorFlow 1.15.5; what the fixer wrote, by TensorFlow 2. This page is
generated from what came of it (`python -m flake8_tf2.index`); the page of a rule has its own numbers.
{fixed} of {rules} rules have fixes.

| claim | what it says |
|---|---|
| identity | the old and the new name are one object in TensorFlow 2 |
| exact | equal values, dtypes, shapes, gradients: bits of `tf.compat.v1` beside it, 1.15.5 within its drift |
| close | equal within the tolerances that the fix states |
| distribution | another random stream of the same distribution |

The drift is how far operations that did not change are apart between the versions, 3e-5 for float32.

## Fixes"""

_CASES = """The worst difference of a case is |a - b|, of numbers greater than 1 relative to them; of `distribution`,
the largest distance between the empirical distributions. TF32 is off on the GPU. Cases that are programs (flags,
logging, files) compute on the CPU there, too.

Of {identical} names that TensorFlow 2 only renamed it is checked in both versions that old and new are one object;
cases run some of them besides. Where TensorFlow 2 gives the name to a function with other parameters, a case runs
it."""

_WRONG = """The proof must be able to fail. {number} wrong fixes are recorded, run and rejected in each test run:
{names}."""


def _fixes(rules: list[dict]) -> str:
    count = collections.Counter()
    for rule in rules:
        for fix in rule["fixes"]:
            if "refuse" not in fix:
                claim = fix["proof"] if isinstance(fix["proof"], str) else next(iter(fix["proof"]))
                count[claim, fix["applicability"]] += 1
    rows = [[claim, *(str(count[claim, word]) for word in ("safe", "unsafe"))] for claim in _CLAIMS]
    rows.append(["all", *(str(sum(count[claim, word] for claim in _CLAIMS)) for word in ("safe", "unsafe"))])
    return _table(["claim", "safe", "unsafe"], rows)


def _cases(results: dict[str, dict]) -> str:
    rows = []
    for claim in _CLAIMS[1:]:
        row = [claim]
        for result in results.values():
            own = [case for case in result["cases"] if case["claim"] == claim]
            row.append(f"{len(own)} ({sum(case['inputs'] for case in own)} inputs), worst {_worst(own)}")
        rows.append(row)
    return _table(["claim", *map(device, results.values())], rows)


def _ran(results: dict[str, dict]) -> str:
    lines = []
    for result in results.values():
        about = ", ".join(f"{key} {value}" for key, value in result["ran"].items() if key != "device")
        failed = sum(bool(case.get("problems")) for case in result["cases"])
        loose = sum(case.get("deterministic") is False for case in result["cases"])
        text = f"- {result['ran']['device']}: {len(result['cases'])} cases, {failed} failed ({about})"
        lines.append(text + (f"; {loose} cases only without deterministic operations" if loose else ""))
    if "gpu" in results:
        ran = {(case["rule"], case["case"]) for case in results["gpu"]["cases"]}
        others = {(case["rule"], case["case"]) for result in results.values() for case in result["cases"]}
        left = collections.Counter(rule for rule, _ in others - ran)
        text = ", ".join(f"{rule} ({number})" for rule, number in sorted(left.items()))
        lines.append(f"- Cases not run on a GPU, by rule: {text or 'none'}")
    else:
        lines.append("- Not run on a GPU yet.")
    return "\n".join(lines)


def _mutants(mutants: dict) -> str:
    if not mutants["mutants"]:
        return "None were run yet."
    few = [fix for fix in mutants["fixes"] if fix["made"] < 10]
    share = mutants["killed"] / mutants["mutants"]
    lines = [
        "A mutant is a small wrong change of what a fix wrote: a constant, a keyword, two arguments, a symbol, an",
        f"operator, a sign, a dtype. Of {mutants['mutants']} mutants of {len(mutants['fixes'])} fixes",
        f"{mutants['killed']} are noticed, {share:.1%}. {len(few)} fixes write too little for ten mutants.",
        "\nNot noticed:\n",
    ]
    for fix in mutants["fixes"]:
        lines += [f"- {left['mutant'].replace(chr(10), ' ')}: {left['why']}" for left in fix["survived"]]
    return "\n".join(lines)
