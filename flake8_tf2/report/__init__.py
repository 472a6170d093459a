"""What `check` prints: one module a format.

Each has `render(path, findings, source)`, which gives the part of one file, and `Report`, to which the parts are added
one by one; `close` ends it. source: the text of the file where it is to be shown, or "".
"""

from __future__ import annotations

import functools
import importlib

FORMATS = ("text", "json", "github", "sarif", "junit")
#: Formats that show the fixes, which take time to make.
WITH_FIXES = ("json", "sarif", "statistics")


@functools.cache
def of(name: str):
    """The module of a format, or of `statistics`."""
    return importlib.import_module(f"{__name__}.{'objects' if name == 'json' else name}")
