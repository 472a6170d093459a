"""The findings of the commits of a repository."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from flake8_tf2 import settings
from flake8_tf2.overview.history import HistoryError, history

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

TF1 = "import tensorflow as tf\nx = tf.log(1)\n"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A function that commits files (None: removed) in a repository, which is the working folder."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@b")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    subprocess.run(["git", "init", "-q"], check=True)

    def commit(files: dict[str, str | None], time: int = 1_600_000_000, subject: str = "a") -> None:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).unlink() if text is None else (folder / name).write_text(text)
        subprocess.run(["git", "add", "-A"], check=True)
        command = ["git", "commit", "-q", "--allow-empty", "-m", subject]
        subprocess.run(command, check=True, env={**os.environ, "GIT_COMMITTER_DATE": f"{time} +0000"})

    return commit


def counts(*paths: str, most: int = 20, arguments: tuple[str, ...] = ("--isolated",)):
    return [(p.findings, p.files_tf1, p.files) for p in history(list(paths), settings.read(list(arguments)), most)]


def test_the_burn_down(repository):
    repository({"a.py": TF1, "sub/é b.py": TF1 * 2, "c.txt": TF1})
    repository({"a.py": "x = 1\n"}, 1_600_086_400, "b <i>\u202e")
    repository({"sub/é b.py": None})
    assert counts(".") == [(3, 2, 2), (2, 1, 2), (0, 0, 1)]
    assert counts("sub") == [(2, 1, 1), (2, 1, 1), (0, 0, 0)]
    second = history(["."], settings.read(["--isolated"]), 20)[1]
    assert (second.time, second.subject) == (1_600_086_400, "b <i>\\u202e")


def test_settings_hold_for_commits(repository):
    repository({"a.py": TF1, "old/b.py": TF1, "node_modules/c.py": TF1, "d.py": TF1.replace("(1)", "(1)  # noqa")})
    assert counts(".", arguments=("--isolated", "--exclude=old")) == [(1, 1, 2)]
    assert counts(".", arguments=("--isolated", "--per-file-ignores=a.py:TF")) == [(1, 1, 3)]


def test_a_sample_has_the_first_and_the_last(repository):
    for number in range(9):
        repository({"a.py": TF1 + "tf.log(1)\n" * number})
    assert counts(".", most=3) == [(1, 1, 1), (5, 1, 1), (9, 1, 1)]
    assert counts(".", most=2) == [(1, 1, 1), (9, 1, 1)]


def test_the_work_tree_is_not_touched(repository, tmp_path):
    repository({"a.py": TF1})
    with open("a.py", "a") as file:
        file.write("tf.log(2)\n")
    os.utime("a.py", (1, 1))
    os.symlink("a.py", "link.py")
    before = {e.path: (e.stat(follow_symlinks=False).st_mtime_ns) for e in os.scandir(".")}
    index = os.stat(".git/index").st_mtime_ns
    assert counts("a.py") == [(1, 1, 1)]
    assert {e.path: (e.stat(follow_symlinks=False).st_mtime_ns) for e in os.scandir(".")} == before
    assert os.stat(".git/index").st_mtime_ns == index


def test_links_and_files_that_are_no_python(repository):
    os.symlink("a.py", "link.py")
    repository({"a.py": TF1, "bad.py": "import tensorflow as tf\nx = (\n"})
    assert counts(".") == [(2, 2, 2)]


@pytest.mark.parametrize("path, message", [
    ("..", "git says: not a git repository"),
    (".", "needs a commit"),
    ("missing/a.py", "must exist"),
])  # fmt: skip
def test_no_history(repository, path, message):
    with pytest.raises(HistoryError, match=message):
        counts(path)


def test_two_repositories(repository, tmp_path):
    repository({"a.py": TF1})
    subprocess.run(["git", "init", "-q", str(tmp_path / "other")], check=True)
    with pytest.raises(HistoryError, match="one git repository"):
        counts(".", str(tmp_path / "other"))
