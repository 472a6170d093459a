"""The versions of TensorFlow 2 that can be named."""

import pytest

from flake8_tf2.options import NEWEST, OLDEST, Options, parse_version


@pytest.mark.parametrize("text, version", [
    ("2.16", (2, 16)), ("2.16.0", (2, 16)), (" 2.21 ", (2, 21)), ("2.18.0rc1", (2, 18)), ("2.30", (2, 30)),
])  # fmt: skip
def test_version(text, version):
    assert parse_version(text) == version


@pytest.mark.parametrize("text", ["", "2", "1.15", "2.15", "3.0", "2.x", "v2.16", "2.16.", "-2.16"])
def test_not_a_version(text):
    with pytest.raises(ValueError, match="give 2.16 or later, for instance 2.21"):
        parse_version(text)


def test_the_default_is_the_newest():
    assert Options().target_version == NEWEST > OLDEST
