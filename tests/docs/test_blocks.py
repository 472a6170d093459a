"""Every block of code of the documentation is linted, and run where it can be."""

from __future__ import annotations

import configparser
import json
import shutil
import subprocess
import sys
import textwrap

import pytest
import yaml

from flake8_tf2.finding import Severity
from flake8_tf2.lint import lint
from flake8_tf2.rulefile import program
from tests.docs import blocks as docs

ALL = [block for path in docs.pages() for block in docs.read(path)]
PLAYED = [path for path in docs.originals() if any(b.mark in ("run", "excerpt") for b in docs.read(path))]


def name(value) -> str:
    return value.name if isinstance(value, docs.Block) else str(value.relative_to(docs.ROOT))


def of(*marks: str) -> list[docs.Block]:
    return [block for block in ALL if block.mark in marks]


@pytest.mark.parametrize("block", ALL, ids=name)
def test_a_block_can_be_read_in_its_language(block):
    text = textwrap.dedent(block.text)
    assert block.language, "it names no language"
    if block.language == "python":
        compile(text, block.name, "exec")
    elif block.language in ("console", "bash"):
        if "$ " in text:
            text = "\n".join(command for command, _ in docs.commands(text))
        if shutil.which("bash"):
            done = subprocess.run(["bash", "-n"], input=text.encode(), capture_output=True)
            assert done.stderr.decode() == ""
    elif block.language == "yaml":
        list(yaml.safe_load_all(text))
    elif block.language == "json":
        json.loads(text)
    elif block.language == "ini":
        configparser.RawConfigParser().read_string(text)
    elif block.language == "toml" and sys.version_info >= (3, 11):
        import tomllib

        tomllib.loads(text)


@pytest.mark.parametrize("block", of("tf1"), ids=name)
def test_codes_of_tf1(block):
    found = sorted({finding.code for finding in lint(program(block.text))})
    assert found == block.argument.split()


@pytest.mark.parametrize("block", of("tf2"), ids=name)
def test_tf2_is_native(block):
    assert [finding for finding in lint(program(block.text)) if finding.severity is not Severity.HINT] == []


@pytest.mark.parametrize("path", [path for path in docs.pages() if path.parent.name == "guide"], ids=name)
def test_python_of_the_guide_says_what_it_is(path):
    assert [block.name for block in docs.read(path) if block.language == "python" and not block.mark] == []


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize("path", PLAYED, ids=name)
def test_what_a_page_shows_is_what_happens(path):
    for block, text in docs.play(path, tf2=False):
        assert text == block.text, f"{block.name}: python -m tests.docs.blocks {path.relative_to(docs.ROOT)} writes it"


TRANSLATED = sorted((docs.ROOT / "docs").rglob("*.zh.md"))


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_a_translation_has_the_code_of_its_original(path):
    original = path.with_name(path.name.replace(".zh.md", ".md"))
    mine, theirs = ([block[2:] for block in docs.read(page)] for page in (path, original))
    assert mine == theirs


def test_the_guide_is_translated():
    guide = {path.name for path in (docs.ROOT / "docs" / "guide").glob("*.md")}
    assert {name.replace(".zh.md", ".md") for name in guide if name.endswith(".zh.md")} == {
        name for name in guide if not name.endswith(".zh.md")
    }
