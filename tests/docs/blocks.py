"""The code blocks of Markdown files. A comment on the line before a block says what a test does with it.

| mark | meaning |
|---|---|
| `tf1: TF101 TF106` | TF1 code, in which these codes are found and no others |
| `tf2`, `tf2: continued` | native TF2 code: nothing is found, and it runs, after what the page's tf2 blocks before it left |
| `write: FILE` | the block is the content of this file in the page's folder |
| `run`, `run: 6` | commands (`$ ...`), executed in the page's folder; below each what it prints, at most so many lines |
| `run in tf2` | the same, where TensorFlow 2 is installed |
| `excerpt: FILE NAME` | the function NAME of this file in the page's folder, after what ran above |
| `ci: github`, `ci: gitlab` | a file of this service, whose commands `test_ci.py` runs |

The page's folder is an empty one, with a copy of what is in the folder beside the page that is named as the page is.
`python -m tests.docs.blocks FILE...` writes what is printed, and the excerpts, into the pages.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent.parent
MARK = re.compile(r"<!--\s*(tf1|tf2|write|run in tf2|run|excerpt|ci)(?::\s*(.*?))?\s*-->\s*")
CUT = "..."
_RECORDINGS = Path(__file__).parent / "recordings"
_TF1 = "--tf1-python tf1/bin/python"


class Block(NamedTuple):
    """A block of code. line: of its first line, from 1. mark, argument: what the comment before it says, or ""."""

    path: Path
    line: int
    language: str
    text: str
    mark: str
    argument: str

    @property
    def name(self) -> str:
        """What a test calls it."""
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """The Markdown files that are written by hand: the pages of the rules and of the proof are generated."""
    docs = [path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "rules" and path.name != "proof.md"]
    return sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "rules" / "README.md", *docs])


def originals() -> list[Path]:
    """The pages but for translations, whose blocks are those of their originals."""
    return [path for path in pages() if not path.name.endswith(".zh.md")]


def read(path: Path) -> list[Block]:
    """The blocks of a file, in order."""
    blocks, mark = [], None
    for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
        if token.type == "fence":
            kind, argument = (mark[1], mark[2] or "") if mark else ("", "")
            blocks.append(Block(path, token.map[0] + 2, token.info.split(" ")[0], token.content, kind, argument))
        if token.type in ("fence", "html_block", "paragraph_open"):
            mark = MARK.fullmatch(token.content) if token.type == "html_block" else None
    return blocks


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a block of a console, each with the lines that it prints."""
    result: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            result.append((line[2:], []))
        elif result and result[-1][0].endswith("\\") and not result[-1][1]:
            result[-1] = (f"{result[-1][0]}\n{line}", [])
        elif result:
            result[-1][1].append(line)
        else:
            raise ValueError(f"{line!r} is above the first command")
    return result


def play(path: Path, tf2: bool) -> Iterator[tuple[Block, str]]:
    """Run a page: each of its blocks that shows what happened, with what happened now. tf2: whether TensorFlow 2 is there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        beside = path.parent / path.stem.partition(".")[0]
        if beside.is_dir():
            shutil.copytree(beside, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.md", "__pycache__"))
        for block in read(path):
            if block.mark == "write":
                target = folder / block.argument
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text, encoding="utf-8")
            elif block.mark == "run" or block.mark == "run in tf2" and tf2:
                most = int(block.argument or 10_000)
                yield block, "".join(_console(command, folder, most) for command, _ in commands(block.text))
            elif block.mark == "excerpt":
                yield block, _excerpt(folder, *block.argument.split())


def _console(command: str, folder: Path, most: int) -> str:
    run = command
    if _TF1 in command:  # which is not installed here: what it did is recorded
        before = command.split()[command.split().index("prove") + 1]
        recording = _RECORDINGS / f"{Path(before).stem}.json"
        run = command.replace(_TF1, f"--recorded {recording}")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTEST"))}
    environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environ["PATH"]])
    environ.update(TF_CPP_MIN_LOG_LEVEL="3", HOME=str(folder))
    done = subprocess.run(
        ["bash", "-c", run], cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300
    )
    lines = done.stdout.decode("utf-8").replace(f"{folder}/", "").splitlines()
    lines = lines[:most] + [CUT] if len(lines) > most else lines
    return "".join(f"{line}\n" for line in (f"$ {command}", *lines))


def _excerpt(folder: Path, file: str, name: str) -> str:
    source = (folder / file).read_text(encoding="utf-8")
    (node,) = (n for n in ast.parse(source).body if getattr(n, "name", "") == name)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return "".join(f"{line}\n" for line in source.split("\n")[first - 1 : node.end_lineno])


def without_versions(text: str) -> str:
    """What a page shows, without what another machine or another TensorFlow prints."""
    text = re.sub(r"(TensorFlow|Keras) \d+(\.\d+)+", r"\1", text)
    return re.sub(r"worst [\d.e-]+ of", "worst of", text)


def write(path: Path) -> None:
    """Write what happened now into a page."""
    lines = path.read_text(encoding="utf-8").split("\n")
    happened = list(play(path, tf2=True))
    for block, text in reversed(happened):
        length = block.text.count("\n")
        lines[block.line - 1 : block.line - 1 + length] = text.split("\n")[:-1]
    path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        write(Path(argument).resolve())
