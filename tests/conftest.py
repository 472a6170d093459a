"""What several tests share."""

from __future__ import annotations

import pytest

from flake8_tf2.lint import lint
from flake8_tf2.options import Options


def pytest_addoption(parser):
    parser.addoption("--results", metavar="FOLDER", help="where tests/equivalence writes what it finds")
    parser.addoption("--gpu-dry-run", action="store_true", help="run the tests of `-m gpu` without a GPU")


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """Results that a test keeps are its own, and a user's are not its."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def codes():
    """A function from source to the codes that are found in it, in order."""

    def find(source: str, **options) -> list[str]:
        return [finding.code for finding in lint(source, "test.py", Options(**options))]

    return find
