"""Runs mutants of all fixes, and writes the share that the proof notices.

    python -m tests.prove.mutants [--all] [RULE...]

Without --all or a rule, those whose cases, fixes or recordings have changed. Writes tests/golden/results/mutants.json.
Why a mutant survives stands in tests/prove/survivors.yaml.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

import yaml

from flake8_tf2.files import write_atomically
from flake8_tf2.prove.cases import Case
from flake8_tf2.prove.program import run_job
from flake8_tf2.prove.record import run
from flake8_tf2.prove.results import FOLDER, state
from tests.equivalence.suite import CASES, RULES, fixed, judge
from tests.prove.mutate import Mutant, mutants

FILE = FOLDER / "mutants.json"
REASONS = Path(__file__).parent / "survivors.yaml"
#: As many mutants of each fix, or two of each case where that is more.
_EACH = 12
_SECONDS = 30


class Made(NamedTuple):
    """A mutant of what a fix wrote in a case."""

    case: Case
    fix: int
    mutant: Mutant

    @property
    def name(self) -> str:
        """What identifies it."""
        return f"{self.case.rule} {self.case.number}: {self.mutant.change}"


def made(rule: str) -> dict[int, list[Made]]:
    """The mutants of each fix of a rule: of each case in turn, as the seed has them."""
    found: dict[int, list[list[Made]]] = {}
    for case in CASES:
        taken = fixed(case)
        if case.rule != rule or case.fails or not taken.fixes:
            continue  # of code that must fail, everything that fails is right
        fix = RULES[rule]["fixes"].index(taken.fixes[0][0])
        pool = mutants(case.before, taken.source, f"{rule} {case.number}")
        found.setdefault(fix, []).append([Made(case, fix, mutant) for mutant in _by_operator(pool)])
    return {fix: _in_turn(pools)[: max(_EACH, 2 * len(pools))] for fix, pools in found.items()}


def _by_operator(pool: list[Mutant]) -> list[Mutant]:
    """Mutants with those of each operator in turn."""
    kinds: dict[str, list[Mutant]] = {}
    for mutant in pool:
        kinds.setdefault(mutant.operator, []).append(mutant)
    return _in_turn(list(kinds.values()))


def _in_turn(pools: list[list]) -> list:
    longest = max(map(len, pools), default=0)
    return [pool[number] for number in range(longest) for pool in pools if number < len(pool)]


def is_killed(one: Made) -> bool:
    """Whether the proof notices a mutant. With the first inputs that tell, the others are not run."""
    after: list[dict] = []
    for job in one.case.jobs(one.mutant.source):
        after.append(run_job(job))
        if judge(one.case, after).problems:
            return True
    return False


def _alarm(*_: object) -> None:
    raise TimeoutError


def work(rules: list[str], skip: int) -> None:
    """In a process of its own, which a mutant may kill: print a line for each mutant, from the one after `skip`."""
    signal.signal(signal.SIGALRM, _alarm)
    for number, one in enumerate(_in_process(rules)):
        if number < skip:
            continue
        signal.alarm(_SECONDS)
        try:
            killed = is_killed(one)
        except TimeoutError:
            killed = True
        finally:
            signal.alarm(0)
        print(json.dumps([number, killed]), flush=True, file=sys.__stderr__)


def _in_process(rules: list[str]) -> list[Made]:
    return [one for rule in rules for ones in made(rule).values() for one in ones if one.case.argv is None]


def killed(rules: list[str]) -> dict[str, bool]:
    """Whether each mutant of rules is killed, by its name."""
    ones = _in_process(rules)
    found: dict[int, bool] = {}
    while len(found) < len(ones):
        command = [sys.executable, "-m", "tests.prove.mutants", "--worker", str(len(found)), *rules]
        with tempfile.TemporaryFile("w+") as told:
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=told)
            told.seek(0)
            lines = [line for line in told if line.startswith("[")]
        found.update(json.loads(line) for line in lines)
        if len(found) < len(ones):
            found[len(found)] = True  # TensorFlow died of it
        print(f"{len(found)} of {len(ones)}", file=sys.stderr)
    verdicts = {one.name: found[number] for number, one in enumerate(ones)}
    programs = [one for rule in rules for ones in made(rule).values() for one in ones if one.case.argv is not None]
    results = run(sys.executable, [one.case.jobs(one.mutant.source)[0] for one in programs])["results"]
    verdicts.update({one.name: bool(judge(one.case, [result]).problems) for one, result in zip(programs, results)})
    return verdicts


def results_of(rules: list[str]) -> Iterator[dict]:
    """What is written of each fix of rules."""
    verdicts = killed(rules)
    reasons = yaml.safe_load(REASONS.read_text(encoding="utf-8")) or {}
    for rule in rules:
        for fix, ones in sorted(made(rule).items()):
            survived = [one.name for one in ones if not verdicts[one.name]]
            entry = {"rule": rule, "fix": fix, "state": rule_state(rule), "made": len(ones), "survived": survived}
            for name in set(survived) - set(reasons):
                print(f"no reason in {REASONS.name}: {name}", file=sys.stderr)
            yield entry


def rule_state(rule: str) -> str:
    """A hash of the cases of a rule."""
    import hashlib

    states = [state(RULES[rule], case) for case in CASES if case.rule == rule]
    return hashlib.sha256(" ".join(states).encode()).hexdigest()[:16]


def load() -> list[dict]:
    """What was written, by rule and fix."""
    return json.loads(FILE.read_text(encoding="utf-8"))["fixes"] if FILE.exists() else []


def executed_rules() -> list[str]:
    """The rules with cases that are run and do not fail."""
    return list(dict.fromkeys(case.rule for case in CASES if not case.fails))


def stale() -> list[str]:
    """The rules whose mutants were never run as the rules are now."""
    known = {(entry["rule"], entry["state"]) for entry in load()}
    return [rule for rule in executed_rules() if (rule, rule_state(rule)) not in known]


def main(argv: list[str] | None = None) -> int:
    """Run mutants, and write what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="the mutants of all rules")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("rules", nargs="*", metavar="RULE")
    arguments = parser.parse_args(argv)
    if arguments.worker is not None:
        work(arguments.rules, arguments.worker)
        return 0
    rules = executed_rules() if arguments.all else arguments.rules or stale()
    kept = [entry for entry in load() if entry["rule"] not in rules and entry["rule"] in executed_rules()]
    entries = sorted([*kept, *results_of(rules)], key=lambda entry: (entry["rule"], entry["fix"]))
    number, left = sum(e["made"] for e in entries), sum(len(e["survived"]) for e in entries)
    head = json.dumps({"mutants": number, "killed": number - left})[:-1]
    lines = ",\n".join(map(json.dumps, entries))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(FILE, f'{head}, "fixes": [\n{lines}\n]}}\n'.encode())
    print(f"{number} mutants of {len(entries)} fixes, {number - left} killed: {(number - left) / number:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
