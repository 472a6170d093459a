"""The options of a run, the same for flake8, the command line and the editor."""

import re
from typing import NamedTuple

#: The TF2 versions that the symbol table was made from, oldest and newest.
OLDEST, NEWEST = (2, 16), (2, 21)


class Options(NamedTuple):
    """What a user can choose.

    allow_compat_v1: do not report what is spelled through `tf.compat.v1` and works there.
    target_version: the TF2 version that the code shall run under, as (major, minor).
    extra_roots: modules that stand for `tensorflow` in the user's code.
    hints: also report advice.
    rules: a folder of rule files of the user's own, or "".
    baseline: a file of known findings, or "". `lint` finds them all the same; `check` and flake8 do not report them.
    """

    allow_compat_v1: bool = False
    target_version: tuple[int, int] = NEWEST
    extra_roots: tuple[str, ...] = ()
    hints: bool = False
    rules: str = ""
    baseline: str = ""


def parse_version(text: str) -> tuple[int, int]:
    """`"2.21"` or `"2.21.0"` as (2, 21).

    Raises ValueError, with what is accepted, for anything but a TF2 version from 2.16 on.
    """
    match = re.fullmatch(r"(\d+)\.(\d+)(?:\.\d+\w*)?", text.strip())
    version = (int(match[1]), int(match[2])) if match else (0, 0)
    if version[0] != 2 or version < OLDEST:
        raise ValueError(f"{text!r} is not a supported TensorFlow 2 version: give 2.16 or later, for instance 2.21")
    return version
