"""A short walk of the fuzzer, the same each time; and a sample of the files that are installed."""

from __future__ import annotations

import random

import pytest

from tools.fuzz import files, mutate, targets
from tools.fuzz.__main__ import seeds

SEEDS = seeds()


@pytest.fixture(scope="module")
def mutator() -> mutate.Mutator:
    return mutate.Mutator(SEEDS)


@pytest.mark.parametrize("target, inputs", [("names", 150), ("match", 150), ("fix", 150), ("convert", 6)])
def test_mutants_of_programs(mutator, target, inputs):
    chance = random.Random(target)
    compiling = 0
    for _ in range(inputs):
        source = targets.text_of(mutator.mutated(chance.choice(SEEDS), chance.randrange(1 << 30)))
        targets.run(target, source)
        compiling += targets.compiles(source)
    assert compiling > 0.8 * inputs


def test_a_source_is_made_smaller():
    source = b"import os\n\nif a:\n    b = 1\n    c = wrong\nd = 2\n"
    assert mutate.reduced(source, lambda text: b"wrong" in text) == b"if a:\n    c = wrong\n"


def test_what_takes_too_long_is_stopped():
    with pytest.raises(targets.Slow), targets.limited(0.05):
        while True:
            pass


def test_installed_files():
    for path in files.files(files.installed())[::500]:
        assert list(files.problems(path, program=False)) == [], path
