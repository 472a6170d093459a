"""What a program builds and runs, as a table and as a picture: for those who read a strange program."""

from __future__ import annotations

import ast

from flake8_tf2.convert import kinds
from flake8_tf2.convert.model import INPUT, MOVES, STAYS, Program, Unit
from flake8_tf2.convert.program import read_program
from flake8_tf2.convert.slices import Slice, Slicer


def as_table(source: str, filename: str = "<unknown>") -> str:
    """Each place that runs something: what it fetches, what it is fed, which variables it reads, and what computes it.

    Lines are those of the program as the converter reads it. Raises Stuck, and SyntaxError.
    """
    program = read_program(source, filename)
    lines = ["What the graph has:"]
    for unit in program.units:
        kind = _kind(unit)
        if kind and unit.binds:
            lines.append(f"  {', '.join(sorted(unit.binds)):<24} {kind:<12} {_first_line(unit)}")
    lines.append("What is run:")
    for found in Slicer(program).slices:
        text = ", ".join(ast.unparse(node) for node, _ in found.fetches)
        lines.append(f"  {ast.unparse(found.site.call)[:100]}")
        lines.append(f"    fetches    {text}")
        if found.feeds:
            lines.append(f"    is fed     {', '.join(feed.name for feed in found.feeds)}")
        variables = sorted(_variables(program, found))
        if variables:
            lines.append(f"    variables  {', '.join(variables)}")
        if found.units:
            lines.append(f"    computes   {', '.join(n for u in found.units for n in sorted(u.binds))}")
    return "\n".join(lines) + "\n"


def as_dot(source: str, filename: str = "<unknown>") -> str:
    """The same as a graph for graphviz: inputs and variables, what is computed, and what is run."""
    program = read_program(source, filename)
    lines = ["digraph program {", "  rankdir=LR;", "  node [fontname=Helvetica];"]
    shapes = {"placeholder": "invhouse", "variable": "cylinder", "tensor": "ellipse", "op": "box"}
    shown = {unit: f"u{unit.number}" for unit in program.units if _kind(unit) in shapes}
    for unit, name in shown.items():
        label = ", ".join(sorted(unit.binds)) or _first_line(unit)
        lines.append(f"  {name} [label={_quoted(label)}, shape={shapes[_kind(unit)]}];")
    for unit, name in shown.items():
        for other in sorted(
            {u for units in unit.reads.values() for u in units if u in shown and u is not unit}, key=lambda u: u.number
        ):
            lines.append(f"  {shown[other]} -> {name};")
    for number, found in enumerate(Slicer(program).slices):
        lines.append(f"  run{number} [label={_quoted(ast.unparse(found.site.call)[:60])}, shape=note];")
        for node, _ in found.fetches:
            for units in program.reads(node, found.site.definitions).values():
                lines += [f"  {shown[u]} -> run{number} [style=bold];" for u in units if u in shown]
    return "\n".join([*lines, "}"]) + "\n"


def _kind(unit: Unit) -> str:
    if unit.fate == INPUT:
        return "placeholder"
    for kind in (kinds.OP, kinds.SUMMARY, kinds.TENSOR, kinds.VARIABLE, kinds.OPTIMIZER, kinds.MODULE):
        if kind in unit.value.kinds and unit.fate in (MOVES, STAYS):
            return kind
    return ""


def _variables(program: Program, found: Slice) -> set[str]:
    names = set()
    for unit in found.units:
        for name, units in unit.reads.items():
            if any(u.fate == STAYS and u.value.kinds & {kinds.VARIABLE} for u in units):
                names.add(name)
    for node, value in found.fetches:
        if value.kinds & {kinds.VARIABLE}:
            names.add(ast.unparse(node))
    return names


def _first_line(unit: Unit) -> str:
    return ast.unparse(unit.node).split("\n")[0][:80]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
