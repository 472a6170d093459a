"""Completion in real shells: what a user gets at the Tab key."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_tf2 import cli

pytest.importorskip("shtab")

BASH = """
source ./script
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
COMP_LINE="{line}" COMP_POINT=${{#COMP_LINE}}
name=$(complete -p flake8-tf2 | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$name" flake8-tf2 "${{COMP_WORDS[$COMP_CWORD]}}" "${{COMP_WORDS[$((COMP_CWORD - 1))]}}" 2> errors
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u; source ./script; compdef _shtab_flake8_tf2 flake8-tf2; print ready'
zpty -r shell out '*ready*ready*'
zpty -n -w shell {line}$'\\t\\t'
sleep 1
zpty -n -w shell $'\\C-c'
print -n -- ''
while zpty -r -t shell out; do print -r -- $out; done
"""


@pytest.fixture
def complete(tmp_path, monkeypatch, capsys):
    """A function that gives what a shell offers for a line."""
    monkeypatch.chdir(tmp_path)
    Path("program.py").write_text("")
    Path("folder").mkdir()

    def run(shell: str, line: str) -> set[str]:
        if not shutil.which(shell):
            pytest.skip(f"{shell} is not installed")
        assert cli.main(["completion", shell]) == 0
        Path("script").write_text(capsys.readouterr().out)
        environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        environ["HOME"] = str(tmp_path)
        if shell == "bash":
            words = line.split(" ")
            command = ["bash", "-c", BASH.format(words=" ".join(map(shlex.quote, words)), line=line)]
        elif shell == "fish":
            command = ["fish", "-c", f"source ./script; complete -C {shlex.quote(line)}"]
        else:
            command = ["zsh", "-f", "-c", ZSH.format(line=shlex.quote(line))]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return {line.split("\t")[0].rstrip("/") for line in done.stdout.splitlines()}

    return run


@pytest.mark.parametrize("shell", ["bash", "fish"])
@pytest.mark.parametrize("line, offered", [
    ("flake8-tf2 ch", {"check", "checkpoint"}),
    ("flake8-tf2 check --stat", {"--statistics"}),
    ("flake8-tf2 check --format s", {"sarif"}),
    ("flake8-tf2 check prog", {"program.py"}),
    ("flake8-tf2 check --tf2-rules fol", {"folder"}),
    ("flake8-tf2 checkpoint fol", {"folder"}),
    ("flake8-tf2 explain TF22", {f"TF22{n}" for n in range(10)}),
    ("flake8-tf2 completion z", {"zsh"}),
])  # fmt: skip
def test_offered(complete, shell, line, offered):
    assert complete(shell, line) == offered


@pytest.mark.parametrize("line, typed", [("flake8-tf2 chec", "check"), ("flake8-tf2 explain TF22", "TF224")])
def test_zsh(complete, line, typed):
    assert typed in " ".join(complete("zsh", line))


def test_without_shtab(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert cli.main(["completion", "bash"]) == 2
    assert capsys.readouterr().err == "flake8-tf2: completion needs shtab: pip install 'flake8-tf2[completion]'\n"
