"""Programs in the style of real ones: each is converted as a whole, or stays and a reason is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_tf2.convert.program import convert_source
from flake8_tf2.finding import Severity
from flake8_tf2.lint import lint

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "programs").glob("*.py"))
REFUSED = sorted((HERE / "refused").glob("*.py"))
CONVERTED = set((HERE / "converted.txt").read_text("utf-8").split())


def names(path: Path) -> str:
    return path.stem


@pytest.mark.slow
@pytest.mark.parametrize("path", PROGRAMS, ids=names)
def test_program(path):
    source = path.read_text("utf-8")
    converted = convert_source(source, path.name)
    assert (path.stem in CONVERTED) == (converted.reason == ""), converted.reason
    if converted.reason:
        assert converted.source == source
        return
    compile(converted.source, path.name, "exec")
    left = lint(converted.source, path.name)
    assert [finding for finding in left if finding.severity is not Severity.HINT] == []
    assert convert_source(converted.source, path.name).source == converted.source


@pytest.mark.parametrize("path", REFUSED, ids=names)
def test_refused(path):
    source = path.read_text("utf-8")
    converted = convert_source(source, path.name)
    assert converted.reason and converted.source == source
