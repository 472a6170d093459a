"""Runs mutants of all fixes, and writes the share that the proof notices.

    python -m tests.prove.mutants [--all] [RULE...]

Without --all or a rule, those whose cases, fixes or recordings have changed. Writes tests/golden/results/mutants.json.
Why a mutant survives stands in tests/prove/survivors.yaml.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

import yaml

from flake8_tf2.files import write_atomically
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.options import Options
from flake8_tf2.prove.cases import Case
from flake8_tf2.prove.program import run_job
from flake8_tf2.prove.record import run
from flake8_tf2.prove.results import state
from flake8_tf2.prove.summary import FOLDER, load_mutants
from tests.equivalence.suite import CASES, RULES, compat, fixed, judge
from tests.prove.mutate import Mutant, mutants

FILE = FOLDER / "mutants.json"
REASONS = Path(__file__).parent / "survivors.yaml"
#: As many mutants of each fix, or two of each case where that is more.
_EACH = 12
#: The time of a processor after which a mutant is noticed: nothing that is right takes as long.
_SECONDS = 20
UNKNOWN = "no reason is known"


class Made(NamedTuple):
    """A mutant of what a fix wrote in a case."""

    case: Case
    fix: int
    mutant: Mutant

    @property
    def name(self) -> str:
        """What identifies it."""
        return f"{self.case.rule} {self.case.number}: {self.mutant.change}"


@functools.lru_cache(maxsize=None)
def made(rule: str) -> dict[int, list[Made]]:
    """The mutants of each fix of a rule: of each case in turn, as the seed has them."""
    found: dict[int, list[list[Made]]] = {}
    for case in CASES:
        taken = fixed(case)
        if case.rule != rule or case.fails or not taken.fixes:
            continue  # of code that must fail, everything that fails is right
        fix = RULES[rule]["fixes"].index(taken.fixes[0][0])
        pool = mutants([case.before, by_others(case)], taken.source, f"{rule} {case.number}")
        found.setdefault(fix, []).append([Made(case, fix, mutant) for mutant in _by_operator(pool)])
    return {fix: _in_turn(pools)[: max(_EACH, 2 * len(pools))] for fix, pools in found.items()}


def by_others(case: Case) -> str:
    """What the fixes of other rules make of a case."""
    options = Options(**case.options)
    others = fix_source(case.before, "case.py", options, True, lambda found, _: [f for f in found if f.rule != case.rule])
    return others.source


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


def work(rules: list[str], told: Path) -> None:
    """In a process of its own, which a mutant may kill: add a line to a file for each mutant that has none there."""
    compat()  # once, and not on the time of a mutant
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process
    with told.open("a+") as file:
        file.seek(0)
        done = len(file.readlines())
        for one in in_process(rules)[done:]:
            signal.setitimer(signal.ITIMER_PROF, _SECONDS)
            try:
                killed = is_killed(one)
            except Exception:  # nothing to compare
                killed = True
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            print(int(killed), file=file, flush=True)


def in_process(rules: list[str]) -> list[Made]:
    """The mutants of rules but for those that are programs."""
    return [one for rule in rules for ones in made(rule).values() for one in ones if one.case.argv is None]


def killed(rules: list[str]) -> dict[str, bool]:
    """Whether each mutant of rules is killed, by its name."""
    ones = in_process(rules)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told")
        told.touch()
        while len(told.read_text().splitlines()) < len(ones):
            command = [sys.executable, "-m", "tests.prove.mutants", "--worker", str(told), *rules]
            ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if ended.returncode:
                with told.open("a") as file:
                    print(1, file=file)  # it died, or took too long
        verdicts = {one.name: line == "1" for one, line in zip(ones, told.read_text().splitlines())}
    programs = [one for rule in rules for ones in made(rule).values() for one in ones if one.case.argv is not None]
    results = run(sys.executable, [one.case.jobs(one.mutant.source)[0] for one in programs])["results"]
    verdicts.update({one.name: bool(judge(one.case, [result]).problems) for one, result in zip(programs, results)})
    return verdicts


def results_of(rules: list[str]) -> Iterator[dict]:
    """What is written of each fix of rules."""
    verdicts = killed(rules)
    for rule in rules:
        for fix, ones in sorted(made(rule).items()):
            survived = [{"mutant": one.name} for one in ones if not verdicts[one.name]]
            yield {"rule": rule, "fix": fix, "state": rule_state(rule), "made": len(ones), "survived": survived}


def rule_state(rule: str) -> str:
    """A hash of the cases of a rule."""
    states = [state(RULES[rule], case) for case in CASES if case.rule == rule]
    return hashlib.sha256(" ".join(states).encode()).hexdigest()[:16]


def executed_rules() -> list[str]:
    """The rules with cases that are run and do not fail."""
    return list(dict.fromkeys(case.rule for case in CASES if not case.fails))


def stale() -> list[str]:
    """The rules whose mutants were never run as the rules are now."""
    known = {(entry["rule"], entry["state"]) for entry in load_mutants()["fixes"]}
    return [rule for rule in executed_rules() if (rule, rule_state(rule)) not in known]


def main(argv: list[str] | None = None) -> int:
    """Run mutants, and write what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="the mutants of all rules")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("rules", nargs="*", metavar="RULE")
    arguments = parser.parse_args(argv)
    if arguments.worker is not None:
        work(arguments.rules, arguments.worker)
        return 0
    rules = executed_rules() if arguments.all else arguments.rules or stale()
    kept = [entry for entry in load_mutants()["fixes"] if entry["rule"] not in rules and entry["rule"] in executed_rules()]
    entries = sorted([*kept, *results_of(rules)], key=lambda entry: (entry["rule"], entry["fix"]))
    reasons = yaml.safe_load(REASONS.read_text(encoding="utf-8")) or {}
    for left in (left for entry in entries for left in entry["survived"]):
        left["why"] = reasons.get(left["mutant"], UNKNOWN)
    number, left = sum(e["made"] for e in entries), sum(len(e["survived"]) for e in entries)
    head = json.dumps({"mutants": number, "killed": number - left})[:-1]
    lines = ",\n".join(map(json.dumps, entries))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(FILE, f'{head}, "fixes": [\n{lines}\n]}}\n'.encode())
    print(f"{number} mutants of {len(entries)} fixes, {number - left} killed: {(number - left) / number:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
