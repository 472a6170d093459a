"""Which files are found, how they are read and written."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from flake8_tf2 import files
from flake8_tf2.files import decode, find_files, read_bytes, write_atomically


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A function that writes files into a fresh folder, and finds what is there."""
    monkeypatch.chdir(tmp_path)

    def found(*paths: str, write: dict[str, str] | None = None, **options) -> list[str]:
        for name, text in (write or {}).items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        return [Path(path).as_posix() for path in find_files(list(paths or ["."]), **options)]

    return found


def test_folders_are_searched_in_order(tree):
    names = ["b/c.py", "b/a.py", "b.py", "a.py", "b/d/e.py", "b/f.pyi", "g.txt", "h.pyx", "i"]
    assert tree(write=dict.fromkeys(names, "")) == ["a.py", "b.py", "b/a.py", "b/c.py", "b/d/e.py"]
    assert tree("b", "a.py") == ["b/a.py", "b/c.py", "b/d/e.py", "a.py"]


def test_a_named_file_is_taken_whatever_its_name(tree):
    assert tree("script", "missing.py", "-", write={"script": ""}) == ["script", "missing.py", "-"]


def test_each_file_once(tree):
    tree(write={"a.py": "", "sub/b.py": ""})
    assert tree("a.py", "./a.py", ".", "sub/../a.py", "-", "-") == ["a.py", "sub/b.py", "-"]


def test_excluded_and_wanted(tree):
    write = dict.fromkeys(["a.py", "b.txt", "old/c.py", "sub/old/d.py"], "")
    excluded = lambda path: os.path.basename(path) == "old"  # noqa: E731
    assert tree(write=write, excluded=excluded) == ["a.py"]
    assert tree("old", "old/c.py", excluded=excluded) == ["old/c.py"], "flake8 asks for the path that is named, too"
    assert tree(wanted=lambda path: path.endswith(".txt")) == ["b.txt"]


def test_folders_of_others_are_left_out(tree):
    write = dict.fromkeys([
        "a.py", ".git/b.py", "node_modules/b.py", ".tox/b.py", "__pycache__/b.py", "env/pyvenv.cfg", "env/lib/b.py",
        "conda/conda-meta/x", "conda/b.py", ".hidden/c.py",
    ], "")  # fmt: skip
    assert tree(write=write) == ["a.py", ".hidden/c.py"]
    assert tree("env/lib") == ["env/lib/b.py"]
    assert tree("env") == ["env/lib/b.py"], "asked for"


# .gitignore

IGNORES = {
    ".gitignore": "# made\n/build\n*_pb2.py\nlogs/\n!keep_pb2.py\ndata/**/raw\n\\#odd.py\n",
    "sub/.gitignore": "*.py\n!/b.py\n!deep/\n",
    "other/.gitignore": "!x_pb2.py\n",
    **dict.fromkeys([
        "a.py", "x_pb2.py", "keep_pb2.py", "build/a.py", "other/build/a.py", "other/x_pb2.py", "other/y_pb2.py",
        "logs/a.py", "a/logs/b/c.py", "data/1/2/raw/a.py", "data/1/a.py", "#odd.py", "sub/a.py", "sub/b.py",
        "sub/deep/a.py", "sub/deep/b.py",
    ], ""),
}  # fmt: skip
KEPT = ["a.py", "keep_pb2.py", "data/1/a.py", "other/x_pb2.py", "other/build/a.py", "sub/b.py"]


