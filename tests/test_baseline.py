"""Known findings: what stays known, what is new, and that `check` and flake8 agree."""

from __future__ import annotations

import json
import os
import re

import pytest
from flake8.main.cli import main as flake8_main

from flake8_tf2 import cli

HEAD = "import tensorflow as tf\n"
KNOWN = HEAD + "x = tf.placeholder(tf.float32)\ny = tf.log(x)\ny = tf.log(x)\n"


@pytest.fixture
def project(tmp_path, monkeypatch, capsys):
    """A folder whose findings are known, and functions that say what is new there: of `check`, and of flake8."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "t.py").write_text(KNOWN)

    class Project:
        path = tmp_path / "net" / "t.py"

        def write(self, *arguments: str) -> None:
            assert cli.main(["check", ".", "--write-baseline", "known.jsonl", *arguments]) == 0
            self.out, self.err = capsys.readouterr()

        def new(self, source: str, *arguments: str, paths=("net",), baseline="known.jsonl") -> list[str]:
            self.path.write_text(source)
            status = cli.main(["check", *paths, "--baseline", baseline, *arguments])
            self.out, self.err = capsys.readouterr()
            found = re.findall(r"^.+?:(\d+:\d+: TF\d+) ", self.out, re.MULTILINE)
            assert status == bool(found)
            flake8_main([*paths, "--select=TF", "--tf2-baseline", baseline, *arguments])
            assert re.findall(r"^.+?:(\d+:\d+: TF\d+) ", capsys.readouterr().out, re.MULTILINE) == found
            return found

    return Project()


def test_the_file(project, tmp_path):
    project.write()
    assert project.out.startswith("3 findings written to known.jsonl; `check --baseline known.jsonl`")
    head, *rows = map(json.loads, (tmp_path / "known.jsonl").read_text().splitlines())
    assert rows == [
        ["net/t.py", "TF101", "tf.placeholder", 1, "x = tf.placeholder(tf.float32)"],
        ["net/t.py", "TF701", "tf.log", 2, "y = tf.log(x)"],
    ]
    assert project.new(KNOWN) == [] and project.err == ""


@pytest.mark.parametrize("source, new", [
    (HEAD + "\n\n" + KNOWN, []),  # it moves
    (HEAD + "if 1:\n" + re.sub("(?m)^", "\t", KNOWN), []),  # it is indented
    (KNOWN + "y = tf.log(x)\n", ["5:5: TF701"]),  # once more
    (KNOWN + "z = tf.log(x)\n", ["5:5: TF701"]),  # another line
    (HEAD + "y = tf.log(y)\n" + KNOWN, ["2:5: TF701"]),
    (KNOWN.replace("float32", "int32"), ["2:5: TF101"]),  # the line is another
    (KNOWN.replace("tf.log(x)", "tf.log(x)  # noqa"), []),
    (KNOWN + "y = tf.log(x) + '''\n'''  # noqa\n", []),  # silenced
])  # fmt: skip
def test_only_what_is_new_is_reported(project, source, new):
    project.write()
    assert project.new(source) == new


def test_what_is_gone_is_told(project):
    project.write()
    assert project.new(KNOWN.replace("y = tf.log(x)\n", "")) == []
    assert project.err.startswith("flake8-tf2: 2 findings are in the baseline and not in the files any more")


def test_paths_are_relative_to_the_file(project, monkeypatch, tmp_path):
    project.write()
    assert project.new(KNOWN, paths=(str(tmp_path),)) == []
    monkeypatch.chdir(tmp_path / "net")
    assert project.new(KNOWN, paths=("t.py",), baseline="../known.jsonl") == []
    assert project.new(KNOWN, paths=("../net/./t.py",), baseline="../known.jsonl") == []
    other = tmp_path / "other.py"
    other.write_text(KNOWN)
    assert len(project.new(KNOWN, paths=("../other.py",), baseline="../known.jsonl")) == 3


def test_a_silenced_twin_of_a_known_line(project):
    """Both are TF701 in one line of text, and flake8 drops the first only after the plugin has seen it."""
    twins = HEAD + "y = tf.log(\n    x)  # noqa\ny = tf.log(\n    x)\n"
    project.path.write_text(twins)
    project.write()
    assert project.new(twins) == []
    assert project.new(twins + "y = tf.log(\n    x)\n") == ["6:5: TF701"]


def test_what_is_not_selected_is_not_known(project):
    project.write("--ignore=TF7")
    assert project.new(KNOWN) == ["3:5: TF701", "4:5: TF701"]


def test_writing_again_keeps_what_is_still_there(project, tmp_path):
    project.write()
    (tmp_path / "setup.cfg").write_text("[flake8]\ntf2-baseline = ./known.jsonl\n")
    before = (tmp_path / "known.jsonl").read_bytes()
    project.write()
    assert (tmp_path / "known.jsonl").read_bytes() == before


def test_the_setting(project, monkeypatch, tmp_path, capsys):
    project.write()
    (tmp_path / "setup.cfg").write_text("[flake8]\ntf2-baseline = ./known.jsonl\n")
    monkeypatch.chdir(tmp_path / "net")
    assert cli.main(["check", "."]) == 0 and flake8_main(["--select=TF", "."]) == 0
    assert cli.main(["check", "."]) == 0 and cli.main(["fix", "--check", "."]) == 1  # what is known is fixed all the same
    assert cli.main(["check", ".", "--isolated"]) == 1
    assert "fix 2 in 1 file" in capsys.readouterr().out


def test_names_and_lines_of_any_kind(project, tmp_path):
    name = os.fsdecode("日本 \"x\"\t.py".encode())
    odd = HEAD + "x = '日本\u2028\x0c', tf.log(1)\n"
    (tmp_path / "net" / name).write_text(odd, encoding="utf-8")
    project.write()
    assert project.new(KNOWN) == []
    assert (tmp_path / "known.jsonl").read_text(encoding="utf-8").count("\n") == 4


@pytest.mark.parametrize("text, message", [
    (None, "there is no such file; write it with `flake8-tf2 check PATH... --write-baseline known.jsonl`"),
    ("", ":1: this is no line of a baseline; write the file anew with --write-baseline"),
    ("{}\n", ":1: this is no line of a baseline"),
    ('HEAD\n<<<<<<< ours\n["a.py"]\n', ":2: this is no line of a baseline"),
    ('HEAD\n["a.py", "TF101", "tf.log", "many", "x"]\n', ":2: this is no line of a baseline"),
    ('HEAD\n{"count": 2}\n', ":2: this is no line of a baseline"),
])  # fmt: skip
def test_a_wrong_file(project, tmp_path, capsys, text, message):
    project.write()
    head = (tmp_path / "known.jsonl").read_text().splitlines()[0]
    if text is None:
        (tmp_path / "known.jsonl").unlink()
    else:
        (tmp_path / "known.jsonl").write_text(text.replace("HEAD", head))
    assert cli.main(["check", "net", "--baseline", "known.jsonl"]) == 2
    assert re.search(r"known\.jsonl(: )?" + re.escape(message), capsys.readouterr().err)
    assert flake8_main(["net", "--tf2-baseline", "known.jsonl"]) == 1
    assert "critical error" in capsys.readouterr().out


def test_no_baseline_of_files_that_cannot_be_read(project, tmp_path, capsys):
    assert cli.main(["check", "nowhere.py", "--write-baseline", "known.jsonl"]) == 2
    assert "nowhere.py: No such file or directory; no baseline was written" in capsys.readouterr().err
    assert not (tmp_path / "known.jsonl").exists()
