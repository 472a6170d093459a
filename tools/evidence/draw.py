"""Draws findings at random for judging by hand.

    python tools/evidence/draw.py COMMITS.tsv [--seed 1155] [--each 5] [--least 200] > findings.tsv
    python tools/evidence/draw.py COMMITS.tsv --errors > findings.tsv
    python tools/evidence/draw.py COMMITS.tsv --count

COMMITS.tsv: lines of folder, repository, commit. Of every code that the trees have, `--each` findings are drawn (all,
where there are fewer), then more from all others up to `--least`. Prints one line a finding, with an empty column for
the verdict. --errors takes all findings of severity error instead; --count prints how many findings each code has.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from flake8_tf2.files import decode, find_files, read_bytes
from flake8_tf2.lint import lint

HEADER = ("repository", "commit", "path", "line", "column", "code", "symbol", "severity", "certain", "verdict", "why")


def findings(folder: Path, repository: str, commit: str):
    """The findings of a tree, as rows of the listing."""
    for path in find_files([str(folder)]):
        try:
            source = decode(read_bytes(path))
        except (OSError, UnicodeDecodeError, SyntaxError):
            continue
        for finding in lint(source, path):
            yield (
                repository, commit, str(Path(path).relative_to(folder)), finding.span.line, finding.span.column,
                finding.code, finding.symbol, finding.severity.value, "certain" if finding.certain else "likely",
                "", "",
            )  # fmt: skip


def draw(rows: list[tuple], each: int, least: int, seed: int) -> list[tuple]:
    """The sample, in the order of the listing."""
    chance = random.Random(seed)
    by_code: dict[str, list[tuple]] = {}
    for row in rows:
        by_code.setdefault(row[5], []).append(row)
    chosen = set()
    for code in sorted(by_code):
        chosen.update(chance.sample(by_code[code], min(each, len(by_code[code]))))
    rest = [row for row in rows if row not in chosen]
    chosen.update(chance.sample(rest, min(len(rest), max(0, least - len(chosen)))))
    return sorted(chosen)


def main() -> None:
    """Print the sample as tab-separated values."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commits", type=Path)
    parser.add_argument("--seed", type=int, default=1155)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--least", type=int, default=200)
    parser.add_argument("--errors", action="store_true", help="all findings of severity error, no draw")
    parser.add_argument("--count", action="store_true", help="the number of findings of each code, no draw")
    arguments = parser.parse_args()
    rows = []
    for line in arguments.commits.read_text(encoding="utf-8").splitlines():
        folder, repository, commit = line.split("\t")[:3]
        rows += findings(Path(folder), repository, commit)
    if arguments.count:
        for code, number in sorted(Counter(row[5] for row in rows).items()):
            print(code, number)
        return
    if arguments.errors:
        chosen = sorted(row for row in rows if row[7] == "error")
    else:
        chosen = draw(rows, arguments.each, arguments.least, arguments.seed)
    print("\t".join(HEADER))
    for row in chosen:
        print("\t".join(map(str, row)))


if __name__ == "__main__":
    main()
