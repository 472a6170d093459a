"""What `fix` does to public code, and next to it what tf_upgrade_v2 does.

    python tools/evidence/fixes.py COMMITS.tsv [--unsafe] [--upgraded FOLDER] [--diffs NUMBER --seed SEED]

COMMITS.tsv: lines of folder, repository, commit. Prints Markdown: for each tree the files changed, broken (parsed
before and not after) and changed again by a second run; fixes by code; refusals by reason. --upgraded is a folder where
tf_upgrade_v2 wrote a copy of each tree, under the name of its folder; then a table compares what became of the TF1
references: native TF2, `compat.v1`, or left. --diffs prints so many changed places, drawn at random, to judge by hand.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import random
from collections import Counter
from pathlib import Path
from typing import Iterator, NamedTuple

from flake8_tf2.files import decode, find_files, read_bytes
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.lint import lint


class Tree(NamedTuple):
    """One public tree in a folder."""

    folder: Path
    repository: str
    commit: str


def sources(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files of a tree that say tensorflow and parse."""
    for name in find_files([str(folder)]):
        try:
            source = decode(read_bytes(name))
        except (OSError, UnicodeDecodeError, SyntaxError):
            continue
        if "tensorflow" in source and parses(source):
            yield Path(name), source


def parses(source: str) -> bool:
    """Whether Python can parse a source."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def through_compat(source: str) -> int:
    """How many places of a source name `compat.v1`."""
    return sum(
        isinstance(node, ast.Attribute) and node.attr == "v1" and getattr(node.value, "attr", "") == "compat"
        for node in ast.walk(ast.parse(source))
    )


def table(head: list[str], rows: list[tuple]) -> str:
    """A Markdown table; the columns behind the first hold numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commits", type=Path)
    parser.add_argument("--unsafe", action="store_true")
    parser.add_argument("--upgraded", type=Path)
    parser.add_argument("--diffs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1155)
    arguments = parser.parse_args()
    trees = [Tree(Path(f), r, c) for f, r, c in (line.split("\t")[:3] for line in _lines(arguments.commits))]
    files, compared, hunks = [], [], []
    found, fixed, refused = Counter(), Counter(), Counter()
    for tree in trees:
        changed = broken = again = looked = before = native = left = 0
        theirs = Counter()
        for path, source in sources(tree.folder):
            looked += 1
            findings = lint(source, str(path))
            before += len(findings)
            found.update(f.code for f in findings)
            result = fix_source(source, str(path), unsafe=arguments.unsafe)
            fixed.update(f.code for f in result.applied)
            refused.update((f.code, f.refused) for f in result.left if f.refused)
            native += len(findings) - len(result.left)
            left += len(result.left)
            changed += result.source != source
            broken += not parses(result.source)
            again += fix_source(result.source, str(path), unsafe=arguments.unsafe).source != result.source
            if result.source != source:
                hunks += _hunks(tree, path, source, result.source)
            if arguments.upgraded:
                other = arguments.upgraded / tree.folder.name / path.relative_to(tree.folder)
                text = other.read_text(encoding="utf-8") if other.exists() else source
                if not parses(text):
                    theirs["broken"] += 1
                    continue
                compat = through_compat(text) - through_compat(source)
                # What is not touched means what it did in TF1, even if nothing else shows it any more.
                found_there = lint(text, str(path), tf1=bool(findings))
                still = [f for f in found_there if "compat.v1" not in _line(text, f.span.line)]
                theirs["compat"] += compat
                theirs["left"] += len(still)
                theirs["native"] += max(len(findings) - compat - len(still), 0)
        files.append((tree.repository, looked, changed, broken, again))
        compared.append((tree.repository, before, native, left, theirs["native"], theirs["compat"], theirs["left"]))
    print(table(["tree", "files with TensorFlow", "changed", "broken", "changed by a second run"], files))
    rows = [(code, n, fixed[code], f"{100 * fixed[code] / n:.0f} %") for code, n in sorted(found.items())]
    print(table(["code", "findings", "fixed", "share"], [row for row in rows if row[2]]))
    print(table(["refused", "places"], [(f"{c}: {why}", n) for (c, why), n in refused.most_common(40)]))
    if arguments.upgraded:
        head = ["tree", "references", "native", "left", "tf_upgrade_v2: native", "compat.v1", "left"]
        print(table(head, compared))
    for hunk in random.Random(arguments.seed).sample(hunks, min(arguments.diffs, len(hunks))):
        print(hunk)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _line(source: str, number: int) -> str:
    return source.splitlines()[number - 1]


def _hunks(tree: Tree, path: Path, before: str, after: str) -> Iterator[str]:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm=""))[2:]
    starts = [i for i, line in enumerate(lines) if line.startswith("@@")]
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        name = f"{tree.repository} {path.relative_to(tree.folder)}"
        yield "\n".join([f"{name} {lines[start]}", *lines[start + 1 : end], ""])


if __name__ == "__main__":
    main()
