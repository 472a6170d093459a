"""The configurations of docs/editors.md, in the editors that run without a screen and are installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCS = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
DRIVERS = Path(__file__).parent / "drivers"
SOURCE = "import tensorflow as tf\n'é😀'; y = tf.log(1.0)\nx = tf.placeholder(tf.float32)\nz = tf.to_float(y)\n"
FIXED = SOURCE.replace("tf.log", "tf.math.log").replace("tf.to_float(y)", "tf.cast(y, tf.float32)")


def blocks(section: str, language: str) -> list[str]:
    """The code in a section of the page."""
    text = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", DOCS, re.MULTILINE | re.DOTALL)[1]
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a program, in which the command of this environment is found, and a home of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text(SOURCE, encoding="utf-8")
    (folder / "setup.cfg").write_text("[flake8]\nselect = TF\n")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (tmp_path / ".emacs.d").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    return folder


def run(folder: Path, *command: str | Path) -> str:
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=True
    )
    return done.stdout.decode("utf-8").replace("\r", "")


def check(printed: str) -> None:
    """What both drivers print."""
    for message in ("tf.log is now tf.math.log", "placeholder is gone", "tf.to_float: use tf.cast"):
        assert message in printed
    assert "hover: **TF701 renamed-symbol**" in printed
    assert [text + "\n" for text in re.findall(r"^text: (.*)$", printed, re.MULTILINE)] == FIXED.splitlines(True)
    assert "left: 1" in printed


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim(project, tmp_path):
    version = subprocess.run(["nvim", "--version"], capture_output=True, text=True, check=True).stdout
    new, old = blocks("Neovim", "lua")
    is_new = tuple(map(int, re.match(r"NVIM v(\d+)\.(\d+)", version).groups())) >= (0, 11)
    (tmp_path / "init.lua").write_text(new if is_new else old)
    driver = f"luafile {DRIVERS / 'neovim.lua'}"
    printed = run(project, "nvim", "--headless", "-u", tmp_path / "init.lua", "a.py", "-c", driver)
    check(printed)
    assert "2:15: tf.log is now tf.math.log" in printed, "columns of Neovim count bytes"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("emacs") is None, reason="Emacs is not installed")
def test_emacs(project, tmp_path):
    has_eglot = ["emacs", "-q", "--batch", "-f", "package-initialize", "--eval", "(require 'eglot)"]
    if subprocess.run(has_eglot, capture_output=True).returncode:
        pytest.skip("Eglot is not installed")
    (config,) = blocks("Emacs", "elisp")
    (tmp_path / "init.el").write_text(config)
    batch = ["emacs", "-q", "--batch", "-f", "package-initialize"]
    printed = run(project, *batch, "-l", tmp_path / "init.el", "-l", DRIVERS / "emacs.el")
    check(printed)
    assert "action: Fix TF701: tf.log is now tf.math.log" in printed
