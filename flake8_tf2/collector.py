"""The garbage collector, kept out of work that makes many objects that all stay."""

from __future__ import annotations

import contextlib
import gc
from typing import Iterator


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """No collections inside: they would go over a growing tree again and again, and find nothing to free."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


#: For a process that does nothing but lint: scopes and bindings refer to each other, so a tree waits for a collection.
SELDOM = (100_000, 10, 10)


@contextlib.contextmanager
def seldom() -> Iterator[None]:
    """Inside, a collection comes after several files rather than after each."""
    threshold = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
