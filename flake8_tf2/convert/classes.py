"""Classes that build a graph: lifted to statements and functions of the module for the conversion, and folded back.

While a class is lifted, `self.loss` is a name of the module, which a mark tells from all others; its `__init__` stands
as statements of the module, and its methods as functions. What the conversion makes of the statements is `__init__`
again, and every function that reads a name of the class is a method.
"""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import dataclass, field
from typing import Iterator

from flake8_tf2.convert import kinds
from flake8_tf2.convert.bases import SUPER
from flake8_tf2.convert.kinds import Evaluator, bound_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.objects import OTHER, SESSION, Objects, uses_graph
from flake8_tf2.convert.passed import remove_argument
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.scopes import names_in
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

#: Letters that no program uses: they mark names of a lifted class, as often as its number says. All are letters to
#: Python, so that a marked name is a name, and its own normal form.
ATTRIBUTE, LOCAL = "ʹ", "ʺ"
_CLOSE = "ˮ"  # behind the number of the method that a local name is of
_MARKED = re.compile(f"{ATTRIBUTE}+|{LOCAL}+[0-9]+{_CLOSE}")
_BEGIN, _END = f"{ATTRIBUTE}begin", f"{ATTRIBUTE}end"
#: Behind the mark of attributes: the object itself.
OBJECT = "itself"
#: The session that a class is given.
_SESSION = f"{LOCAL}0{_CLOSE}session"

#: What `tf.Module` has itself.
_OF_MODULE = {
    "name", "name_scope", "submodules", "trainable_variables", "variables", "non_trainable_variables",
    "with_name_scope",
}  # fmt: skip


@dataclass(eq=False)
class GraphClass:
    """A class that is lifted.

    builders: the methods that build the graph when they are called from outside, with the mark of their local names.
    sessions: for each method the parameters that are sessions.
    """

    node: ast.ClassDef
    number: int
    methods: dict[str, ast.FunctionDef]
    builders: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, list[str]] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)  # that __init__, and what it calls, bind
    graph: set[str] = field(default_factory=set)  # of these, what is of the graph
    optimizers: dict[str, ast.expr] = field(default_factory=dict)  # by parameter of __init__, what it is given
    receivers: dict[str, str] = field(default_factory=dict)  # by function or `Class.method`, how it calls the object

    @property
    def members(self) -> set[str]:
        """The names that the body of the class binds."""
        return set().union(*map(bound_names, self.node.body))

    @property
    def mark(self) -> str:
        """What stands before the names of its attributes."""
        return ATTRIBUTE * self.number

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.node.name

    def own(self, method: str) -> str:
        """What a method calls the object; "" of a static one."""
        node = self.methods[method]
        return "" if is_static(node) else node.args.args[0].arg

    def receiver(self, scope: str) -> str:
        """How a function or `Class.method` calls the object, as all methods of its class may; "" if it is not known."""
        if scope in self.receivers:
            return self.receivers[scope]
        owner = scope.partition(".")[0] + "."
        held = {r for s, r in self.receivers.items() if s.startswith(owner) and r.startswith("self.")}
        return held.pop() if len(held) == 1 and "." in scope else ""


