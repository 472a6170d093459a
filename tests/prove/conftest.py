"""These tests need numpy, which the extra `test` brings."""

from __future__ import annotations

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("numpy") else ["test_*.py"]
