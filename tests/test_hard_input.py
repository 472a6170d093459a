"""What folders can hold, what can happen in the middle of a run, and settings that are wrong, by whole commands."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flake8_tf2 import cli, files, run
from tests.test_cache import RULE, entries
from tests.test_cli import write
from tests.test_cli_fix import AFTER, BEFORE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other kinds of files and signals")


@pytest.fixture(params=[["check"], ["fix"], ["report"]], ids=lambda command: command[0])
def command(request, tmp_path, monkeypatch, capsys):
    """A function that runs a command in a fresh folder; returns its status and what it says on standard error."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str) -> tuple[int, list[str]]:
        status = cli.main([*request.param, "--isolated", *arguments])
        return status, capsys.readouterr().err.splitlines()

    run_command.name = request.param[0]
    return run_command


def test_what_is_no_file(command, tmp_path):
    """Pipes, sockets, devices, loops of links: left out of folders; named, told at once; the others go on."""
    write(tmp_path, {"a.py": BEFORE, "sub/b.py": "x = 1\n"})
    os.mkfifo("pipe.py")
    os.symlink("loop.py", "loop.py")
    os.symlink(".", "sub/round")
    os.symlink("gone", "broken.py")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.py")
    odd = ["pipe.py", "socket.py", "loop.py", "broken.py", "/dev/zero", "/dev/null"]
    start = time.perf_counter()
    assert command(".") == ((0, []) if command.name == "fix" else (1, []))
    write(tmp_path, {"a.py": BEFORE})
    status, told = command(*odd, "a.py")
    assert time.perf_counter() - start < 30
    assert status == 2
    assert [line.split(":")[1].strip() for line in told] == odd
    assert (Path("a.py").read_text() == AFTER) == (command.name == "fix")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(command, tmp_path):
    write(tmp_path, {"a.py": BEFORE, "b.py": BEFORE, "sub/c.py": BEFORE})
    os.chmod("b.py", 0)
    os.chmod("sub", 0)
    try:
        status, told = command(".")
    finally:
        os.chmod("sub", 0o700)
    assert status == 2
    assert told == ["flake8-tf2: ./b.py: Permission denied", "flake8-tf2: ./sub: Permission denied"]


def test_a_file_that_vanishes_between_listing_and_reading(command, tmp_path, monkeypatch):
    write(tmp_path, {"a.py": BEFORE, "b.py": BEFORE})
    real = files.read_bytes

    def vanish(path):
        Path("b.py").unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr(run, "read_bytes", vanish)
    status, told = command(".")
    assert (status, told) == (2, ["flake8-tf2: ./b.py: No such file or directory"])


def test_a_file_of_100_megabytes(command, tmp_path):
    """Mostly comments, as data in a module is one token a line; time and memory of a parse."""
    (tmp_path / "a.py").write_text(BEFORE + ("# " + "y" * 97 + "\n") * 1_000_000)
    start = time.perf_counter()
    status, told = command("a.py")
    assert time.perf_counter() - start < 120
    assert told == [] and status == (0 if command.name == "fix" else 1)


