"""The command `fix`: what it writes, prints and exits with; nothing is lost whatever happens."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flake8_tf2 import cli
from flake8_tf2.fix import run
from flake8_tf2.fix.apply import Fixed
from tests.test_cli import write

BEFORE = "import tensorflow as tf\ny = tf.log(x)\n"
AFTER = "import tensorflow as tf\ny = tf.math.log(x)\n"
LEFT = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\ny = tf.log(x)\n"


@pytest.fixture
def fix(tmp_path, monkeypatch, capsys):
    """A function that runs `fix` in a fresh folder and returns its exit status."""
    monkeypatch.chdir(tmp_path)

    def run_fix(*arguments: str, files: dict[str, str | bytes] | None = None) -> int:
        write(tmp_path, files or {})
        status = cli.main(["fix", *arguments])
        run_fix.out, run_fix.err = capsys.readouterr()
        return status

    return run_fix


def test_files_are_written_and_the_report_says_what(fix, tmp_path):
    assert fix(".", files={"a.py": BEFORE, "b.py": LEFT, "c.py": "x = 1\n"}) == 1
    assert (tmp_path / "a.py").read_text() == AFTER
    assert "tf.math.log(x)" in (tmp_path / "b.py").read_text()
    assert fix.out.splitlines()[0] == "./a.py: fixed 1 (TF701 1)"
    assert "./b.py:2:5: TF101 " in fix.out
    assert fix.out.endswith("fixed 2 in 2 files, 1 left\n")


def test_nothing_left(fix):
    assert fix("a.py", files={"a.py": BEFORE}) == 0
    assert fix("a.py") == 0
    assert fix.out == "fixed 0 in 0 files, 0 left\n"


def test_an_unchanged_file_is_not_touched(fix, tmp_path):
    write(tmp_path, {"a.py": AFTER})
    os.utime(tmp_path / "a.py", (1, 1))
    assert fix("a.py") == 0
    assert (tmp_path / "a.py").stat().st_mtime == 1


def test_check_writes_nothing(fix, tmp_path):
    assert fix("--check", "a.py", files={"a.py": BEFORE}) == 1
    assert (tmp_path / "a.py").read_text() == BEFORE
    assert "would fix 1" in fix.out
    assert fix("--check", "a.py", files={"a.py": AFTER}) == 0


def test_diff_is_a_patch(fix, tmp_path):
    source = "import tensorflow as tf\r\ny = tf.log(x)"
    assert fix("--diff", "a.py", files={"a.py": source.encode()}) == 1
    assert (tmp_path / "a.py").read_bytes() == source.encode()
    patch = fix.out.encode()
    subprocess.run(["patch", "-s", "--binary", "a.py"], input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / "a.py").read_bytes() == source.replace("tf.log", "tf.math.log").encode()
    assert "would fix 1" in fix.err


def test_standard_input(tmp_path):
    command = [sys.executable, "-m", "flake8_tf2.cli", "fix", "--isolated", "-"]
    done = subprocess.run(command, input=BEFORE.replace("\n", "\r\n").encode(), capture_output=True, cwd=tmp_path)
    assert done.stdout == AFTER.replace("\n", "\r\n").encode()
    assert done.returncode == 0
    assert b"fixed 1" in done.stderr
    done = subprocess.run(command, input=b"x = 1", capture_output=True, cwd=tmp_path)
    assert done.stdout == b"x = 1"


def test_json(fix):
    assert fix("--format", "json", ".", files={"a.py": BEFORE, "b.py": LEFT, "c.py": "x = 1\n"}) == 1
    first, second = json.loads(fix.out)
    assert (first["path"], first["changed"], first["left"], first["failed"]) == ("./a.py", True, [], [])
    assert [f["code"] for f in first["fixed"]] == ["TF701"]
    assert [f["code"] for f in second["left"]] == ["TF101"]


@pytest.mark.parametrize(
    "before",
    [
        b"\xef\xbb\xbfimport tensorflow as tf\ny = tf.log(x)  # \xc3\xa9\n",
        b"# -*- coding: latin-1 -*-\nimport tensorflow as tf\ny = tf.log(x)  # \xe9\n",
        b"import tensorflow as tf\r\ny = tf.log(x)\r\n\x0c\r\nz = 1",
    ],
)
def test_encoding_and_line_ends_stay(fix, tmp_path, before):
    assert fix("a.py", files={"a.py": before}) == 0
    assert (tmp_path / "a.py").read_bytes() == before.replace(b"tf.log", b"tf.math.log")


def test_mode_and_links_stay(fix, tmp_path):
    write(tmp_path, {"real.py": BEFORE})
    (tmp_path / "real.py").chmod(0o751)
    (tmp_path / "link.py").symlink_to("real.py")
    assert fix("link.py") == 0
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.py").read_text() == AFTER
    assert stat.S_IMODE((tmp_path / "real.py").stat().st_mode) == 0o751


def test_select_ignore_and_noqa_hold_for_fixes(fix, tmp_path):
    source = "import tensorflow as tf\na = tf.log(x)  # noqa: TF701\nb = tf.to_float(x)\nc = tf.log(x)\n"
    assert fix("--select", "TF701", "a.py", files={"a.py": source}) == 0
    assert (tmp_path / "a.py").read_text() == source.replace("c = tf.log", "c = tf.math.log")
    assert fix("--ignore", "TF642", "a.py") == 0
    assert "to_float" in (tmp_path / "a.py").read_text()
    assert fix("a.py") == 0
    assert "tf.cast(x, tf.float32)" in (tmp_path / "a.py").read_text()
    assert "a = tf.log(x)" in (tmp_path / "a.py").read_text()


def test_compat_import_stays_while_what_is_not_selected_needs_it(fix, tmp_path):
    source = "import tensorflow.compat.v1 as tf\nx = tf.placeholder(tf.float32)\ny = tf.log(x)\n"
    fix("--select", "TF701,TF901", "a.py", files={"a.py": source})
    assert (tmp_path / "a.py").read_text() == source.replace("tf.log", "tf.math.log")


def test_what_cannot_be_read_stops_nothing_else(fix, tmp_path):
    assert fix("none.py", "a.py", "b.py", files={"a.py": BEFORE, "b.py": b"\xff\xfe tensorflow"}) == 2
    assert "none.py: No such file" in fix.err
    assert (tmp_path / "a.py").read_text() == AFTER
    assert (tmp_path / "b.py").read_bytes() == b"\xff\xfe tensorflow"


def test_what_changed_meanwhile_is_not_overwritten(fix, tmp_path, monkeypatch):
    original = run.fix_source

    def slow(source, *rest):
        (tmp_path / "a.py").write_text("mine = 1\n")
        return original(source, *rest)

    monkeypatch.setattr(run, "fix_source", slow)
    assert fix("a.py", files={"a.py": BEFORE}) == 2
    assert (tmp_path / "a.py").read_text() == "mine = 1\n"
    assert "changed while it was fixed" in fix.err


def test_two_names_of_one_file(fix, tmp_path):
    write(tmp_path, {"real.py": BEFORE})
    (tmp_path / "link.py").symlink_to("real.py")
    assert fix(".") == 0
    assert (tmp_path / "real.py").read_text() == AFTER


def test_a_file_written_by_another_name_meanwhile(tmp_path):
    write(tmp_path, {"a.py": AFTER})
    assert run.write(run.Result(str(tmp_path / "a.py"), "", BEFORE.encode(), AFTER.encode())) == ""


def test_a_read_only_file_is_not_replaced(fix, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everything
    assert fix("a.py", "--format=json", files={"a.py": BEFORE}) == 2
    assert (tmp_path / "a.py").read_text() == BEFORE
    (result,) = json.loads(fix.out)
    assert (result["changed"], result["fixed"], result["error"]) == (False, [], "not written: Permission denied")


def test_a_read_only_folder_leaves_the_others(fix, tmp_path, monkeypatch):
    original = os.open

    def no_new_file(path, flags, *rest):
        if flags & os.O_CREAT and Path(path).parent.name == "sub":
            raise PermissionError(13, "Permission denied")
        return original(path, flags, *rest)

    monkeypatch.setattr(os, "open", no_new_file)
    assert fix("sub/a.py", "b.py", files={"sub/a.py": BEFORE, "b.py": BEFORE}) == 2
    assert (tmp_path / "sub" / "a.py").read_text() == BEFORE
    assert (tmp_path / "b.py").read_text() == AFTER
    assert fix.err == "flake8-tf2: sub/a.py: not written: Permission denied\n"


def test_a_character_that_the_encoding_lacks(fix, tmp_path, monkeypatch):
    source = "# coding: latin-1\nimport tensorflow as tf\ny = tf.log(x)\n"
    monkeypatch.setattr(run, "fix_source", lambda source, *rest: Fixed(source.replace("log", "日"), [], [], []))
    assert fix("a.py", files={"a.py": source}) == 2
    assert (tmp_path / "a.py").read_text() == source
    assert "a fix needs a character that the encoding of the file does not have" in fix.err


def test_a_diff_is_in_the_encoding_of_the_file(tmp_path):
    source = "# coding: latin-1\nimport tensorflow as tf\ny = tf.log(x), 'é'\n".encode("latin-1")
    write(tmp_path, {"a.py": source})
    command = [sys.executable, "-m", "flake8_tf2.cli", "fix", "--isolated", "--diff", "a.py"]
    patch = subprocess.run(command, capture_output=True, cwd=tmp_path).stdout
    subprocess.run(["patch", "-s", "a.py"], input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / "a.py").read_bytes() == source.replace(b"tf.log", b"tf.math.log")


@pytest.mark.parametrize(
    "source, arguments",
    [(b"\xff tensorflow", []), (BEFORE.encode(), ["--stdin-display-name=b.py", "--exclude=b.py"])],
)
def test_standard_input_that_is_not_fixed_comes_back(tmp_path, source, arguments):
    command = [sys.executable, "-m", "flake8_tf2.cli", "fix", "--isolated", *arguments, "-"]
    assert subprocess.run(command, input=source, capture_output=True, cwd=tmp_path).stdout == source


def test_standard_input_with_check_and_diff(tmp_path):
    command = [sys.executable, "-m", "flake8_tf2.cli", "fix", "--isolated", "-"]
    done = subprocess.run([*command, "--check"], input=BEFORE.encode(), capture_output=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    done = subprocess.run([*command, "--diff"], input=BEFORE.encode(), capture_output=True, cwd=tmp_path)
    assert (done.returncode, done.stdout[:10]) == (1, b"--- stdin\n")


def test_a_bug_of_ours_leaves_the_file_and_the_others(fix, tmp_path, monkeypatch):
    original = run.fix_source

    def buggy(source, name, *rest):
        if name == "a.py":
            raise IndexError("list index out of range")
        return original(source, name, *rest)

    monkeypatch.setattr(run, "fix_source", buggy)
    assert fix("a.py", "b.py", files={"a.py": BEFORE, "b.py": BEFORE}) == 2
    assert ((tmp_path / "a.py").read_text(), (tmp_path / "b.py").read_text()) == (BEFORE, AFTER)
    assert "a.py: internal error" in fix.err


@pytest.mark.parametrize("arguments", [["fix"], ["fix", "--format=xml", "a.py"], ["fix", "--tf2-target-version=1", "a"]])
def test_wrong_usage(arguments, capsys):
    try:
        status = cli.main(arguments)
    except SystemExit as end:
        status = end.code
    assert status == 2 and "flake8-tf2" in capsys.readouterr().err


def test_check_shows_the_fixes_as_json(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.py": BEFORE})
    assert cli.main(["check", "--format=json", "a.py"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["applicability"], finding["fix"]["applicability"]) == ("safe", "safe")
    assert len(finding["fix"]["edits"]) == 1


def test_no_bar_in_a_pipe(fix):
    fix(".", files={f"f{n}.py": BEFORE for n in range(5)})
    assert "fixing" not in fix.out + fix.err and fix.err == ""


@pytest.mark.parametrize("stdout_too", [False, True])
def test_a_bar_on_a_terminal(tmp_path, stdout_too):
    pytest.importorskip("rich")
    pty = pytest.importorskip("pty")
    write(tmp_path, {f"f{n}.py": LEFT for n in range(5)})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "flake8_tf2.cli", "fix", "--isolated", "."]
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "200"}
    out = theirs if stdout_too else subprocess.PIPE
    child = subprocess.Popen(command, cwd=tmp_path, stdout=out, stderr=theirs, env=environ)
    os.close(theirs)
    pieces = []

    def read():
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:  # the end, on Linux
            pass

    reader = threading.Thread(target=read)
    reader.start()
    piped = child.communicate(timeout=60)[0]
    reader.join(60)
    os.close(ours)
    shown = b"".join(pieces)
    assert b"fixing" in shown
    report = shown if stdout_too else piped
    assert report.count(b": fixed 1 (TF701 1)") == 5 and b"fixed 5 in 5 files, 5 left" in report
    assert stdout_too or b"fixing" not in piped


def test_a_disk_that_is_full_leaves_the_old_file(fix, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert fix("a.py", files={"a.py": BEFORE}) == 2
    assert (tmp_path / "a.py").read_text() == BEFORE
    assert os.listdir(tmp_path) == ["a.py"]
    assert "No space left" in fix.err


def test_many_files_on_all_cores_are_fixed_as_one_by_one(fix, tmp_path):
    files = {f"f{n}.py": BEFORE if n % 2 else LEFT for n in range(120)}
    assert fix(".", files=files) == 1
    for name, source in files.items():
        assert (tmp_path / name).read_text() == source.replace("tf.log", "tf.math.log")


# Programs of several files

MODEL = """\
import tensorflow as tf


