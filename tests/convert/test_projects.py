"""Programs of several files: all files are converted together, or stay and a reason is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_tf2.convert.link import projects
from flake8_tf2.convert.project import convert_project
from flake8_tf2.finding import Severity
from flake8_tf2.lint import lint

HERE = Path(__file__).parent
NAMES = sorted(path.parent.name for path in (HERE / "projects").glob("*/main.py"))
CONVERTED = set((HERE / "converted.txt").read_text("utf-8").split())
#: What stands in the way of the others.
REFUSED = {
}


def convert(files: dict[str, str]):
    found = {}
    for group in projects(files):
        found |= convert_project({path: files[path] for path in group})
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_project(name):
    folder = HERE / "projects" / name
    files = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.py"))}
    converted = convert(files)
    assert "main.py" in converted
    reasons = {file.reason for file in converted.values()}
    if name in REFUSED:
        assert name not in CONVERTED
        assert len(reasons) == 1 and REFUSED[name] in reasons.pop()
        assert all(file.source == files[path] for path, file in converted.items())
        return
    assert name in CONVERTED and reasons == {""}
    for path, file in converted.items():
        compile(file.source, path, "exec")
        assert [f for f in lint(file.source, path) if f.severity is not Severity.HINT] == []
        assert file.source.endswith("\n") or not file.source
