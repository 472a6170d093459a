"""The command `report`: what it writes, prints and exits with."""

from __future__ import annotations

import sys

import pytest

from flake8_tf2 import cli
from tests.test_cli import write
from tests.test_cli_fix import AFTER, LEFT


@pytest.fixture
def report(tmp_path, monkeypatch, capsys):
    """A function that runs `report` in a fresh folder and returns its exit status."""
    monkeypatch.chdir(tmp_path)

    def run_report(*arguments: str, files: dict[str, str | bytes] | None = None) -> int:
        write(tmp_path, files or {})
        status = cli.main(["report", *arguments])
        run_report.out, run_report.err = capsys.readouterr()
        return status

    return run_report


def test_findings(report, tmp_path):
    assert report(".", files={"a.py": LEFT, "b.py": AFTER}) == 1
    assert report.out == "report.html: 2 findings in 1 of 2 files, 1 left by hand\n"
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "a.py").read_text() == LEFT


def test_nothing_found(report):
    assert report("-o", "b.HTML", ".", files={"b.py": AFTER}) == 0
    assert report.out.startswith("b.HTML: 0 findings")


def test_what_cannot_be_read_is_on_the_page(report, tmp_path):
    assert report("missing<b>.py", "a.py", files={"a.py": LEFT}) == 2
    assert report.err == "flake8-tf2: missing<b>.py: No such file or directory\n"
    assert "<code>missing&lt;b&gt;.py</code>: No such file" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_settings_hold(report):
    files = {"a.py": LEFT, "b.py": LEFT, "setup.cfg": "[flake8]\nexclude = b.py\n"}
    assert report("--ignore=TF101", ".", files=files) == 1
    assert report.out == "report.html: 1 findings in 1 of 1 files, 0 left by hand\n"


@pytest.mark.parametrize("arguments, message", [
    (["-o", "a.py"], "-o a.py: the page is HTML, so give a name that ends with .html"),
    (["-o", "none/a.html"], "none/a.html: not written: No such file or directory"),
    (["--tf2-target-version=1"], "not a supported TensorFlow 2 version"),
    (["--history"], "--history: git says: not a git repository"),
])  # fmt: skip
def test_wrong_usage(report, tmp_path, monkeypatch, arguments, message):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert report(*arguments, "a.py", files={"a.py": LEFT}) == 2
    assert message in report.err and "Traceback" not in report.err
    assert (tmp_path / "a.py").read_text() == LEFT
    assert not list(tmp_path.glob("*.html"))


@pytest.mark.parametrize("number", ["1", "-3", "many"])
def test_too_few_commits(report, number, capsys):
    with pytest.raises(SystemExit) as status:
        report("--history", f"--commits={number}", ".")
    assert status.value.code == 2
    assert "give 2 or more" in capsys.readouterr().err


def test_without_jinja2(report, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "flake8_tf2.overview.page", raising=False)
    assert report("a.py", files={"a.py": LEFT}) == 2
    assert "pip install 'flake8-tf2[report]'" in report.err
