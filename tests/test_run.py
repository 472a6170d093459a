"""Linting many files: in one process or on all cores, the results are the same."""

from __future__ import annotations

import json
import multiprocessing
import os

import pytest

from flake8_tf2 import cli, run, settings
from flake8_tf2.convert import program, project


@pytest.fixture
def tree(tmp_path):
    """More files than one process is started for, one of them unreadable as text, one a link to nothing."""
    for number in range(2 * run._WORTH_A_PROCESS + 7):
        text = f"import tensorflow as tf\nx_{number} = tf.placeholder(tf.float32)\n"
        (tmp_path / f"file_{number:03}.py").write_text(text)
    (tmp_path / "latin.py").write_bytes(b"import tensorflow as tf  # caf\xe9\n")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    return tmp_path


def check(tree, capsys, monkeypatch, cores):
    monkeypatch.setattr(run, "cores", lambda: cores)
    status = cli.main(["check", "--isolated", "--format", "json", str(tree), str(tree / "gone.py")])
    captured = capsys.readouterr()
    return status, json.loads(captured.out), captured.err


def test_all_cores_report_what_one_does(tree, capsys, monkeypatch):
    alone = check(tree, capsys, monkeypatch, 1)
    together = check(tree, capsys, monkeypatch, 2)
    assert alone == together
    status, findings, errors = together
    assert status == 2
    assert "gone.py" in errors
    assert len(findings) == 2 * run._WORTH_A_PROCESS + 7 + 1
    assert [f["path"] for f in findings] == sorted(f["path"] for f in findings)


def test_settings_reach_the_other_processes(tree, capsys, monkeypatch):
    monkeypatch.setattr(run, "cores", lambda: 2)
    assert cli.main(["check", "--isolated", "--ignore=TF101", str(tree)]) == 1
    assert "TF101" not in capsys.readouterr().out


def test_programs_are_converted_on_all_cores(tmp_path, capsys, monkeypatch):
    """Those of one file, and those of several together."""
    session = "import tensorflow as tf\n{0}s = tf.Session()\nprint(s.run({1}))\n"
    for name in "abcd":
        (tmp_path / f"{name}_model.py").write_text(f"import tensorflow as tf\n{name} = tf.log(2.0)\n")
        imported = f"from {name}_model import {name}\n"
        (tmp_path / f"{name}_main.py").write_text(session.format(imported, name))
        (tmp_path / f"{name}.py").write_text(session.format("", "tf.log(2.0)"))

    def fix(cores: int) -> tuple[int, str, set[str]]:
        seen = tmp_path / str(cores)
        seen.mkdir()
        monkeypatch.setattr(run, "cores", lambda: cores)
        for module, name in ((program, "convert_source"), (project, "convert_project")):
            real = getattr(module, name)

            def noted(*arguments, real=real, name=name):
                (seen / f"{name}-{os.getpid()}").touch()
                return real(*arguments)

            monkeypatch.setattr(module, name, noted)
        status = cli.main(["fix", "--isolated", "--program", "--diff", str(tmp_path)])
        monkeypatch.undo()
        return status, capsys.readouterr().out, {path.name for path in seen.iterdir()}

    *alone, in_one = fix(1)
    *together, in_two = fix(2)
    assert alone == together and alone[1].count("--- ") == 12
    assert in_one == {f"convert_source-{os.getpid()}", f"convert_project-{os.getpid()}"}
    assert not in_one & in_two and {name.partition("-")[0] for name in in_two} == {"convert_source", "convert_project"}


def test_a_bug_in_one_file_does_not_stop_the_others(tmp_path, capsys, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text("import tensorflow as tf\nx = tf.placeholder(tf.float32)\n")
    real = run.lint

    def buggy(source, name, options, **rest):
        if name.endswith("a.py"):
            raise IndexError("list index out of range")
        return real(source, name, options, **rest)

    monkeypatch.setattr(run, "lint", buggy)
    assert cli.main(["check", "--isolated", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert "b.py:2:5: TF101" in captured.out
    assert "a.py: internal error" in captured.err


def _named(path, settings):
    return path


def test_what_is_broken_off_leaves_no_process(monkeypatch):
    monkeypatch.setattr(run, "cores", lambda: 2)
    for number in range(20):  # at another moment each time
        names = [f"{n}.py" for n in range(200)]
        results = run.for_each(_named, names, settings.read([]), [], much=2)
        assert [next(results) for _ in range(number)] == names[:number]
        results.close()
    assert multiprocessing.active_children() == []
