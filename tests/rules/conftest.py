"""The rules under test are those of the checkout, as they stand in their files."""

from __future__ import annotations

import pytest

from flake8_tf2 import index, registry, rulefile
from tests.rules.files import RULES


@pytest.fixture(autouse=True, scope="package")
def fresh_registry(tmp_path_factory):
    """An index made from the rule files as they are, so that a case can be tried before the index is written."""
    path = tmp_path_factory.mktemp("index") / "index.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rulefile, "load_rules", lambda folder: RULES)
        path.write_text(index.render_index(), encoding="utf-8")
        patch.setattr(registry, "INDEX", path)
        registry.load.cache_clear()
        yield
    registry.load.cache_clear()
