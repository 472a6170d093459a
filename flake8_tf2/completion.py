"""Scripts that complete the command flake8-tf2 in a shell, written by shtab."""

from __future__ import annotations

import argparse

from flake8_tf2 import registry

_PATHS = {"FILE": "FILE", "PATH": "FILE", "PROGRAM": "FILE", "OLD": "FILE", "NEW": "FILE", "DIR": "DIRECTORY"}


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell. Codes of rules are those of this installation. Raises ImportError without shtab."""
    import shtab

    codes = sorted({rule.code for rule in registry.load().rules})
    for action in _actions(parser):
        if action.metavar in _PATHS:
            action.complete = getattr(shtab, _PATHS[action.metavar])
        elif action.dest == "subject":
            action.choices = codes
    return shtab.complete(parser, shell)


def _actions(parser: argparse.ArgumentParser):
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
        else:
            yield action
