"""The settings of folders, read again when a file changes that could hold them."""

from __future__ import annotations

import os

from flake8_tf2 import settings as flake8_settings
from flake8_tf2.settings import Settings

#: Where flake8's settings are.
NAMES = ("setup.cfg", "tox.ini", ".flake8", "pyproject.toml")


class Folders:
    """Gives the settings of folders."""

    def __init__(self):
        self._known: dict[str, tuple[dict[str, int], Settings]] = {}

    def settings(self, folder: str) -> Settings:
        """What flake8 would use if it were started in a folder. Raises SettingsError."""
        state = _state(folder)
        known = self._known.get(folder)
        if known is None or known[0] != state:
            known = self._known[folder] = state, flake8_settings.read([], folder)
        return known[1]


def is_excluded(settings: Settings, path: str, folder: str) -> bool:
    """Whether flake8, started in a folder, would pass over a path in it or over a folder on the way there."""
    while path != folder and path != os.path.dirname(path):
        if settings.is_excluded(path):
            return True
        path = os.path.dirname(path)
    return False


def _state(folder: str) -> dict[str, int]:
    """When the files last changed that could hold the settings of a folder."""
    found = {}
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            try:
                found[path] = os.stat(path).st_mtime_ns
            except OSError:
                continue
        parent = os.path.dirname(folder)
        if parent == folder:
            return found
        folder = parent