class Lifted:
    """A source with its graph-building classes lifted. Raises Stuck where one cannot be."""

    def __init__(self, source: str, options: Options):
        self.file = Source(source, options)
        self.options = options
        self.rewriter = Rewriter(self.file)
        self._objects = Objects(self.file)
        self._gone: set[ast.expr] = set()  # arguments that are sessions
        self.classes = self._graph_classes()
        self.text = source
        if self.classes:
            for found in self.classes:
                self._find_builders(found)
                self._find_sessions(found)
                self._find_optimizers(found)
            self._lift_all()

    # What is lifted

    def _graph_classes(self) -> list[GraphClass]:
        found = []
        for node in self.file.tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            methods = {n.name: n for n in node.body if isinstance(n, ast.FunctionDef)}
            if "__init__" in methods and uses_graph(node, self._objects):
                found.append(GraphClass(node, len(found) + 1, methods))
        return found

    def _find_builders(self, found: GraphClass) -> None:
        """`__init__`, and the methods that build and are called from outside, in the order in which they are."""
        inside = {
            n.func.attr for name, m in found.methods.items() for n in ast.walk(m)
            if isinstance(n, ast.Call) and _attribute(n.func, found.own(name))
        }  # fmt: skip
        builders = ["__init__"]
        for node, _ in self._outside(found):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                name = getattr(node.value.func, "attr", "")
                method = found.methods.get(name)
                if method is not None and name not in inside and name not in builders:
                    if self._builds(found, method, set()) and not any(_is_run(c) for c in _method_calls(method)):
                        builders.append(name)
        found.builders = {n: f"{LOCAL * found.number}{i}{_CLOSE}" for i, n in enumerate(builders)}

    def _builds(self, found: GraphClass, method: ast.FunctionDef, seen: set[str]) -> bool:
        """Whether a method, or another that it calls, builds a part of the graph."""
        if any(self.file.calls(method, Role.PLACEHOLDER, Role.VARIABLE, Role.LAYER, Role.OPTIMIZER)):
            return True
        return any(
            self._builds(found, found.methods[call.func.attr], seen | {method.name})
            for call in _method_calls(method)
            if _attribute(call.func, found.own(method.name)) and call.func.attr in found.methods
            and call.func.attr not in seen | {method.name}
        )  # fmt: skip

    def _check(self, found: GraphClass) -> None:
        node = found.node
        for base in node.bases:
            if not (isinstance(base, ast.Name) and base.id == "object"):
                raise Stuck(base, "a class that builds a graph has a base of its own")
        if node.keywords or node.decorator_list:
            raise Stuck(node, "a class that builds a graph has a metaclass or decorator")
        for method in found.methods.values():
            if is_static(method):
                continue
            if method.decorator_list or not method.args.args:
                raise Stuck(method, f"the method {method.name} of a class that builds a graph is decorated")
            own = method.args.args[0].arg
            for inner in ast.walk(method):
                if isinstance(inner, ast.Name) and inner.id == own:
                    parent = self.file.parents[inner]
                    if not isinstance(parent, ast.Attribute):
                        if not self._is_super(inner) and not self._is_asked(inner):
                            raise Stuck(inner, "the object itself is handed on")

    def _is_asked(self, node: ast.AST) -> bool:
        """Whether an object is only asked for an attribute that Python keeps: `hasattr(self, "counter")`."""
        call = self.file.parents[node]
        if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ("hasattr", "getattr"):
            return False
        return call.args[0] is node and len(call.args) > 1 and isinstance(call.args[1], ast.Constant)

    def _is_super(self, node: ast.AST) -> bool:
        call = self.file.parents.get(node)
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "super"

    def _find_sessions(self, found: GraphClass) -> None:
        """Which parameters of methods, and which attributes, hold the session."""
        found.sessions = {name: [] for name in found.methods}
        held: set[str] = set()
        changed = True
        while changed:
            changed = False
            for name, method in found.methods.items():
                own = found.own(name)
                own_too = not is_static(method)
                for parameter in [a.arg for a in (*method.args.args[own_too:], *method.args.kwonlyargs)]:
                    if parameter not in found.sessions[name] and self._is_session(found, method, parameter, held):
                        found.sessions[name].append(parameter)
                        changed = True
                for node in ast.walk(method):
                    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                        if node.value.id in found.sessions[name]:
                            for target in node.targets:
                                if _attribute(target, own) and target.attr not in held:
                                    held.add(target.attr)
                                    changed = True

    def _is_session(self, found: GraphClass, method: ast.FunctionDef, parameter: str, held: set[str]) -> bool:
        own = found.own(method.name)
        if parameter in self._objects.sessions_of(method):
            return True
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == parameter:
                for target in node.targets:
                    if _attribute(target, own) and self._runs(found, target.attr):
                        return True
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == parameter and _is_run(node):
                return True
            if node.func.attr in ("save", "restore") and node.args and getattr(node.args[0], "id", "") == parameter:
                return True
            if _attribute(node.func, own) and node.func.attr in found.methods:  # handed to another method
                other = found.methods[node.func.attr]
                names = [a.arg for a in other.args.args[not is_static(other) :]]
                given = {**dict(zip(names, node.args)), **{k.arg: k.value for k in node.keywords}}
                if any(getattr(given.get(n), "id", "") == parameter for n in found.sessions[other.name]):
                    return True
        return False

    @staticmethod
    def _runs(found: GraphClass, attribute: str) -> bool:
        """Whether an attribute is run as a session is."""
        for name, method in found.methods.items():
            for node in ast.walk(method):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    if _attribute(node.func.value, found.own(name), attribute) and _is_run(node):
                        return True
        return False

    def _drop_returned_sessions(self, found: GraphClass) -> None:
        """Methods that give the session give nothing; where it was kept, it is the one that there is."""
        giving = {
            name for name, method in found.methods.items()
            if any(isinstance(n, ast.Return) and self._is_a_session(n.value) for n in ast.walk(method))
        }  # fmt: skip
        for name in giving:
            method = found.methods[name]
            for node in [n for n in ast.walk(method) if isinstance(n, ast.Return)]:
                if not self._is_a_session(node.value) or node is not method.body[-1] or len(method.body) < 2:
                    raise Stuck(node, "a method gives the session, and does more than that")
                self.rewriter.edits[self._lines(node)] = ""
        for call in ast.walk(self.file.tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") not in giving:
                continue
            if not self._is_object(found, call.func.value):
                continue
            statement = self.file.parents[call]
            if not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
                raise Stuck(call, "a method gives the session to more than a name")
            target = statement.targets[0]
            start, end = self.file.text.range(statement)
            self.rewriter.edits[(start, self.file.text.range(call)[0])] = ""
            kept = f"{self._mark_of(target)} = {_SESSION}"
            self.rewriter.edits[(end, end)] = f"\n{' ' * statement.col_offset}{kept}"

    def _mark_of(self, target: ast.expr) -> str:
        """What a name, or an attribute of a class that is lifted, is while it is."""
        for found in self.classes:
            for name, method in found.methods.items():
                if _attribute(target, found.own(name)) and target in ast.walk(method):
                    return found.mark + target.attr
        return self.file.of(target)

    def _is_a_session(self, node: ast.expr | None) -> bool:
        return node is not None and self._objects.of(node) == {SESSION}

    def _lines(self, node: ast.stmt) -> tuple[int, int]:
        """The range of a statement that goes, from the end of the line before."""
        return self.file.text.offset(node.lineno, 0) - 1, self.file.text.range(node)[1]

    def _find_optimizers(self, found: GraphClass) -> None:
        """The parameters of `__init__` that are optimizers, where one call gives them."""
        calls = [n for n in ast.walk(self.file.tree) if isinstance(n, ast.Call)
                 and getattr(n.func, "id", "") == found.name]  # fmt: skip
        arguments = found.methods["__init__"].args
        names = [a.arg for a in arguments.args[1:]]
        given = dict(zip(names[::-1], arguments.defaults[::-1]))
        if len(calls) == 1:
            given |= {**dict(zip(names, calls[0].args)), **{k.arg: k.value for k in calls[0].keywords}}
        for name, value in given.items():
            if self.file.called_role(value) is Role.OPTIMIZER:
                if len(calls) != 1:
                    raise Stuck(value, f"{found.name} is made several times, and given optimizers")
                local = {n.id for n, _ in names_in(value)} - self._of_module
                if local:
                    raise Stuck(value, f"an optimizer that is handed on is made from {', '.join(sorted(local))}")
                found.optimizers[name] = value

    @functools.cached_property
    def _of_module(self) -> set[str]:
        return set().union(set(), *map(bound_names, self.file.tree.body))

    # Lifting

    def _lift_all(self) -> None:
        for found in self.classes:
            self._check(found)
            found.attributes = {
                n.attr for m in found.methods for n in ast.walk(found.methods[m])
                if _attribute(n, found.own(m)) and isinstance(n.ctx, ast.Store)
            }  # fmt: skip
            for name, value in found.optimizers.items():
                self.rewriter.replace(value, found.builders["__init__"] + name)
            self._drop_sessions_outside(found)
            self._drop_returned_sessions(found)
        graph = self._graph_attributes({found: self._lifted(found) for found in self.classes})
        for found in self.classes:
            found.graph = graph[found]
            self._replace_outside(found, graph[found])
        for found, text in {found: self._lifted(found) for found in self.classes}.items():
            self.rewriter.edits[self._range(found.node)] = text
        self.text = self.rewriter.render(0, len(self.file.text.text))

    def _range(self, node: ast.AST) -> tuple[int, int]:
        return self.file.text.offset(node.lineno, 0), self.file.text.range(node)[1]

    def _lifted(self, found: GraphClass) -> str:
        """The statements and functions that stand for a class."""
        parts = []
        for name, method in found.methods.items():
            self._lift_names(found, method)
            if name not in found.builders:
                parts.append(self._function(found, method))
        uses_session = any(found.sessions.values())
        session = [f"{_SESSION} = {self.file.alias()}.Session()"] if uses_session else []
        values = [
            f"{found.mark}{t.id} = {self._value(n.value)}"
            for n in found.node.body if isinstance(n, ast.Assign)
            for t in n.targets if isinstance(t, ast.Name)
        ]  # fmt: skip
        lines = [*parts, *values, *session]
        made = [f"{found.builders['__init__']}{n} = {self.file.of(v)}" for n, v in found.optimizers.items()]
        for name in found.builders:
            lines += [f"{_BEGIN}({found.number}, {name!r})", *made, *self._body(found, name), f"{_END}({found.number})"]
            made = []
        return "\n".join(lines)

    def _value(self, node: ast.expr) -> str:
        """What a name of a class is bound to, without the `staticmethod` around it."""
        is_wrapped = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "staticmethod" and node.args
        return self.file.of(node.args[0] if is_wrapped else node)

    def _lift_names(self, found: GraphClass, method: ast.FunctionDef) -> None:
        own = found.own(method.name)
        sessions = found.sessions[method.name]
        locals_ = set()
        if method.name in found.builders:
            arguments = method.args
            named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
            locals_ = {a.arg for a in named if a is not None} - {own}
            locals_ |= set().union(*(bound_names(s) for s in method.body))
        hidden = {n for s in method.body for n, inner in names_in(s) if n.id in inner}  # of functions within
        for node in ast.walk(method):
            if node in self._gone or node in hidden:
                continue
            if isinstance(node, ast.FunctionDef) and node is not method and node.name in locals_:
                start = self.file.text.range(node)[0]
                at = self.file.text.text.index(node.name, self.file.text.text.index("def", start) + 3)
                self.rewriter.edits[(at, at + len(node.name))] = found.builders[method.name] + node.name
            if _attribute(node, own) or _attribute(node, found.name) and node.attr in found.members:
                self.rewriter.replace(node, found.mark + node.attr)
            elif isinstance(node, ast.Name) and node.id == own and self._is_asked(node):
                if self.file.parents[node].args[1].value in found.graph:
                    raise Stuck(node, "whether the graph has a tensor is asked")
                self.rewriter.replace(node, found.mark + OBJECT)
            elif isinstance(node, ast.Name) and node.id in sessions:
                self.rewriter.replace(node, _SESSION)
            elif isinstance(node, ast.Name) and node.id in locals_:
                self.rewriter.replace(node, found.builders[method.name] + node.id)
            if isinstance(node, ast.Call) and _attribute(node.func, own) and node.func.attr in found.methods:
                self._drop_sessions(node, found, node.func.attr)

    def _drop_sessions(self, call: ast.Call, found: GraphClass, method: str) -> None:
        """Take the sessions out of what a method is given."""
        names = [a.arg for a in found.methods[method].args.args[not is_static(found.methods[method]) :]]
        given = [*zip(names, call.args), *((k.arg, k.value) for k in call.keywords)]
        gone = [(n, value) for n, value in given if n in found.sessions[method]]
        if len(gone) > 1:
            raise Stuck(call, "a method is given several sessions")
        for name, value in gone:
            self._gone.add(value)
            position = call.args.index(value) if value in call.args else len(call.args)
            remove_argument(self.file, self.rewriter, call, position, name)

    def _body(self, found: GraphClass, name: str) -> list[str]:
        """The statements of a method that builds."""
        method = found.methods[name]
        body = list(method.body)
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]
        lines: list[str] = []
        previous = method.body[0].end_lineno if body and body[0] is not method.body[0] else method.body[0].lineno - 1
        for inner in body:
            for number in range(previous + 1, inner.lineno):
                lines.append(self.file.text.lines[number - 1].strip())
            previous = inner.end_lineno
            names = {n.id for n in ast.walk(inner) if isinstance(n, ast.Name)}
            if isinstance(inner, ast.Expr) and "super" in names:
                continue
            if self._is_forgotten(found, method, inner):
                continue
            if _returns(inner):
                raise Stuck(inner, f"the method {name}, which builds the graph, returns something")
            lines += self.rewriter.statement(inner).split("\n")
        return lines

    def _is_forgotten(self, found: GraphClass, method: ast.FunctionDef, node: ast.stmt) -> bool:
        """Whether a statement says None for what the graph is built for later, and nothing asks for the None."""
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant) or node.value.value is not None:
            return False
        own = found.own(method.name)
        if not all(_attribute(t, own) and t.attr in found.graph for t in node.targets):
            return False
        names = {t.attr for t in node.targets}
        return not any(
            isinstance(n, ast.Compare) and isinstance(n.left, ast.Attribute) and n.left.attr in names
            for n in ast.walk(self.file.tree)
        )

    def _function(self, found: GraphClass, method: ast.FunctionDef) -> str:
        """A method as a function of the module."""
        arguments = method.args
        if arguments.posonlyargs:
            raise Stuck(method, "a method has positional-only parameters")
        text = self.file.text
        bound = sorted({
            n.attr for n in ast.walk(method)
            if _attribute(n, found.own(method.name)) and isinstance(n.ctx, (ast.Store, ast.Del))
        })  # fmt: skip
        start = text.offset(method.lineno, 0)  # behind its decorator, if it is static
        first = method.body[0]
        for inner in method.body if method.name.startswith(SUPER) else ():
            if self._is_forgotten(found, method, inner) and len(method.body) > 1:
                self.rewriter.edits[self._lines(inner)] = ""
        everything = [*arguments.args, *arguments.kwonlyargs]
        own = [] if is_static(method) else everything[:1]
        gone = [a for a in everything if a in own or a.arg in found.sessions[method.name]]
        for argument in gone:
            index = everything.index(argument)
            begin, end = text.range(argument)
            if index + 1 < len(everything) and (index + 1 < len(arguments.args) or not arguments.vararg):
                end = text.range(everything[index + 1])[0]
            elif arguments.vararg or arguments.kwarg:
                other = arguments.vararg or arguments.kwarg
                end = text.range(other)[0] - (1 if other is arguments.vararg else 2)
            self.rewriter.edits[(begin, end)] = ""
        name = text.text.index(method.name, text.text.index("def", start))
        self.rewriter.edits[(name, name + len(method.name))] = found.mark + method.name
        is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        body_start = text.offset(first.lineno, 0)
        if first.lineno == method.lineno:
            raise Stuck(method, "a method on one line")
        stop = self.rewriter.render(start, body_start).rstrip().rstrip(",")
        rest = self.rewriter.render(body_start, text.range(method)[1])
        globals_ = " " * first.col_offset + "global " + ", ".join(found.mark + b for b in bound) + "\n" if bound else ""
        if is_text and globals_:
            middle = text.range(first)[1]
            head, tail = self.rewriter.render(body_start, middle), self.rewriter.render(middle, text.range(method)[1])
            whole = stop + "\n" + head + "\n" + globals_.rstrip("\n") + tail
        else:
            whole = stop + "\n" + globals_ + rest
        whole = re.sub(r",\s*\)(\s*(?:->[^\n]*)?:\s*\n)", r")\1", whole, count=1)
        return shift(whole, -method.col_offset) + "\n\n"

    # What stands outside of the classes

    def _outside(self, found: GraphClass) -> Iterator[tuple[ast.AST, str]]:
        """The nodes outside of the class, each with the function of the module or the `Class.method` around it."""
        for statement in self.file.tree.body:
            if statement is found.node:
                continue
            if not isinstance(statement, ast.ClassDef):
                scope = statement.name if isinstance(statement, ast.FunctionDef) else ""
                yield from ((node, scope) for node in ast.walk(statement))
                continue
            for member in statement.body:
                scope = f"{statement.name}.{getattr(member, 'name', '')}"
                yield from ((node, scope) for node in ast.walk(member))

    def _drop_sessions_outside(self, found: GraphClass) -> None:
        for node, _ in self._outside(found):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id == found.name and found.sessions["__init__"]:
                self._drop_sessions(node, found, "__init__")
            elif isinstance(node.func, ast.Attribute) and found.sessions.get(node.func.attr):
                owners = self._objects.of(node.func.value)
                is_another = owners is not None and found.name not in owners
                if not self.file.symbol(node.func) and not is_another:
                    self._drop_sessions(node, found, node.func.attr)

    def _graph_attributes(self, texts: dict[GraphClass, str]) -> dict[GraphClass, set[str]]:
        """The attributes of each class that are of the graph."""
        rewriter = Rewriter(self.file)
        for found, text in texts.items():
            rewriter.edits[self._range(found.node)] = text
        source = Source(rewriter.render(0, len(self.file.text.text)), self.options)
        evaluator = Evaluator(source)
        env: kinds.Env = {}
        for statement in source.tree.body:
            if isinstance(statement, ast.FunctionDef):
                evaluator.functions[statement.name] = statement
        # What a method binds that is called once is bound by its call.
        for statement in self._with_methods(source, source.tree.body, set()):
            try:
                evaluator.statement(statement, env, [])
            except Stuck:
                continue
        return {
            found: {
                name.removeprefix(found.mark) for name, value in env.items()
                if name.startswith(found.mark) and name[len(found.mark)] != ATTRIBUTE and value.kinds - {kinds.HOST}
            }
            for found in self.classes
        }  # fmt: skip

    def _with_methods(self, source: Source, body: list[ast.stmt], seen: set[str]):
        functions = {n.name: n for n in source.tree.body if isinstance(n, ast.FunctionDef)}
        for statement in body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                continue
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in seen:
                    name = node.func.id
                    if name.startswith(ATTRIBUTE) and name in functions:
                        yield from self._with_methods(source, functions[name].body, {*seen, name})
            if isinstance(statement, (ast.With, ast.If, ast.For)):
                yield from self._with_methods(source, statement.body, seen)
            yield statement

    def _replace_outside(self, found: GraphClass, graph: set[str]) -> None:
        """Attributes of the object that are of the graph, and its methods, where it is surely meant."""
        others = set().union(*(c.attributes for c in self.classes if c is not found))
        for node, scope in self._outside(found):
            if isinstance(node, ast.Attribute) and node.attr in graph and not self.file.symbol(node):
                if any(_attribute(node, c.own(m)) for c in self.classes for m in c.methods if f"{c.name}.{m}" == scope):
                    continue  # its own
                is_object = self._is_object(found, node.value)
                if is_object is False:
                    continue
                if is_object is None and node.attr in others:
                    raise Stuck(node, f"which object has the {node.attr} that is meant here is not known")
                receiver = self.file.of(node.value)
                if found.receivers.setdefault(scope, receiver) != receiver:
                    raise Stuck(node, f"{scope or 'the module'} uses the graphs of several objects: "
                                      f"{receiver}.{node.attr} and another")
                if isinstance(node.ctx, ast.Store):
                    raise Stuck(node, "an attribute that the graph computes is set from outside")
                self.rewriter.replace(node, found.mark + node.attr)
        calls = [(n, s) for n, s in self._outside(found) if isinstance(n, ast.Call) and self._is_method(found, n.func)]
        for call, scope in calls:
            receivers = {self.file.of(c.func.value) for c, s in calls if s == scope}
            receivers |= {found.receivers[scope]} if scope in found.receivers else set()
            if len(receivers) == 1 and call.func.attr not in found.builders:
                found.receivers[scope] = receivers.pop()
                self.rewriter.replace(call.func, found.mark + call.func.attr)

    def _is_method(self, found: GraphClass, node: ast.expr) -> bool:
        return isinstance(node, ast.Attribute) and node.attr in found.methods and bool(
            self._is_object(found, node.value)
        )

    def _is_object(self, found: GraphClass, node: ast.expr) -> bool | None:
        """Whether an expression is an object of a class; None where what it is bound to does not tell."""
        classes = self._objects.of(node)
        if classes is None or found.name in classes and len(classes - {OTHER}) > 1:
            return None
        return found.name in classes


def is_static(method: ast.FunctionDef) -> bool:
    """Whether a method is not given the object."""
    return [getattr(d, "id", "") for d in method.decorator_list] == ["staticmethod"]


def _returns(node: ast.AST) -> bool:
    """Whether code returns from the function that it stands in."""
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return False
    return isinstance(node, ast.Return) or any(map(_returns, ast.iter_child_nodes(node)))


def _method_calls(node: ast.AST) -> list[ast.Call]:
    return [n for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]


def _attribute(node: ast.AST, own: str, name: str = "") -> bool:
    """Whether a node is an attribute of the object itself."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == own
        and name in ("", node.attr)
    )


def _is_run(call: ast.Call) -> bool:
    """Whether a call of a method may run a session."""
    return call.func.attr in ("run", "as_default", "partial_run") and (
        bool(call.args) or any(k.arg in ("fetches", "feed_dict") for k in call.keywords) or call.func.attr != "run"
    )
