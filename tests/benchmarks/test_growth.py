"""A program of twice the lines does not take four times as long to convert."""

from __future__ import annotations

import pytest

from tests.benchmarks import growth


@pytest.mark.slow
def test_conversion_grows_little_faster_than_the_program():
    first, second, third = growth.growth(1600)
    assert growth.over_n_log_n(first, third) < 1.8
