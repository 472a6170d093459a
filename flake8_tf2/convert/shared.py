"""What functions that were written compute alike, as a function that they call.

Only what begins them: then all that it reads is a parameter or stands around the functions, and no statement changes
its place. `tf.function` traces through the call, so the graph is the same.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_tf2.convert.kinds import bound_names, free_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.scopes import bound_in, first_line
from flake8_tf2.fix.text import Text
from flake8_tf2.positions import split_lines

#: Fewer statements than these stay where they are, and more results than these are no function to read.
_STATEMENTS, _RESULTS = 3, 4


class _Written(NamedTuple):
    """A function, and the statements that it begins with: behind casts of its input, and within its tape."""

    node: ast.FunctionDef
    statements: list[ast.stmt]

    def parameters(self) -> list[str]:
        arguments = self.node.args
        return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]

    def behind(self, length: int) -> list[ast.stmt]:
        """The statements behind the first ones, on all levels."""
        first = {id(n) for s in self.statements[:length] for n in ast.walk(s)}
        return [n for n in ast.walk(self.node) if isinstance(n, ast.stmt) and id(n) not in first and n is not self.node]


def factored(text: str, names: set[str]) -> str:
    """A text in which what functions share stands once. names: of the functions that may be changed."""
    names = set(names)
    while True:
        found = _step(text, names)
        if found is None:
            return text
        text, name = found
        names.add(name)


def _step(text: str, names: set[str]) -> tuple[str, str] | None:
    tree = ast.parse(text)
    blocks = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.FunctionDef))]
    best: tuple[int, list[_Written]] = 0, []
    for one, functions in [(f, block) for block in (_written(b, names) for b in blocks) for f in block]:
        alike = [f for f in functions if f.statements and one.statements and _same(f.statements[0], one.statements[0])]
        length = min((_common(f, one) for f in alike), default=0)
        length = next((n for n in range(length, _STATEMENTS - 1, -1) if _can(alike, n)), 0)
        if len(alike) > 1 and length >= _STATEMENTS and length * len(alike) > best[0] * len(best[1]):
            best = length, alike
    length, alike = best
    return _extracted(text, tree, length, alike) if length else None


def _written(block: list[ast.stmt], names: set[str]) -> list[_Written]:
    return [
        _Written(node, _beginning(node)) for node in block
        if isinstance(node, ast.FunctionDef) and node.name in names and not node.args.vararg and not node.args.kwarg
    ]  # fmt: skip


def _beginning(function: ast.FunctionDef) -> list[ast.stmt]:
    parameters = {a.arg for a in function.args.args}
    found: list[ast.stmt] = []
    work = list(function.body)
    while work:
        node = work.pop(0)
        if not found and _is_prologue(node, parameters):
            continue
        if isinstance(node, ast.With) and _is_tape(node):
            if found:
                break  # what stands before the tape and within it cannot be one piece
            work = list(node.body)
            continue
        if isinstance(node, (ast.Return, ast.Global)):
            break
        found.append(node)
    return found


def _is_prologue(node: ast.stmt, parameters: set[str]) -> bool:
    """Whether a statement only prepares a parameter: casts it, or gives a constant its name."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return _is_watch(node) or isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    name = node.targets[0].id
    call = node.value
    casts = isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("cast", "convert_to_tensor", "constant")
    return isinstance(call, ast.Constant) or casts and (name in parameters or not free_names(call.args[0]))


def _is_tape(node: ast.With) -> bool:
    call = node.items[0].context_expr
    return len(node.items) == 1 and isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "GradientTape"


def _is_watch(node: ast.stmt) -> bool:
    call = getattr(node, "value", None)
    return isinstance(node, ast.Expr) and isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "watch"


def _same(one: ast.stmt, other: ast.stmt) -> bool:
    return ast.dump(one) == ast.dump(other)


def _common(one: _Written, other: _Written) -> int:
    length = 0
    for a, b in zip(one.statements, other.statements):
        if not _same(a, b):
            break
        length += 1
    return length


def _can(functions: list[_Written], length: int) -> bool:
    """Whether the first statements can be a function: few results, and the same parameters in all."""
    taken = functions[0].statements[:length]
    if any(isinstance(n, (ast.Return, ast.Yield, ast.Global, ast.Nonlocal)) for s in taken for n in ast.walk(s)):
        return False
    if any(_is_tape(n) for s in taken for n in ast.walk(s) if isinstance(n, ast.With)):
        return False
    given = [_given(f, f.statements[:length]) for f in functions]
    if any(_read_first(taken) & bound_in(f.node) - set(names) for f, names in zip(functions, given)):
        return False  # the tape, for one
    return len(set(map(tuple, given))) == 1 and 1 <= len(_results(functions, length)) <= _RESULTS


