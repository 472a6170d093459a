"""Collects what the suite finds, and writes it where `--results` says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flake8_tf2.prove import results

# Before TensorFlow is imported: it would take all of a GPU's memory, and print.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_FOUND = pytest.StashKey[dict]()


@pytest.fixture
def tell(request):
    """A function that takes the file, what ran, and the result of a case."""

    def add(name: str, ran: dict, entry: dict) -> None:
        request.config.stash.setdefault(_FOUND, {}).setdefault(name, (ran, []))[1].append(entry)

    return add


def pytest_sessionfinish(session):
    folder = session.config.getoption("--results")
    for name, (ran, entries) in session.config.stash.get(_FOUND, {}).items():
        if folder:
            results.write(Path(folder, f"{name}.json"), ran, entries)
