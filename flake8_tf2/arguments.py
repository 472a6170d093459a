"""The arguments of a call, bound to the parameters of a TF1 signature."""

import ast
from typing import NamedTuple

from flake8_tf2.names.table import Parameter

#: Makes a named tuple of a tuple: several times faster than a call of its class.
_new = tuple.__new__


class Argument(NamedTuple):
    """One argument: its value, the keyword node when it was given by name, its position when it was not."""

    value: ast.expr
    keyword: ast.keyword | None = None
    position: int | None = None


class Arguments(NamedTuple):
    """The arguments of a call by TF1 parameter name.

    open: a `*args` or `**kwargs` may give any parameter that is not listed.
    """

    bound: dict[str, Argument]
    open: bool

    def absent(self, name: str) -> bool:
        """Whether the call surely does not give the parameter."""
        return name not in self.bound and not self.open


def bind(call: ast.Call, signature: tuple[Parameter, ...]) -> Arguments:
    """Bind a call; positions beyond the signature, or behind a star, get the names `#0`, `#1`, ..."""
    return bind_to(call, [p.name for p in signature if p.kind == "positional"])


def bind_to(call: ast.Call, positional: list[str]) -> Arguments:
    """The same, given the names of the parameters that have a position."""
    bound: dict[str, Argument] = {}
    is_open = False
    for position, value in enumerate(call.args):
        if value.__class__ is ast.Starred:
            is_open = True
            break  # what stands behind a star has no known position
        name = positional[position] if position < len(positional) else f"#{position}"
        bound[name] = _new(Argument, (value, None, position))
    for keyword in call.keywords:
        if keyword.arg is None:
            is_open = True
        else:
            bound[keyword.arg] = _new(Argument, (keyword.value, keyword, None))
    return _new(Arguments, (bound, is_open))
