"""The TF2 code of the documentation runs, and a page that shows a proof shows what the proof says."""

from __future__ import annotations

import pytest

pytest.importorskip("tensorflow")

from flake8_tf2.rulefile import program  # noqa: E402
from tests.docs import blocks as docs  # noqa: E402

PAGES = {path: docs.read(path) for path in docs.originals()}


def name(path) -> str:
    return str(path.relative_to(docs.ROOT))


@pytest.mark.parametrize("path", [p for p, blocks in PAGES.items() if any(b.mark == "tf2" for b in blocks)], ids=name)
def test_tf2_runs(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for block in PAGES[path]:
        if block.mark == "tf2":
            if block.argument != "continued":
                names = {"__name__": "__main__"}
            exec(compile(program(block.text), block.name, "exec"), names)  # noqa: S102


@pytest.mark.parametrize("path", [p for p, b in PAGES.items() if any(x.mark == "run in tf2" for x in b)], ids=name)
def test_what_a_page_shows_of_tf2_is_what_happens(path):
    for block, text in docs.play(path, tf2=True):
        assert docs.without_versions(text) == docs.without_versions(block.text)
