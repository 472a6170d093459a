"""The benchmark runs, and no ratio is far beyond its budget: three times, for the noise of a shared machine."""

from __future__ import annotations

import pytest

from tests.benchmarks import ratios


def test_files_without_tensorflow_cost_next_to_nothing():
    assert ratios.plain_ratio(3) < 0.03


@pytest.mark.slow
def test_lint_is_of_the_order_of_the_parse():
    assert ratios.lint_ratio(ratios.sources(), 5) < 3 * 0.6


@pytest.mark.slow
def test_check_needs_little_more_memory_than_the_parse():
    assert ratios.memory_ratio() < 1.3


@pytest.mark.slow
def test_the_language_server_answers_a_change_soon():
    assert any(ratios.editor_ratio(15) < 3 for _ in range(3))
