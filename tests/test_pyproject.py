"""Settings of setup.cfg, tox.ini, .flake8 and pyproject.toml: which files are heeded, and by which command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flake8.main.cli import main as flake8_main

from flake8_tf2 import cli

SOURCE = "import acme as tf\nimport tensorflow\nx = tf.placeholder(1)\ny = tensorflow.compat.v1.log(x)\n"
ROOTS = '[tool.flake8-tf2]\nextra-roots = ["acme"]\n'
OLD = ["old/t.py:3 TF101", "old/t.py:4 TF701"]
NEW = ["new/t.py:3 TF101", "new/t.py:4 TF701"]
FILES = {"setup": "setup.cfg", "tox": "tox.ini", "dot": ".flake8", "pyproject": "pyproject.toml"}


def found(out: str) -> list[str]:
    return [f"{path}:{line} {code}" for path, line, code in re.findall(r"(?m)^(.+?):(\d+):\d+: (TF\d+)", out)]


@pytest.fixture
def project(tmp_path, monkeypatch, capsys):
    """A function that says what is found below two folders: by `check`, then by flake8."""
    monkeypatch.chdir(tmp_path)
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.py").write_text(SOURCE)

    def run(*arguments: str, **files: str) -> tuple[list[str], list[str]]:
        for name, text in files.items():
            (tmp_path / FILES[name]).write_text(text)
        monkeypatch.setattr("sys.argv", ["flake8", *arguments])
        cli.main(["check", *arguments, "old", "new"])
        check = found(capsys.readouterr().out)
        flake8_main(["--select=TF", *arguments, "old", "new"])
        return check, sorted(found(capsys.readouterr().out))

    return run


@pytest.mark.parametrize("name", ["setup", "tox", "dot"])
def test_settings_of_a_folder_in_flake8s_files(project, name):
    text = "[flake8]\ntf2-extra-roots = acme\nper-file-ignores =\n    old/*: TF1\n    new/*: TF701\n"
    check, flake8 = project(**{name: text})
    assert check == ["old/t.py:4 TF701", "new/t.py:3 TF101"]
    assert flake8 == sorted(check)


def test_pyproject_says_our_options_to_both(project):
    check, flake8 = project(pyproject=ROOTS + "allow-compat-v1 = true\n")
    assert check == [OLD[0], NEW[0]] and flake8 == sorted(check)


@pytest.mark.parametrize("lines, expected", [
    ('select = ["TF1"]', [OLD[0], NEW[0]]),
    ('ignore = ["TF1"]', [OLD[1], NEW[1]]),
    ('ignore = "TF1"', [OLD[1], NEW[1]]),
    ('extend-exclude = ["old"]', NEW),
    ('[tool.flake8-tf2.per-file-ignores]\n"old/*" = ["TF1", "TF7"]\n"new/*" = "TF701"', [NEW[0]]),
])  # fmt: skip
def test_pyproject_says_what_flake8_has_to_check_only(project, lines, expected):
    check, flake8 = project(pyproject=f"{ROOTS}{lines}\n")
    assert check == expected
    assert flake8 == sorted([*OLD, *NEW])


def test_pyproject_of_a_folder_above_and_its_paths(project, monkeypatch, tmp_path):
    project(pyproject=ROOTS + 'baseline = "known.jsonl"\n')
    assert cli.main(["check", ".", "--write-baseline", "known.jsonl"]) == 0
    (tmp_path / "new" / "deep").mkdir()
    (tmp_path / "new" / "deep" / "t.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path / "new")
    assert cli.main(["check", "t.py"]) == 0
    assert cli.main(["check", "deep"]) == 1


def test_flake8s_files_win_over_pyproject_and_arguments_over_both(project):
    setup = "[flake8]\ntf2-extra-roots = other\nextend-ignore = TF701\n"
    assert project(pyproject=ROOTS + 'extend-ignore = ["TF1"]\n', setup=setup)[0] == []
    assert project("--tf2-extra-roots=acme")[0] == [OLD[0], NEW[0]]


@pytest.mark.parametrize("argument", ["--isolated", "--config=setup.cfg"])
def test_pyproject_is_left_out(project, argument):
    check, flake8 = project(argument, pyproject=ROOTS, setup="[flake8]\n")
    assert check == [OLD[1], NEW[1]] and flake8 == sorted(check)


@pytest.mark.parametrize("text, message", [
    ("[tool.flake8-tf2", "pyproject.toml: "),
    ("[tool]\nflake8-tf2 = 1\n", "tool.flake8-tf2 is not a table"),
    ("[tool.flake8-tf2]\nhint = true\n", "no key 'hint'; its keys are allow-compat-v1, baseline, exclude,"),
    ('[tool.flake8-tf2]\nhints = "yes"\n', "hints in [tool.flake8-tf2] must be true or false"),
    ("[tool.flake8-tf2]\nextra-roots = [1]\n", "extra-roots in [tool.flake8-tf2] must be a list of strings"),
    ("[tool.flake8-tf2]\nselect = 1\n", "select in [tool.flake8-tf2] must be a list of strings"),
    ('[tool.flake8-tf2]\nignore = ["all of them"]\n', "'all'"),
    ('[tool.flake8-tf2]\ntarget-version = "1.15"\n', "--tf2-target-version: '1.15' is not"),
    ('[tool.flake8-tf2]\nbaseline = "gone"\n', "gone: there is no such file; write it with"),
])  # fmt: skip
def test_a_wrong_table(tmp_path, monkeypatch, capsys, text, message):
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(text)
    Path("t.py").write_text(SOURCE)
    assert cli.main(["check", "t.py"]) == 2
    assert message in capsys.readouterr().err


def test_a_pyproject_that_is_not_ours_is_not_parsed(project):
    assert project(pyproject="[tool.black\n")[0] == [OLD[1], NEW[1]]
