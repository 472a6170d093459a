"""Recall on real trees: what of an independent count does the tool report?

    python tools/evidence/recall.py COMMITS.tsv CHAINS.tsv tests/evidence/method_calls.tsv

COMMITS.tsv: lines of folder, repository, commit. CHAINS.tsv: what chains.py printed for these folders. Prints how many
chains that `getattr` cannot follow, and how many of the method calls that were marked by hand, have a finding at their
place (advice included), and lists the others.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from flake8_tf2.files import decode, read_bytes
from flake8_tf2.finding import Finding
from flake8_tf2.lint import lint
from flake8_tf2.options import Options


def rows(path: Path) -> list[dict]:
    """The lines of a table with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


class Findings:
    """The findings of files, each linted once."""

    def __init__(self):
        self._kept: dict[Path, list[Finding]] = {}

    def of(self, path: Path) -> list[Finding]:
        """All findings of a file, advice included."""
        if path not in self._kept:
            self._kept[path] = lint(decode(read_bytes(str(path))), str(path), Options(hints=True))
        return self._kept[path]


def reports_chain(findings: list[Finding], row: dict) -> bool:
    """Whether a finding starts where a chain does; on import lines, whether the line has one."""
    line, column = int(row["line"]), int(row["column"])
    if row["kind"] == "import":
        return any(f.span.line == line for f in findings)
    return any((f.span.line, f.span.column) == (line, column) for f in findings)


def reports_call(findings: list[Finding], row: dict) -> bool:
    """Whether a finding is about the expression that a marked method call is the end of."""
    line, column = int(row["line"]), int(row["column"])
    start = column - len(row["expression"]) + len(row["expression"].rpartition(".")[2])
    for finding in findings:
        span = finding.span
        if span.line <= line <= span.end_line and span.column <= column and span.end_column >= min(start, column):
            return True
    return False


def main() -> None:
    """Print both counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("commits", "chains", "calls"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    lines = arguments.commits.read_text(encoding="utf-8").splitlines()
    folders = {repository: Path(folder) for folder, repository, _ in (line.split("\t") for line in lines)}
    findings = Findings()
    chains = rows(arguments.chains)
    base = arguments.chains.parent
    missed = [r for r in chains if not reports_chain(findings.of(base / r["path"]), r)]
    show("chains that getattr cannot follow", chains, missed, ("path", "line", "column", "canonical"))
    calls = rows(arguments.calls)
    missed = []
    for row in calls:
        repository = next(name for name in folders if name.startswith(row["repository"]))
        folder = folders[repository]
        inside = repository.removeprefix(row["repository"]).strip("/")
        path = folder / Path(row["path"]).relative_to(inside) if inside else folder / row["path"]
        if not reports_call(findings.of(path), row):
            missed.append(row)
    show("method calls marked by hand", calls, missed, ("path", "line", "expression", "symbol", "certainty"))


def show(what: str, all_rows: list[dict], missed: list[dict], columns: tuple[str, ...]) -> None:
    """One line of counts, and the rows without a finding."""
    print(f"{what}: {len(all_rows) - len(missed)} of {len(all_rows)} reported")
    for row in missed:
        print("  not reported:", *(row[column] for column in columns))


if __name__ == "__main__":
    main()