@pytest.mark.parametrize("repository", [True, False])
def test_what_git_ignores(tree, repository):
    write = {**IGNORES, **({".git/HEAD": ""} if repository else {})}
    assert tree(write=write) == KEPT


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_ignores_the_same(tree, tmp_path):
    tree(write=IGNORES)
    subprocess.run(["git", "init", "-q"], check=True)
    command = ["git", "-c", "core.quotePath=false", "ls-files", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert sorted(listed) == sorted(KEPT)


def test_parents_in_the_repository_count(tree, tmp_path, monkeypatch):
    tree(write={**IGNORES, ".git/HEAD": ""})
    assert tree("other") == ["other/x_pb2.py", "other/build/a.py"]
    monkeypatch.chdir(tmp_path / "other")
    assert tree() == ["x_pb2.py", "build/a.py"]


def test_parents_outside_a_repository_do_not(tree):
    assert tree("sub", write={".gitignore": "*.py", "sub/a.py": ""}) == ["sub/a.py"]


def test_a_worktree_is_a_repository(tree):
    tree(write={"top/.gitignore": "*.py", "top/.git/HEAD": "", "top/inner/.git": "gitdir: elsewhere"})
    tree(write={"top/inner/.gitignore": "b.py", "top/inner/sub/a.py": "", "top/inner/sub/b.py": ""})
    assert tree("top/inner/sub") == ["top/inner/sub/a.py"]


def test_an_ignored_folder_that_is_asked_for(tree):
    tree(write={".git/HEAD": "", ".gitignore": "build/\n*.py\n", "build/.gitignore": "b.py"})
    tree(write={"build/a.py": "", "build/b.py": "", "c.py": ""})
    assert tree("build") == ["build/a.py"]
    assert tree("c.py") == ["c.py"]
    assert tree() == []


def test_a_gitignore_that_is_no_text(tree):
    assert tree(write={"a.py": "", ".gitignore/x": ""}) == ["a.py"]
    Path("sub").mkdir()
    Path("sub/.gitignore").write_bytes(b"\xff\n[\nb.py\n")
    assert tree(write={"sub/a.py": "", "sub/b.py": ""}) == ["a.py", "sub/a.py"]


# Odd things in folders


def test_links(tree, tmp_path):
    tree(write={"real/a.py": "", "b.py": ""})
    os.symlink("real", "linked")
    os.symlink("..", "real/up")
    os.symlink("b.py", "c.py")
    os.symlink("missing.py", "dangling.py")
    os.symlink("loop.py", "loop.py")
    os.symlink("real", "folder.py")
    assert tree() == ["b.py", "c.py", "real/a.py"]
    assert tree("linked") == ["linked/a.py"]


def test_pipes_and_folders_with_names_of_files(tree):
    os.mkfifo("pipe.py")
    Path("folder.py").mkdir()
    assert tree(write={"folder.py/a.py": "", "a.py": ""}) == ["a.py", "folder.py/a.py"]
    with pytest.raises(OSError, match="Not a regular file"):
        read_bytes("pipe.py")
    with pytest.raises(OSError):
        read_bytes("folder.py")


def test_a_folder_that_cannot_be_listed_is_named(tree, monkeypatch):
    scandir = os.scandir

    def refuse(path):
        if os.path.basename(path) == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(files.os, "scandir", refuse)
    assert tree(write={"a.py": "", "locked/b.py": "", "z/c.py": ""}) == ["a.py", "locked", "z/c.py"]


# Decoding


@pytest.mark.parametrize("content, text", [
    (b"x = '\xc3\xa9'\r\n", "x = 'é'\r\n"),
    (b"\xef\xbb\xbfx\n", "x\n"),
    (b"# coding: latin-1\n'\xe9'\r", "# coding: latin-1\n'é'\r"),
    (b"#!/x\n# vim: set fileencoding=cp1252 :\n'\x80'", "#!/x\n# vim: set fileencoding=cp1252 :\n'€'"),
    (b"", ""),
    (b"\x0c\x00", "\x0c\0"),
])  # fmt: skip
def test_decode(content, text):
    assert decode(content) == text


# Writing


def test_write_keeps_the_mode(tmp_path):
    path = tmp_path / ("long_" * 50 + "name")[:255]
    path.write_bytes(b"old")
    path.chmod(0o750)
    write_atomically(path, b"new\r\n\xff")
    assert path.read_bytes() == b"new\r\n\xff"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert os.listdir(tmp_path) == [path.name]


def test_write_a_new_file_by_the_umask(tmp_path):
    mask = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new", b"")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_write_through_a_link(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("sub/real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "sub" / "real").read_bytes() == b"new"


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch, step):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, step, fail)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]