def _given(function: _Written, statements: list[ast.stmt]) -> list[str]:
    """The names of a function that its first statements read."""
    read = _read_first(statements)
    local = [n for n in function.parameters()]
    before = {
        n for s in ast.walk(function.node)
        if isinstance(s, ast.stmt) and s.end_lineno < statements[0].lineno for n in bound_names(s)
    }  # fmt: skip
    return [n for n in [*local, *sorted(before - set(local))] if n in read]


def _read_first(statements: list[ast.stmt]) -> set[str]:
    """The names that statements read before they bind them."""
    bound: set[str] = set()
    read: set[str] = set()
    for node in statements:
        read |= free_names(node) - bound
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.With)):
            bound |= bound_names(node)
    return read


def _results(functions: list[_Written], length: int) -> list[str]:
    """The names that the first statements bind and others read, in the order in which they are bound."""
    bound = list(dict.fromkeys(n for s in functions[0].statements[:length] for n in sorted(bound_names(s))))
    wanted: set[str] = set()
    for function in functions:
        wanted |= _used(function, length)
    return [n for n in bound if n in wanted]


def _used(function: _Written, length: int) -> set[str]:
    names = {n.id for s in function.behind(length) for n in ast.iter_child_nodes(s) for n in _loads(n)}
    return names & set().union(*(bound_names(s) for s in function.statements[:length]))


def _loads(node: ast.AST):
    if isinstance(node, ast.stmt):
        return  # by itself
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            yield inner


def _extracted(text: str, tree: ast.Module, length: int, functions: list[_Written]) -> tuple[str, str]:
    rewriter = Rewriter(Text(split_lines(text)))
    lines = rewriter.text.lines
    statements = functions[0].statements[:length]
    results = _results(functions, length)
    given = _given(functions[0], statements)
    name = _new_name(results, tree)
    first, last = _with_comments(lines, statements[0]), statements[-1].end_lineno
    body = shift("\n".join(line.rstrip("\n") for line in lines[first - 1 : last]), 4 - statements[0].col_offset)
    column = functions[0].node.col_offset
    definition = f"def {name}({', '.join(given)}):\n{body}\n    return {', '.join(results)}\n"
    definition = shift(definition, column) + ("\n" if column else "\n\n")
    for function in functions:
        taken = function.statements[:length]
        used = _used(function, length)
        targets = ", ".join(n if n in used else "_" for n in results)
        constants = _constants(function, length, given)
        call = f"{name}({', '.join(f'{n}={ast.unparse(constants[n].value)}' if n in constants else n for n in given)})"
        for node in constants.values():
            start = rewriter.text.offset(node.lineno, 0)
            rewriter.edits[start, rewriter.text.offset(node.end_lineno + 1, 0)] = ""
        begin = rewriter.text.offset(_with_comments(lines, taken[0]), 0)
        end = rewriter.text.range(taken[-1])[1]
        returned = [n for n in function.behind(length) if n.lineno > taken[-1].end_lineno]
        only = returned[0] if len(returned) == 1 and isinstance(returned[0], ast.Return) else None
        indent = " " * taken[0].col_offset
        if only is not None and len(results) == 1 and isinstance(only.value, ast.Name) and only.value.id in used:
            rewriter.edits[begin, rewriter.text.range(only)[1]] = f"{indent}return {call}"
        else:
            rewriter.edits[begin, end] = f"{indent}{targets} = {call}"
    at = rewriter.text.offset(_with_comments(lines, functions[0].node), 0)
    rewriter.edits[at, at] = definition
    return rewriter.render(0, len(rewriter.text.text)), name


def _constants(function: _Written, length: int, given: list[str]) -> dict[str, ast.Assign]:
    """The statements that only name a constant for the first statements: it can be given as it is."""
    found: dict[str, ast.Assign] = {}
    for node in function.node.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            name = getattr(node.targets[0], "id", "")
            inside = {id(n) for s in function.statements[:length] for n in ast.walk(s)}
            others = [n for n in ast.walk(function.node) if isinstance(n, ast.Name) and n.id == name]
            others = [n for n in others if id(n) not in inside and n is not node.targets[0]]
            if name in given and not others and len(node.targets) == 1:
                found[name] = node
    last = next((number for number, n in enumerate(reversed(given)) if n not in found), len(given))
    return {n: found[n] for n in given[len(given) - last :]}  # behind what is given by position


def _with_comments(lines: list[str], node: ast.stmt) -> int:
    """The line of a statement, or of the comments directly above it."""
    number = first_line(node)
    while number > 1 and lines[number - 2].lstrip().startswith("#"):
        number -= 1
    return number


def _new_name(results: list[str], tree: ast.Module) -> str:
    taken = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    taken |= {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    losses = [n for n in results if "loss" in n.lower() or "cost" in n.lower()]
    wanted = f"compute_{losses[0]}" if len(results) == 1 and losses else "forward"
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