class Model(object):
    def __init__(self):
        self.x = tf.placeholder(tf.float32, [None])
        self.y = self.x * 2.0
"""
MAIN = """\
import tensorflow as tf

from model import Model

model = Model()
with tf.Session() as sess:
    print(sess.run(model.y, {model.x: [1.0, 2.0]}))
"""


def project(folder, model=MODEL):
    (folder / "model.py").write_text(model)
    (folder / "main.py").write_text(MAIN)


def test_the_files_of_a_program_are_converted_together(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    project(tmp_path)
    assert cli.main(["fix", "--program", "."]) == 0
    assert "model.compute_y(x=[1.0, 2.0]).numpy()" in (tmp_path / "main.py").read_text()
    assert "tf.placeholder" not in (tmp_path / "model.py").read_text()
    assert "main.py: converted the program" in capsys.readouterr().out


def test_all_files_of_a_program_stay_if_one_cannot_be_converted(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    model = MODEL.replace("(object)", "(dict)")
    project(tmp_path, model)
    assert cli.main(["fix", "--program", "."]) == 1
    assert (tmp_path / "main.py").read_text() == MAIN and (tmp_path / "model.py").read_text() == model
    assert "main.py: the program was not converted: model.py:4: a class that builds a graph has a base" in (
        capsys.readouterr().out
    )


def test_a_file_of_the_program_that_is_not_given(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    project(tmp_path)
    assert cli.main(["fix", "--program", "main.py"]) == 1
    assert (tmp_path / "main.py").read_text() == MAIN
    assert "it imports model.py, which is not among the files to fix: name that file, too" in capsys.readouterr().out
