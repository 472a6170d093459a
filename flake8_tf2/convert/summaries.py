"""Summaries as what they are in TF2: values by their tags, that a step returns and a writer writes.

A file is rewritten before anything else is: the tags depend on the names of all ops, which are lost later.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from flake8_tf2.convert.inline import Inliner
from flake8_tf2.convert.kinds import VARIABLE, Env, Evaluator, bound_names
from flake8_tf2.convert.layout import Rewriter, comment_lines
from flake8_tf2.convert.opnames import OpNames, folded
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.convert.statements import one_a_line
from flake8_tf2.options import Options

#: Stands behind a writer that was given a graph, until it is known which function has one.
GRAPH_MARK = "__write_graph__"
_KINDS = ("scalar", "histogram", "image", "text")
_MAX_ROUNDS = 60
#: The methods of a writer that TF2 has, too.
_SAME = ("flush", "close")


def with_summaries(source: str, options: Options) -> tuple[str, list[str]]:
    """A source with its summaries rewritten, and the pieces that it then needs. Raises Stuck, SyntaxError."""
    if not _Finder(Source(source, options)).any():
        return source, []
    source = one_a_line(source)
    for _ in range(_MAX_ROUNDS):
        found = _Expander(Source(source, options)).step()
        if found is None:
            break
        source = found
    return _Rewrite(Source(source, options)).text()


class _Finder:
    """Where a file makes summaries and writers."""

    def __init__(self, source: Source):
        self.source = source

    def role(self, node: ast.AST) -> Role | None:
        """The role of what a call calls; None of what is no symbol."""
        symbol = self.source.symbol(node.func) if isinstance(node, ast.Call) else ""
        return self.source.role(symbol) if symbol else None

    def any(self) -> bool:
        """Whether there is a summary or a writer."""
        return any(
            self.role(node) in (Role.SUMMARY, Role.WRITER) or self.is_proto(node) for node in ast.walk(self.source.tree)
        )

    def is_proto(self, node: ast.AST) -> bool:
        """Whether a node is `tf.Summary(...)`."""
        return isinstance(node, ast.Call) and _is_proto(self.source.symbol(node.func))


def _is_proto(symbol: str) -> bool:
    return symbol in ("tf.Summary", "tf.summary.Summary")


class _Expander(Inliner):
    """Inlines functions that make summaries wherever they are called: each call has tags of its own."""

    def _builds(self, function: ast.FunctionDef) -> bool:
        finder = _Finder(self.source)
        return super()._builds(function) or any(finder.role(n) is Role.SUMMARY for n in ast.walk(function))

    def _summarises(self, function: ast.FunctionDef) -> bool:
        finder = _Finder(self.source)
        return any(finder.role(n) is Role.SUMMARY for n in ast.walk(function))

    def may_repeat(self, function: ast.FunctionDef) -> bool:
        """Whether a function is inlined where it is called more than once."""
        return self._summarises(function)

    def _new_names(self, function, call, statement):
        names = super()._new_names(function, call, statement)
        if names is not None and self._summarises(function):
            rebound = set().union(*(bound_names(n) for n in function.body))
            for name, value in (self._given(function, call) or {}).items():
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and name not in rebound:
                    names[name] = self.source.of(value)  # it may be part of a tag
        return names


@dataclass
class _Entry:
    """One value: its kind, the text of its tag and of the value, where it is taken, and the names that it reads."""

    kind: str
    tag: str
    value: str
    node: ast.AST
    reads: set[str] = field(default_factory=set)


class _Rewrite:
    """Rewrites the summaries of one file."""

    def __init__(self, source: Source):
        self.source = source
        self.finder = _Finder(source)
        self.rewriter = Rewriter(source)
        self.evaluator = Evaluator(source)
        self.names = OpNames(source)
        self.pieces: list[str] = []
        self.taken = {n.id for n in ast.walk(source.tree) if isinstance(n, ast.Name)}
        self.collected: list[_Entry] = []  # what merge_all takes
        self.named: dict[str, list[_Entry]] = {}  # by the names that they are bound to
        self.protos: set[str] = set()
        self.env: Env = {}
        self.tf = self.source.alias()

    def text(self) -> tuple[str, list[str]]:
        """The new text, and the pieces that it needs."""
        owner = self._summarising = self._owner()
        self._protos()
        body = self.source.tree.body
        self._block(body, owner is self.source.tree)
        if owner is not self.source.tree:
            self._block(owner.body, True)
        self._writers()
        self._left()
        return self.rewriter.render(0, len(self.source.text.text)), self.pieces

    def _owner(self) -> ast.AST:
        """The function or module whose statements make the summaries."""
        owners = {}
        for node in ast.walk(self.source.tree):
            if self.finder.role(node) is Role.SUMMARY:
                outer = self.source.parents[node]
                while not isinstance(
                    outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
                ):
                    outer = self.source.parents[outer]
                owners.setdefault(outer, node)
        if not owners:
            return self.source.tree
        (owner, node), *others = owners.items()
        for _, other in others:
            raise Stuck(other, "summaries are made in several functions")
        if not isinstance(owner, (ast.FunctionDef, ast.Module)):
            raise Stuck(node, "a summary in a class or lambda")
        if isinstance(owner, ast.FunctionDef) and not isinstance(self.source.parents[owner], ast.Module):
            raise Stuck(node, "a summary in a method or an inner function")
        return owner

    # Statements that build the graph

    def _block(self, body: list[ast.stmt], has_summaries: bool) -> None:
        for statement in body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                if isinstance(statement, ast.FunctionDef):
                    self.evaluator.functions[statement.name] = statement
                    if statement is not self._summarising:  # whose names are noted by themselves
                        self.names.functions[statement.name] = statement
                continue
            if isinstance(statement, ast.With):
                if any(
                    isinstance(i.context_expr, ast.Call)
                    and self.source.symbol(i.context_expr.func) == "tf.Graph.as_default"
                    for i in statement.items
                ):
                    self._new_graph()
                scopes = [self.names.enter(item.context_expr) for item in statement.items]
                for item in statement.items:
                    if item.optional_vars is not None:
                        self.evaluator.assign(
                            item.optional_vars, self.evaluator.eval(item.context_expr, self.env), self.env
                        )
                self._block(statement.body, has_summaries)
                for scope in reversed(scopes):
                    self.names.leave(scope)
                continue
            if isinstance(statement, ast.If) and getattr(getattr(statement.test, "left", None), "id", "") == "__name__":
                self._block(statement.body, has_summaries)
                continue
            self._statement(statement, has_summaries)

    def _new_graph(self) -> None:
        self.names.clear()
        self.collected = []

    def _statement(self, statement: ast.stmt, has_summaries: bool) -> None:
        made = [n for n in ast.walk(statement) if self.finder.role(n) is Role.SUMMARY] if has_summaries else []
        if isinstance(statement, (ast.Assign, ast.Expr, ast.AugAssign, ast.AnnAssign)):
            if any(
                isinstance(n, ast.Call) and self.source.symbol(n.func) == "tf.reset_default_graph"
                for n in ast.walk(statement)
            ):
                self._new_graph()
            if made:
                self._summary_statement(statement, made)
            else:
                self.names.note(statement)
        else:
            if made:
                self._loop(statement, made)
            self.names.note(statement, repeated=True)
        self.evaluator.statement(statement, self.env, [])

    def _summary_statement(self, statement: ast.stmt, made: list[ast.Call]) -> None:
        """`s = tf.summary.scalar(...)`, `tf.summary.merge([...])`: dictionaries of values."""
        call = statement.value
        if call not in made or isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
            if isinstance(statement, ast.Expr) and self._is_run(call):
                raise Stuck(made[0], "a summary that is built where it is run")
            raise Stuck(made[0], "a summary within an expression")
        before: list[str] = []
        entries = self._entries(call, before)
        if isinstance(statement, ast.Expr):
            text = ""
        else:
            target = statement.targets[0]
            if len(statement.targets) > 1 or not isinstance(target, ast.Name):
                raise Stuck(statement, "a summary is kept in a container")
            if self._bindings(target.id) > 1:
                raise Stuck(statement, f"{target.id} is bound more than once")
            self.named[target.id] = entries
            text = f"{target.id} = {self._dictionary(entries, call)}"
        lines = [*before, text] if text else before
        indent = " " * statement.col_offset
        self._replace_statement(statement, ("\n" + indent).join(lines))

    def _is_run(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "run"

    def _replace_statement(self, statement: ast.stmt, text: str) -> None:
        if text:
            self.rewriter.replace(statement, text)
            return
        parent = self.source.parents[statement]
        alone = len(getattr(parent, "body", [])) == 1 and not isinstance(parent, ast.Module)
        alone = alone or all(self._goes(s) for s in getattr(parent, "body", [])) and not isinstance(parent, ast.Module)
        start, end = self.source.text.range(statement)
        if alone and statement is parent.body[-1]:
            self.rewriter.replace(statement, "pass")
            return
        stop = self.source.text.text.find("\n", end)

        comments = comment_lines(self.source.text.lines, statement.lineno)
        line = self.source.text.offset(comments[0] if comments else statement.lineno, 0)
        self.rewriter.edits[(line, len(self.source.text.text) if stop < 0 else stop + 1)] = ""

    def _goes(self, statement: ast.stmt) -> bool:
        return isinstance(statement, ast.Expr) and self.finder.role(statement.value) is Role.SUMMARY

    def _bindings(self, name: str) -> int:
        return sum(
            isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)
            for n in ast.walk(self.source.tree)
        )

    # What summaries hold

    def _entries(self, call: ast.Call, before: list[str]) -> list[_Entry]:
        symbol = self.source.symbol(call.func)
        kind = symbol.rpartition(".")[2]
        bound = {n: a.value for n, a in self.source.bind(call, symbol).bound.items()}
        if kind in ("merge_all", "merge_all_summaries"):
            if set(bound) - {"name"}:
                raise Stuck(call, "merge_all of a collection of its own")
            self.names.note(call)
            return list(self.collected)
        if kind in ("merge", "merge_summary"):
            entries = self._merged(bound.get("inputs"), call, before)
            if not _is_none(bound.get("collections")):
                raise Stuck(call, "a summary in a collection of its own")
            self.names.note(call)
            return entries
        if kind not in _KINDS:
            raise Stuck(call, f"{symbol} has no conversion")
        entry = self._entry(kind, call, bound, before)
        self.collected.append(entry)
        return [entry]

    def _entry(self, kind: str, call: ast.Call, bound: dict[str, ast.expr], before: list[str]) -> _Entry:
        for given in ("collections", "family", "display_name", "description"):
            if not _is_none(bound.get(given)):
                raise Stuck(bound[given], f"{given} of a summary has no conversion")
        value = bound.get("tensor", bound.get("values"))
        if value is None or "name" not in bound:
            raise Stuck(call, "a summary without name or value")
        tag_text = folded(bound["name"])
        if tag_text is None:
            raise Stuck(bound["name"], "the tag of a summary is not known")
        for argument in (*call.args, *(k.value for k in call.keywords)):
            self.names.note(argument)
        tag = self.names.tag(tag_text, call)
        text = self._value(kind, value, bound)
        if not isinstance(value, ast.Name) or text != value.id or self._changes(value.id, call):
            name = self._new_name(tag.rpartition("/")[2])
            before.append(f"{name} = {text}")
            text = name
        reads = {text} if text.isidentifier() else set()
        if kind == "image":
            most = bound.get("max_outputs")
            tag += "/image" if isinstance(most, ast.Constant) and most.value == 1 else "/image/"
        return _Entry(kind, repr(tag), text, call, reads)

    def _value(self, kind: str, value: ast.expr, bound: dict[str, ast.expr]) -> str:
        text = self.rewriter.of(value)
        if kind == "image":
            self._use("image_bytes")
            most = bound.get("max_outputs")
            if most is not None and not isinstance(most, ast.Constant):
                raise Stuck(most, "the number of images is not known")
            return f"image_bytes({text}, {self.source.of(most) if most is not None else 3})"
        known = self.evaluator.eval(value, self.env)
        if known.kinds & {VARIABLE} and not known.of_runs:
            return f"{self.tf}.identity({text})"  # what it is when it is summarised, not after the step
        return text

    def _changes(self, name: str, node: ast.AST) -> bool:
        """Whether a name is bound anew behind a node, so that it may not be read later."""
        return any(
            isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) and n.lineno > node.lineno
            for n in ast.walk(self.source.tree)
        )

    def _merged(self, node: ast.expr | None, call: ast.Call, before: list[str]) -> list[_Entry]:
        if isinstance(node, ast.Call) and self.source.symbol(node.func) == "tf.get_collection":
            if node.args and self.source.of(node.args[0]).endswith("GraphKeys.SUMMARIES") and len(node.args) == 1:
                return list(self.collected)
        if not isinstance(node, (ast.List, ast.Tuple)):
            raise Stuck(call, "what is merged is not known")
        entries: list[_Entry] = []
        for element in node.elts:
            if isinstance(element, ast.Name) and element.id in self.named:
                entries += self.named[element.id]
            elif isinstance(element, ast.Call) and self.finder.role(element) is Role.SUMMARY:
                entries += self._entries(element, before)
            else:
                raise Stuck(element, "what is merged is not known")
        return entries

    def _dictionary(self, entries: list[_Entry], call: ast.Call) -> str:
        if not entries:
            raise Stuck(call, "nothing is summarised")
        by_kind: dict[str, list[str]] = {}
        tags: set[str] = set()
        for entry in entries:
            if entry.tag and entry.tag in tags:
                continue  # merged twice
            tags.add(entry.tag)
            text = f"{entry.tag}: {entry.value}" if entry.tag else f"**{entry.value}"
            by_kind.setdefault(entry.kind, []).append(text)
        parts = [f"{kind}={{{', '.join(texts)}}}" for kind, texts in by_kind.items()]
        text = f"dict({', '.join(parts)})"
        if len(text) < 70:
            return text
        indent = " " * self._statement_of(call).col_offset
        lines = []
        for kind, texts in by_kind.items():
            line = f"{kind}={{{', '.join(texts)}}},"
            if len(line) > 100:
                line = f"{kind}={{\n" + "".join(f"{indent}        {t},\n" for t in texts) + f"{indent}    }},"
            lines.append(f"{indent}    {line}")
        return "dict(\n" + "\n".join(lines) + f"\n{indent})"

    def _statement_of(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.source.parents[node]
        return node

    def _loop(self, statement: ast.stmt, made: list[ast.Call]) -> None:
        """A loop over variables, and gradients, that summarises each by the variable's name."""
        if (
            not isinstance(statement, ast.For)
            or statement.orelse
            or not isinstance(self.source.parents[made[0]], ast.Expr)
        ):
            raise Stuck(made[0], "a summary in a loop or under a condition")
        self.names.require_static_variables(made[0])
        start = []
        for call in made:
            symbol = self.source.symbol(call.func)
            kind = symbol.rpartition(".")[2]
            bound = {n: a.value for n, a in self.source.bind(call, symbol).bound.items()}
            parent = self.source.parents[call]
            if (
                kind not in ("scalar", "histogram")
                or parent not in statement.body
                or set(bound) != {"name", "values" if kind == "histogram" else "tensor"}
            ):
                raise Stuck(call, "a summary in a loop or under a condition")
            tag = self._tag_of_variable(bound["name"], statement)
            if tag is None:
                raise Stuck(bound["name"], "the tag of a summary is not known")
            value = bound["values" if kind == "histogram" else "tensor"]
            text = self.rewriter.of(value)
            inner = dict(self.env)
            self.evaluator.assign(
                statement.target, self.evaluator.item(self.evaluator.eval(statement.iter, self.env)), inner
            )
            known = self.evaluator.eval(value, inner)
            if known.kinds & {VARIABLE}:
                text = f"{self.tf}.identity({text})"
            words = re.findall(r"[A-Za-z]+", tag.partition(" + ")[2])
            name = self._new_name("_".join([*words, f"{kind}s"]))
            start.append(f"{name} = {{}}")
            self.rewriter.replace(parent, f"{name}[{tag}] = {text}")
            self.collected.append(_Entry(kind, "", name, call, {name}))
        if self.finder.role(statement.iter) is Role.VARIABLES:  # a statement of its own is written as a list
            name = self._new_name("variables")
            start.append(f"{name} = {self.rewriter.of(statement.iter)}")
            self.rewriter.replace(statement.iter, name)
        offset = self.source.text.range(statement)[0]
        indent = " " * statement.col_offset
        self.rewriter.edits[(offset, offset)] = "".join(f"{line}\n{indent}" for line in start)

    def _tag_of_variable(self, node: ast.expr, statement: ast.For) -> str | None:
        """The text of the tag that a name of a variable makes, with a text behind it."""
        more = ""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and (text := folded(node.right)) is not None:
            node, more = node.left, text
        if not isinstance(node, ast.Attribute) or node.attr != "name":
            return None
        owner = node.value
        is_op = isinstance(owner, ast.Attribute) and owner.attr == "op"
        owner = owner.value if is_op else owner
        if not isinstance(owner, ast.Name) or owner.id not in bound_names(statement.target):
            return None
        if more and not re.fullmatch(r"[-/\w.]+", more):
            return None
        base = f"{owner.id}.name"
        if is_op:
            return f"{base}[:-2] + {more or '_1'!r}"  # the variable itself has its name already
        base = f'{base}.replace(":", "_")'
        return f"{base} + {more!r}" if more else base

    def _new_name(self, wanted: str) -> str:
        wanted = re.sub(r"\W", "_", wanted).lower().strip("_") or "value"
        if wanted[0].isdigit():
            wanted = f"value_{wanted}"
        name, number = wanted, 1
        if name in self.taken or name in dir(__builtins__):
            name = wanted = f"{wanted}_value"
        while name in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name)
        return name

    def _use(self, piece: str) -> None:
        if piece in self.taken and piece not in self.pieces:
            raise Stuck(None, f"the file has a name {piece} of its own")
        if piece not in self.pieces:
            self.pieces.append(piece)

    # Writers

    def _writers(self) -> None:
        makes = False
        for node in ast.walk(self.source.tree):
            if self.finder.role(node) is Role.WRITER:
                makes = True
                self._writer(node)
        for node in ast.walk(self.source.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "add_summary" and not self.source.symbol(node.func):
                self._add_summary(node)
            elif node.func.attr == "add_graph" and makes:
                self._add_graph(node)
            elif node.func.attr in (
                "add_event",
                "add_run_metadata",
                "add_session_log",
                "add_meta_graph",
                "reopen",
                "get_logdir",
            ):
                raise Stuck(node, f"{node.func.attr} of a writer has no conversion")

    def _writer(self, node: ast.Call) -> None:
        symbol = self.source.symbol(node.func)
        bound = {n: a.value for n, a in self.source.bind(node, symbol).bound.items()}
        graph = bound.pop("graph", None)
        if not _is_none(bound.pop("graph_def", None)) or not _is_none(bound.pop("session", None)):
            raise Stuck(node, "a writer of a graph_def or of a session")
        if "logdir" not in bound:
            raise Stuck(node, "a writer without a folder")
        arguments = [self.rewriter.of(bound.pop("logdir"))]
        for name, value in bound.items():
            if _is_none(value):
                continue
            if name == "flush_secs":
                arguments.append(f"flush_millis={self.rewriter.of(value)} * 1000")
            elif name in ("max_queue", "filename_suffix"):
                arguments.append(f"{name}={self.rewriter.of(value)}")
            else:
                raise Stuck(value, f"{name} of a writer has no conversion")
        self.rewriter.replace(node, f"{self.tf}.summary.create_file_writer({', '.join(arguments)})")
        statement = self.source.parents[node]
        if not _is_none(graph) and isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name) and statement.value is node:
                end = self._line_end(statement)
                self.rewriter.edits[(end, end)] = f"\n{' ' * statement.col_offset}{GRAPH_MARK}({target.id})"

    def _line_end(self, statement: ast.stmt) -> int:
        text = self.source.text.text
        stop = text.find("\n", self.source.text.range(statement)[1])
        return len(text) if stop < 0 else stop

    def _add_graph(self, node: ast.Call) -> None:
        statement = self.source.parents[node]
        if not isinstance(statement, ast.Expr):
            raise Stuck(node, "the result of add_graph is used")
        self.rewriter.replace(node, f"{GRAPH_MARK}({self.rewriter.of(node.func.value)})")

    def _add_summary(self, node: ast.Call) -> None:
        bound = dict(zip(("summary", "global_step"), node.args)) | {k.arg: k.value for k in node.keywords}
        if (
            "summary" not in bound
            or set(bound) - {"summary", "global_step"}
            or any(isinstance(a, ast.Starred) for a in node.args)
        ):
            raise Stuck(node, "what add_summary is given is not known")
        self._use("write_summaries")
        arguments = [self.rewriter.of(node.func.value), self.rewriter.of(bound["summary"])]
        if not _is_none(bound.get("global_step")):
            arguments.append(self.rewriter.of(bound["global_step"]))
        self.rewriter.replace(node, f"write_summaries({', '.join(arguments)})")

    # Values that Python makes

    def _protos(self) -> None:
        """`tf.Summary(value=[tf.Summary.Value(tag=..., simple_value=...)])`: a dictionary of scalars."""
        for node in ast.walk(self.source.tree):
            if self.finder.is_proto(node):
                self._proto(node)
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add":
                owner = node.func.value
                if (
                    isinstance(owner, ast.Attribute)
                    and owner.attr == "value"
                    and getattr(owner.value, "id", "") in self.protos
                ):
                    self._add_value(node, owner.value.id)
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in self.protos:
                if not self._is_added(node):
                    raise Stuck(node, f"{node.attr} of a Summary has no conversion")

    def _is_added(self, node: ast.Attribute) -> bool:
        parent = self.source.parents[node]
        return node.attr == "value" and isinstance(parent, ast.Attribute) and parent.attr == "add"

    def _proto(self, node: ast.Call) -> None:
        values: list[str] = []
        if node.args or any(k.arg != "value" for k in node.keywords):
            raise Stuck(node, "a Summary of more than values")
        for given in node.keywords:
            if not isinstance(given.value, ast.List):
                raise Stuck(given.value, "the values of a Summary are not known")
            for element in given.value.elts:
                named = self._named_value(element)
                if named is not None:
                    self.rewriter.replace(named, f"{{{': '.join(self._tag_and_value(named))}}}")
                    values.append(f"**{element.id}")
                elif self._is_value(element):
                    values.append(": ".join(self._tag_and_value(element)))
                else:
                    raise Stuck(element, "the values of a Summary are not known")
        self.rewriter.replace(node, f"dict(scalar={{{', '.join(values)}}})")
        parent = self.source.parents[node]
        if isinstance(parent, ast.Assign) and parent.value is node:
            if len(parent.targets) > 1 or not isinstance(parent.targets[0], ast.Name):
                raise Stuck(parent, "a Summary is kept in a container")
            self.protos.add(parent.targets[0].id)
        elif not (isinstance(parent, ast.Call) and getattr(parent.func, "attr", "") == "add_summary"):
            raise Stuck(node, "a Summary within an expression")

    def _is_value(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and self.source.symbol(node.func).endswith("Summary.Value")

    def _named_value(self, node: ast.expr) -> ast.Call | None:
        """The value of a Summary that a name stands for, where it is bound once and used for nothing else."""
        if not isinstance(node, ast.Name):
            return None
        around: ast.AST = node
        while not isinstance(around, (ast.FunctionDef, ast.Module)):
            around = self.source.parents[around]
        uses = [n for n in ast.walk(around) if isinstance(n, ast.Name) and n.id == node.id]
        bound = [self.source.parents[n] for n in uses if isinstance(n.ctx, ast.Store)]
        if len(uses) != 2 or len(bound) != 1 or not isinstance(bound[0], ast.Assign):
            return None
        return bound[0].value if self._is_value(bound[0].value) else None

    def _tag_and_value(self, call: ast.Call) -> tuple[str, str]:
        given = {k.arg: k.value for k in call.keywords}
        if call.args or set(given) != {"tag", "simple_value"}:
            raise Stuck(call, "a value of a Summary that is no plain number")
        return self.rewriter.of(given["tag"]), self.rewriter.of(given["simple_value"])

    def _add_value(self, node: ast.Call, name: str) -> None:
        if not isinstance(self.source.parents[node], ast.Expr):
            raise Stuck(node, "a value of a Summary that is used")
        tag, value = self._tag_and_value(node)
        self.rewriter.replace(node, f'{name}["scalar"][{tag}] = {value}')

    def _left(self) -> None:
        """Refuse what of a summary is used in another way than by running and writing it."""
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self.named:
                if node.attr != "eval":
                    raise Stuck(node, f"{node.attr} of a summary has no conversion")


def _is_none(node: ast.expr | None) -> bool:
    return node is None or isinstance(node, ast.Constant) and node.value is None
