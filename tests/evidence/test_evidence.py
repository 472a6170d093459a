"""The tables of evidence are whole: every row has a verdict, and the counts of the README are those of the tables."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

HERE = Path(__file__).parent
JUDGED = sorted(path.name for path in [*HERE.glob("judged_*.tsv"), *HERE.glob("fixes_*.tsv")])


def rows(name: str) -> list[dict]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("name", [*JUDGED, "tf2_native_errors.tsv"])
def test_every_finding_has_a_verdict_and_every_wrong_one_a_reason(name):
    for row in rows(name):
        assert row["verdict"] in ("right", "wrong"), row
        assert row["verdict"] == "right" or row["why"], row


@pytest.mark.parametrize("name", JUDGED)
def test_readme_says_what_the_table_says(name):
    verdicts = [row["verdict"] for row in rows(name)]
    right = verdicts.count("right")
    expected = f"{right} of {len(verdicts)} right ({100 * right / len(verdicts):.1f} %)"
    assert f"`{name}`" in (readme := (HERE / "README.md").read_text(encoding="utf-8"))
    assert expected in readme


def test_a_hundred_method_calls_are_marked():
    assert len(rows("method_calls.tsv")) == 100
