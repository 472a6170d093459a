"""What `check` prints: one module a format, each with a class `Report`."""

from __future__ import annotations

import importlib

FORMATS = ("text", "json", "github", "sarif", "junit")
#: Formats that show the fixes, which take time to make.
WITH_FIXES = ("json", "sarif", "statistics")


def new(name: str):
    """The report of a format, or of `statistics`, to which files are added one by one; `close` ends it."""
    return importlib.import_module(f"{__name__}.{name if name != 'json' else 'objects'}").Report()
