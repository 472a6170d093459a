"""Initial values of its own for each variable that draws them.

Draws depend on shape and distribution alone, so two variables of one shape would begin alike, and a program that mixes
them up, or does not copy one to the other, would not be seen. So BEFORE's variables are numbered, and what they drew is
changed by their number; AFTER's variables get the numbers of those to which they belong.
"""

import numpy as np

from . import draws, values

#: Ops that make variables.
_VARIABLES = ("VariableV2", "Variable", "VarHandleOp")
_FLOATS = ("float16", "float32", "float64")
#: So many elements tell which distribution a value is of.
_TOLD = 8
_SALT = 2000


def owned(value, number):
    """A value of the variable with a number (from 1): each element becomes smaller, by up to a quarter."""
    unit = draws.mixed(np.arange(value.size, dtype=np.int64), _SALT + number).reshape(value.shape) * 2.0**-31
    return (value * (1 - unit / 4)).astype(value.dtype)


def origin(op):
    """Where the initial value of a TF1 variable comes from, by its initializer: draw, copy of another, or other."""
    seen, todo = set(), [op.inputs[1].op]
    drawn = False
    while todo:
        found = todo.pop()
        if found in seen:
            continue
        seen.add(found)
        if found.type in _VARIABLES:
            return "copy"
        drawn = drawn or draws.SCOPE in found.name
        todo.extend(tensor.op for tensor in found.inputs)
    return "draw" if drawn and op.inputs[1].dtype.base_dtype.name in _FLOATS else "other"


class Numbers(object):
    """The variables of a TF1 program that draw their values, with the numbers that they get."""

    def __init__(self):
        self._graphs, self._entries = [], {}

    def new(self, variable, value):
        """The number of a variable that is initialized for the first time, or 0. value: what it drew."""
        graph = variable.op.graph
        if graph not in self._graphs:
            self._graphs.append(graph)
        key = self._graphs.index(graph), variable.op._id
        if key in self._entries:
            return 0
        number = len(self._entries) + 1
        told = values.pack(value.ravel()[:_TOLD], _TOLD)
        entry = {"name": variable.op.name, "shape": list(value.shape), "begins": told, "number": number}
        self._entries[key] = entry
        return number

    def told(self):
        """All of them as JSON, in the order of creation."""
        return [self._entries[key] for key in sorted(self._entries)]


class Partners(object):
    """Finds the number for each variable of a TF2 program. entries: what `Numbers.told` gave."""

    def __init__(self, entries):
        self.entries = [dict(entry, begins=values.unpack(entry["begins"])[0]) for entry in entries]

    def number(self, name, value):
        """The number of a new variable, by name, else by order among those that drew such a value; or 0."""
        if value.dtype.name not in _FLOATS:
            return 0
        alike = [entry for entry in self.entries if entry["shape"] == list(value.shape)]
        found = [entry for entry in alike if entry["name"] == name]
        found += [entry for entry in alike if _is_near(value.ravel()[:_TOLD], entry["begins"])]
        if not found:
            return 0
        self.entries = [entry for entry in self.entries if entry is not found[0]]
        return found[0]["number"]


def _is_near(one, two):
    return one.dtype == two.dtype and bool(np.all(np.abs(one - two) <= 1e-3 * np.abs(two)))
