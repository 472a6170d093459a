"""The site, and figures that a page takes from another."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.docs.blocks import ROOT


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path):
    pytest.importorskip("material")
    pytest.importorskip("mkdocs_static_i18n")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for page in "index.html", "rules/TF101/index.html", "zh/guide/inputs/index.html", "rule-files/index.html":
        assert (tmp_path / "site" / page).is_file()
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert not re.search(r'(src|href)="https?://[^"]*\.(js|css|woff2?)"', home), "something is fetched from elsewhere"


def test_the_comparison_has_the_sums_of_the_table():
    page = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8").split("<!-- sums of fixes.md -->")[1]
    shown = {name: [int(n) for n in rest.split("|")[:4]] for name, rest in re.findall(r"^\| (\w\S+) \|(.*)$", page, re.M)}
    table = (ROOT / "docs" / "fixes.md").read_text(encoding="utf-8").split("## Next to tf_upgrade_v2")[1].split("With `--unsafe`")[0]
    rows = [[int(cell) for cell in row] for row in re.findall(r"^\|[^|]+\|" + r" (\d+) \|" * 6 + "$", table, re.M)]
    references, native, left, *theirs = map(sum, zip(*rows))
    assert shown == {"flake8-tf2": [references, native, 0, left], "tf_upgrade_v2": [references, *theirs]}
