"""The README's commands are the ones that are tested."""

import os
import re
import stat
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(heading):
    """The one command of the README's section with this heading."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert section, f"README has no section {heading!r}"
    blocks = re.findall(r"^```console\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"section {heading!r} has {len(blocks)} blocks of commands, not one"
    lines = blocks[0].strip().splitlines()
    assert len(lines) == 1, f"section {heading!r} has {len(lines)} commands, not one"
    return lines[0]


def test_ci_runs_the_readmes_test_command():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert command("Test") in lines
    assert lines[-1] == command("Test"), "nothing may come after it: its exit code is that of CI"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_ci_script_is_executable():
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_install_command_installs_and_lints_the_examples():
    install, lint = command("Install and lint the examples").split(" && ")
    assert install == "python -m pip install ."
    assert lint == "flake8 --select TF,E9 docs/examples"
    assert list((ROOT / "docs" / "examples").rglob("*.py"))


def test_local_links_lead_somewhere():
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", README)
    local = [link for link in links if "://" not in link]
    assert local
    assert [link for link in local if not (ROOT / link).exists()] == []


def test_no_path_of_a_machine_is_named():
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")]:
        found = re.findall(r"(?<![\w.])/(?:home|root|work|Users)/\S*", path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(ROOT)} names {found}"
