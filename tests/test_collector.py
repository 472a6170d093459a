import ast
import gc
import weakref
from pathlib import Path

import pytest

from flake8_tf2 import collector, registry
from flake8_tf2.lint import lint

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"


def test_paused_restores_what_was():
    assert gc.isenabled()
    with collector.paused():
        assert not gc.isenabled()
        with collector.paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_paused_restores_after_an_error():
    with pytest.raises(ValueError), collector.paused():
        raise ValueError
    assert gc.isenabled()


def test_seldom_restores_the_threshold():
    before = gc.get_threshold()
    with collector.seldom():
        assert gc.get_threshold() == collector.SELDOM
    assert gc.get_threshold() == before


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.py")), ids=lambda path: path.stem)
def test_no_tree_outlives_its_lint(path):
    """What is kept from file to file holds nothing of a file: neither a reference nor a cycle keeps its tree."""
    registry.load.cache_clear()  # so that all that is kept is worked out here
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    alive = weakref.ref(tree)
    with collector.paused():
        lint(source, tree=tree)
        del tree
        assert alive() is None