def test_a_disk_that_fills_up_leaves_the_old_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.py": BEFORE, "report.html": "old"})

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    assert cli.main(["report", "--isolated", "a.py"]) == 2
    assert capsys.readouterr().err == "flake8-tf2: report.html: not written: No space left on device\n"
    assert Path("report.html").read_text() == "old"
    assert sorted(os.listdir()) == ["a.py", "report.html"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be limited in this way")
@pytest.mark.parametrize("arguments", [["fix"], ["fix", "--unsafe", "--program"]])
def test_a_disk_that_is_full_in_the_middle_of_a_file(tmp_path, arguments):
    """The system itself refuses the bytes of a file behind a limit, as a disk does that is full."""
    large = BEFORE + "# " + "y" * 100_000 + "\n"
    write(tmp_path, {"a.py": large, "b.py": BEFORE})
    limit = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    limit += "; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
    program = f"{limit}; from flake8_tf2 import cli; sys.exit(cli.main({[*arguments, '--isolated', '.']!r}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (2, "flake8-tf2: ./a.py: not written: File too large\n")
    assert (tmp_path / "a.py").read_text() == large
    assert (tmp_path / "b.py").read_text() == AFTER
    assert sorted(os.listdir(tmp_path)) == ["a.py", "b.py"]


MANY = 400


@pytest.mark.parametrize("name", ["check", "fix", "report"])
def test_ctrl_c_in_the_middle(tmp_path, name):
    """To the whole process group, as a terminal sends it: no traceback, each file the old or the new one, status 130."""
    (tmp_path / "tree").mkdir()
    body = BEFORE + "y = tf.log(x)\n" * 100
    write(tmp_path / "tree", {f"f{n:03}.py": body for n in range(MANY)})
    command = [sys.executable, "-m", "flake8_tf2.cli", name, "--isolated", "tree"]
    started = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    if name == "report":
        time.sleep(2)  # it prints nothing until it ends
    else:
        assert started.stdout.readline()
    os.killpg(started.pid, signal.SIGINT)
    _, told = started.communicate(timeout=60)
    assert (started.returncode, told) == (130, "flake8-tf2: interrupted\n")
    texts = {path.read_text() for path in (tmp_path / "tree").iterdir()}
    assert texts <= {body, body.replace("tf.log", "tf.math.log")}
    assert body in texts, "it was in the middle"
    assert len(os.listdir(tmp_path / "tree")) == MANY and os.listdir(tmp_path) == ["tree"]
    assert not [path for path in entries() if path.suffix], "the cache has no half entry"


# Settings


@pytest.mark.parametrize("written, arguments, told", [
    ({"rules/a.yaml": RULE.replace("code: TF001", "code: TF001\nfix: x")}, ["--tf2-rules=rules"], "rules/a.yaml:3"),
    ({"rules/a.yaml": "code: [TF001\nname: a\n"}, ["--tf2-rules=rules"], "rules/a.yaml:2"),
    ({"rules/a.yaml": b"code: \xff\n"}, ["--tf2-rules=rules"], "rules/a.yaml"),
    ({"rules/b.txt": ""}, ["--tf2-rules=rules"], "rules"),
    ({}, ["--tf2-rules=none"], "none"),
    ({"setup.cfg": "[flake8]\ntf2-target-version = 1.15\n"}, [], "1.15"),
    ({"setup.cfg": "[flake8]\ntf2-hints = perhaps\n"}, [], "perhaps"),
    ({"setup.cfg": "[flake8]\nignore = TF1!\n"}, [], "TF1!"),
    ({"setup.cfg": "[flake8\nselect = TF\n"}, [], "line: 1"),
    ({"setup.cfg": "[flake8]\nselect\n"}, [], "[line 2]: 'select"),
    ({"setup.cfg": b"[flake8]\nexclude = \xff\n"}, [], "setup.cfg: 'utf-8' codec can't decode"),
    ({}, ["--config=none.cfg"], "none.cfg"),
    ({}, ["--tf2-extra-roots=a-b"], "a-b"),
])  # fmt: skip
@pytest.mark.parametrize("name", ["check", "fix", "report"])
def test_wrong_rules_and_settings(tmp_path, monkeypatch, capsys, name, written, arguments, told):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.py": BEFORE, **written})
    assert cli.main([name, *arguments, "a.py"]) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") <= 3 and "Traceback" not in error and "Error(" not in error
    assert Path("a.py").read_text() == BEFORE and not Path("report.html").exists()


def test_a_broken_file_that_is_not_flake8s_does_not_matter(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.py": BEFORE, "tox.ini": "[tox\n", ".flake8": "[flake8]\nignore = TF701\n"})
    assert cli.main(["check", "a.py"]) == 0
    assert capsys.readouterr().err == ""
