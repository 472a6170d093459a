"""What several tests share."""

from __future__ import annotations

import pytest

from flake8_tf2.lint import lint
from flake8_tf2.options import Options


@pytest.fixture
def codes():
    """A function from source to the codes that are found in it, in order."""

    def find(source: str, **options) -> list[str]:
        return [finding.code for finding in lint(source, "test.py", Options(**options))]

    return find
