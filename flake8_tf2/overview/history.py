"""How many findings the commits of a git repository have. The work tree is not touched, and no code of it runs."""

from __future__ import annotations

import functools
import itertools
import os
import subprocess
from pathlib import Path, PurePosixPath
from typing import Iterator, NamedTuple

from flake8_tf2 import collector
from flake8_tf2.files import SKIPPED, Unreadable
from flake8_tf2.overview.survey import shown
from flake8_tf2.run import lint_bytes


class HistoryError(Exception):
    """There is no history to be had; the message says why, and what to do."""


class Point(NamedTuple):
    """One commit. time: when it was committed, in seconds since 1970. files_tf1: files with findings."""

    commit: str
    time: int
    subject: str
    findings: int
    files_tf1: int
    files: int


class Commit(NamedTuple):
    """A commit of the main line."""

    name: str
    time: int
    subject: str


def history(paths: list[str], settings, most: int) -> list[Point]:
    """The findings of commits below the paths, oldest first; of many commits a sample of `most`.

    Raises HistoryError.
    """
    with Repository(paths) as repository, collector.seldom():
        commits = _sample(repository.commits(), most)
        counter = _Counter(repository, settings)
        return [counter.point(commit) for commit in commits]


def _sample(commits: list[Commit], most: int) -> list[Commit]:
    """At most so many of the commits, evenly chosen, with the first and the last."""
    if len(commits) <= most:
        return commits
    return [commits[round(n * (len(commits) - 1) / (most - 1))] for n in range(most)]


class _Counter:
    """Counts the findings of commits; most files of one are the same in the next, and are linted once."""

    def __init__(self, repository: Repository, settings):
        self._repository = repository
        self._settings = settings
        self._known: dict[tuple[str, str], int] = {}
        self._excluded = functools.cache(settings.is_excluded)

    def point(self, commit: Commit) -> Point:
        """The numbers of one commit."""
        findings = files_tf1 = files = 0
        for blob, path in self._repository.files(commit.name):
            if self._is_wanted(path):
                if (blob, path) not in self._known:
                    self._known[blob, path] = self._count(self._repository.content(blob), path)
                findings += self._known[blob, path]
                files_tf1 += self._known[blob, path] > 0
                files += 1
        return Point(*commit, findings, files_tf1, files)

    def _is_wanted(self, path: str) -> bool:
        folders = itertools.takewhile(lambda folder: folder != self._repository.top, map(str, Path(path).parents))
        return self._settings.is_wanted(path) and not any(map(self._excluded, [path, *folders]))

    def _count(self, content: bytes, path: str) -> int:
        try:
            file, findings = lint_bytes(content, path, self._settings.options)
        except Unreadable:  # a notebook of another version, for instance
            return 0
        return len(self._settings.reported(findings, path, file.source if file else ""))


class Repository:
    """The commits around a work tree, read by git. Raises HistoryError where there is none."""

    def __init__(self, paths: list[str]):
        tops = set()
        for path in paths:
            folder = path if os.path.isdir(path) else os.path.dirname(path) or os.curdir
            tops.add(self._run(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))
        if len(tops) != 1:
            raise HistoryError(f"--history needs paths of one git repository; these are in {len(tops)}")
        self.top = tops.pop()
        self._below = [os.path.relpath(os.path.realpath(path), self.top) for path in paths]
        self._reader = subprocess.Popen(
            ["git", "cat-file", "--batch"], cwd=self.top, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.stdin.close()
        self._reader.stdout.close()
        self._reader.wait()

    def commits(self) -> list[Commit]:
        """The commits of the main line up to HEAD, oldest first."""
        try:
            log = self._run(
                self.top, "rev-list", "--first-parent", "--reverse", "--no-commit-header", "--format=%H %ct %s", "HEAD"
            )
        except HistoryError as error:
            raise HistoryError(f"--history needs a commit: {error}") from None
        found = []
        for entry in log.decode("utf-8", "replace").split("\n"):
            if entry:
                name, time, subject = [*entry.split(" ", 2), ""][:3]
                found.append(Commit(name, int(time), shown(subject)))
        return found

    def files(self, commit: str) -> Iterator[tuple[str, str]]:
        """The regular files of a commit below the paths, as blob and path. Folders of others are left out."""
        listing = self._run(self.top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *self._below)
        for entry in listing.split(b"\0"):
            facts, _, name = entry.partition(b"\t")
            if facts.startswith(b"100"):  # neither a link nor a submodule
                path = os.fsdecode(name)
                if not SKIPPED.intersection(PurePosixPath(path).parts[:-1]):
                    yield facts.split()[2].decode(), os.path.join(self.top, path)

    def content(self, blob: str) -> bytes:
        """The content of a file. Raises HistoryError where the repository does not have it, as a partial clone may."""
        try:
            self._reader.stdin.write(f"{blob}\n".encode())
            self._reader.stdin.flush()
            head = self._reader.stdout.readline().split()
        except BrokenPipeError:
            raise HistoryError("--history: git ended before it had given all files") from None
        if len(head) != 3:
            raise HistoryError(f"git has no object {blob}: fetch the whole history first")
        content = self._reader.stdout.read(int(head[2]) + 1)
        return content[:-1]

    def _run(self, folder: str, *arguments: str) -> bytes:
        # Paths are names, not patterns; nothing of the repository is refreshed on the way.
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
        try:
            done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, check=False)
        except FileNotFoundError:
            raise HistoryError("--history needs git, and the paths must exist") from None
        if done.returncode:
            message = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
            raise HistoryError(f"--history: git says: {message}")
        return done.stdout
