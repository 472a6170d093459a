"""Savers: what they save, and which functions must be traced before, so that all of it is there."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_tf2.convert import kinds
from flake8_tf2.convert.kinds import free_names
from flake8_tf2.convert.model import STAYS
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck

if TYPE_CHECKING:
    from flake8_tf2.convert.model import Unit
    from flake8_tf2.convert.slices import Slice

_SAVE = ("sess", "save_path", "global_step", "latest_filename", "meta_graph_suffix", "write_meta_graph", "write_state",
         "strip_default_attrs", "save_debug_info")  # fmt: skip
_RESTORE = ("sess", "save_path")
#: What of a saver makes no difference to what is saved.
_IGNORED = ("name", "write_version", "restore_sequentially", "save_relative_paths", "allow_empty", "defer_build")


class Savers:
    """The savers of one program. Raises Stuck where what they save cannot be told."""

    def __init__(self, writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.rewriter = writer.rewriter
        self.made: list[tuple[Unit, ast.Call]] = [
            (unit, node)
            for unit in self.program.units
            if not isinstance(unit.node, (ast.FunctionDef, ast.ClassDef))
            for node in ast.walk(unit.node)
            if isinstance(node, ast.Call) and self._role(node) is Role.SAVER
        ]
        self._used: list[tuple[Unit, ast.Call]] = []

    def _role(self, node: ast.Call) -> Role | None:
        symbol = self.source.symbol(node.func)
        return self.source.role(symbol) if symbol else None

    def write(self) -> None:
        """Write the savers and their calls; when functions are known, and before they are placed."""
        if not self.made:
            return
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".meta"):
                raise Stuck(node, "a file with the graph is used, which TF2 does not write")
        traced: dict[int, list] = {}
        for unit, call in self.made:
            self._saver(unit, call, traced)
        known = {id(node) for node in self._calls()}
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Call) and self.source.symbol(node.func) == "tf.train.checkpoint_exists":
                path = self.rewriter.of(node.args[0])
                self.rewriter.replace(node, f"{self.writer.tf}.io.gfile.exists({path} + '.index')")
            name = getattr(getattr(node, "func", None), "attr", "")
            if name in ("save", "restore") and id(node) not in known and self._is_given_session(node):
                raise Stuck(node, "what saves here is not known")

    def _is_given_session(self, node: ast.Call) -> bool:
        given = node.args[0] if node.args else None
        if not isinstance(given, ast.Name):
            return False
        value = self.program.env.get(given.id, kinds.PYTHON)
        return bool(value.kinds & {kinds.SESSION}) or given.id in ("sess", "session") or any(
            kinds.SESSION in unit.env.get(given.id, kinds.PYTHON).kinds for unit in self.program.units
        )  # fmt: skip

    # What is saved

    def _saver(self, unit: Unit, call: ast.Call, traced: dict) -> None:
        if not isinstance(unit.node, (ast.Assign, ast.Expr)):
            raise Stuck(call, "a saver is made in a loop or under a condition")
        bound = {n: a.value for n, a in self.source.bind(call, self.source.symbol(call.func)).bound.items()}
        arguments = []
        saver = "Saver"
        if self._is_of_all(call):
            arguments.append(f"lambda: {self._all(unit, call)}")
            owners = [*self._optimizers(unit, call), *self._averages(unit)]
            if owners:
                saver = "TrainingSaver"
                arguments.append(f"[{', '.join(owners)}]")
        else:
            arguments.append(f"lambda: {self._given(unit, bound['var_list'])}")
        bound.pop("var_list", None)
        for name, value in bound.items():
            is_default = isinstance(value, ast.Constant) and value.value in (None, False)
            if name in ("max_to_keep", "keep_checkpoint_every_n_hours"):
                arguments.append(f"{name}={self.rewriter.of(value)}")
            elif name not in _IGNORED and not is_default:
                raise Stuck(value, f"{name} of a saver has no conversion")
        self.writer.use(saver)
        self.rewriter.replace(call, f"{saver}({', '.join(arguments)})")

    def _is_of_all(self, call: ast.Call) -> bool:
        """Whether a saver saves all that there is when it is made."""
        bound = self.source.bind(call, self.source.symbol(call.func)).bound
        given = bound["var_list"].value if "var_list" in bound else None
        if given is None or isinstance(given, ast.Constant) and given.value is None:
            return True
        symbol = self.source.symbol(given.func) if isinstance(given, ast.Call) else ""
        return (
            symbol.rpartition(".")[2] in ("global_variables", "all_variables") and not given.args and not given.keywords
        )

    def is_all_of_one(self, node: ast.Call) -> bool:
        """Whether a list of variables is what a saver of all is given: it is written as that saver needs it."""
        return any(node in (*call.args, *(k.value for k in call.keywords)) and self._is_of_all(call)
                   for _, call in self.made)  # fmt: skip

    def _all(self, unit: Unit, call: ast.Call) -> str:
        texts = []
        graph = self.writer.graph_of(unit)
        for made in self.writer.lists.made:
            if made.unit.number < unit.number and self.writer.graph_of(made.unit) == graph:
                text = made.every.replace("(v.value for ", "(v for ")  # Keras' own variables know their names
                text = re.sub(r"^\*\(v for v in ([\w.]+)\)$", r"*\1", text)
                if text not in texts:
                    texts.append(text)
                if made.unit in self.writer.slicer.needed and ".variables" in text:
                    self._trace_one_with(made.unit, call)
        self._refuse_others(call)
        if self.writer.stateful.name:
            texts.append(f"*{self.writer.stateful.name}.variables()")
            for function in self.writer.functions:
                if any(self.writer.stateful.makes(u.node) for u in function.slice.units):
                    self._trace(function, call)
        if not texts:
            raise Stuck(call, "no variables to save were found")
        return f"[{', '.join(texts)}]"

    def _refuse_others(self, call: ast.Call) -> None:
        """Refuse where variables are made that are in no list of the writer."""
        listed = {made.unit for made in self.writer.lists.made}
        for unit in self.program.units:
            if isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)) or unit in listed:
                continue
            for node in ast.walk(unit.node):
                if not isinstance(node, ast.Call):
                    continue
                role = self._role(node)
                if role is Role.VARIABLE and not self._is_kept(unit, node):
                    raise Stuck(node, "a saver saves this variable, which has no name")
                if (
                    role in (Role.LAYER, Role.MODULE)
                    and unit in self.writer.slicer.needed
                    and not self.writer.stateful.name
                ):
                    raise Stuck(node, "a saver saves the variables of this layer, which has no name")

    def _is_kept(self, unit: Unit, node: ast.Call) -> bool:
        """Whether the writer found that a call means a variable that has been made already."""
        return (
            unit in self.writer.slicer.needed
            and bool(self.writer.stateful.name)
            or self.writer.rewriter.of(node).isidentifier()
        )

    def _given(self, unit: Unit, node: ast.expr) -> str:
        """The text of the variables that a saver is given."""
        if isinstance(node, ast.Call) and self._role(node) is Role.VARIABLES:
            self._all(unit, node)
            return self.writer.lists.text(node, unit)
        value = self.program.evaluator.eval(node, unit.env)
        if not value.kinds & {kinds.VARIABLE} or value.of_runs:
            raise Stuck(node, "what is saved is not known")
        if any(isinstance(n, ast.Call) and self._role(n) is Role.VARIABLES for n in ast.walk(node)):
            raise Stuck(node, "what is saved is not known")
        for name in free_names(node):
            for other in unit.reads.get(name, ()):
                if other.value.holds and any(
                    self._role(n) is Role.VARIABLES for n in ast.walk(other.node) if isinstance(n, ast.Call)
                ):
                    self._all(unit, ast.copy_location(ast.Call(node, [], []), node))
            later = [u for u in self.program.units if name in u.binds and u.number > unit.number]
            if later:
                raise Stuck(node, f"{name} is bound anew behind the saver")
        return self.rewriter.of(node)

    def _optimizers(self, unit: Unit, call: ast.Call) -> list[str]:
        """The names of the optimizers whose slots are there when a saver is made."""
        found: list[str] = []
        graph = self.writer.graph_of(unit)
        for other in self.program.units:
            is_before = other.number < unit.number and other in self.writer.slicer.needed
            if not is_before or self.writer.graph_of(other) != graph:
                continue
            for node in ast.walk(other.node):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("minimize", "apply_gradients"):
                    made = self._optimizer_call(node.func.value, other)
                    if made is None:
                        continue
                    name, symbol = made
                    if not symbol.endswith("GradientDescentOptimizer") and name not in found:
                        found.append(name)
                        self._trace_one_with(other, call)
        return found

    def _averages(self, unit: Unit) -> list[str]:
        """The names of the moving averages that there are when a saver is made."""
        graph = self.writer.graph_of(unit)
        found = []
        for other in self.program.units:
            is_there = other in self.writer.slicer.needed or other.fate == STAYS
            if other.number > unit.number or not is_there or self.writer.graph_of(other) != graph:
                continue
            if isinstance(other.node, (ast.FunctionDef, ast.ClassDef)):
                continue
            for node in ast.walk(other.node):
                if isinstance(node, ast.Call) and self._role(node) is Role.AVERAGES:
                    target = other.node.targets[0] if isinstance(other.node, ast.Assign) else None
                    if not isinstance(target, ast.Name) or other.node.value is not node:
                        raise Stuck(node, "a saver saves these averages, which have no name")
                    found.append(target.id)
        return found

    def _optimizer_call(self, node: ast.expr, unit: Unit) -> tuple[str, str] | None:
        """The name of an optimizer and the symbol of its class."""
        if isinstance(node, ast.Call) and node in self.writer.optimizer_names:
            return self.writer.optimizer_names[node], self.source.symbol(node.func)
        if isinstance(node, ast.Name) and self.program.evaluator.eval(node, unit.env).kinds & {kinds.OPTIMIZER}:
            for call, name in self.writer.optimizer_names.items():
                if name == node.id:
                    return name, self.source.symbol(call.func)
            raise Stuck(node, "a saver saves the slots of this optimizer, which is not known")
        return None

    # Functions that make what is saved

    def _trace_one_with(self, unit: Unit, call: ast.Call) -> None:
        """Have a function traced that computes with what a statement makes."""
        able = [f for f in self.writer.functions if unit in f.slice.units]
        for function in able:
            if function.traced or self._is_traced_later(function):
                return
        for function in able:
            if self._can_trace(function):
                function.traced = True
                return
        raise Stuck(call, "what is saved is made by no function that has known inputs")

    def _trace(self, function, call: ast.Call) -> None:
        if self._is_traced_later(function):
            return
        if not self._can_trace(function):
            raise Stuck(call, "what is saved is made by a function whose inputs are not known")
        function.traced = True

    def _is_traced_later(self, function) -> bool:
        """Whether a function is given elements of datasets: the program traces it when it has one."""
        return any(
            feed.placeholder is not None and not feed.placeholder.args and not feed.placeholder.keywords
            for feed in self.writer.parameters(function)
        )

    def _can_trace(self, function) -> bool:
        return all(feed.placeholder is not None for feed in self.writer.parameters(function))

    # Calls

    def _calls(self) -> list[ast.Call]:
        found = []
        for unit in self.program.units:
            if isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
                continue
            for node in ast.walk(unit.node):
                if isinstance(node, ast.Attribute) and self._is_saver(node.value, unit):
                    call = self.source.parents[node]
                    if node.attr not in ("save", "restore") or not isinstance(call, ast.Call) or call.func is not node:
                        raise Stuck(node, f"{node.attr} of a saver has no conversion")
                    self._call(unit, call, node.attr)
                    found.append(call)
        return found

    def _is_saver(self, node: ast.expr, unit: Unit) -> bool:
        if isinstance(node, ast.Call):
            return self._role(node) is Role.SAVER
        return isinstance(node, ast.Name) and bool(unit.env.get(node.id, kinds.PYTHON).kinds & {kinds.SAVER})

    def _call(self, unit: Unit, call: ast.Call, method: str) -> None:
        names = _SAVE if method == "save" else _RESTORE
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            raise Stuck(call, "a star hides what the saver is given")
        bound = dict(zip(names, call.args)) | {k.arg: k.value for k in call.keywords}
        arguments = [self.rewriter.of(bound["save_path"])]
        if "global_step" in bound and not _is(bound["global_step"], None):
            arguments.append(self.rewriter.of(bound["global_step"]))
        for name, default in (("latest_filename", None), ("write_state", True)):
            if name in bound and not _is(bound[name], default):
                raise Stuck(bound[name], f"{name} of a saver has no conversion")
        self.rewriter.replace(call, f"{self.rewriter.of(call.func.value)}.{method}({', '.join(arguments)})")
        self._used.append((unit, call))

    def check_order(self) -> None:
        """Refuse where a saver works before all that it saves is there; when functions are placed."""
        for unit, call in self._used:
            graph = self.writer.graph_of(unit)
            for function, last in self.writer.placed.items():
                is_later = last.number > unit.number and unit.region is last.region
                if function.traced and is_later and self.writer.graph_of(last) == graph:
                    raise Stuck(call, "what is saved or restored here is not there yet")

    # Initializers before a restore

    def is_restored(self, found: Slice) -> bool:
        """Whether all that a run initialises is restored before anything else runs."""
        site = found.site
        if not isinstance(site.unit.node, ast.Expr) or site.unit.node.value is not site.call:
            return False
        for unit in self.program.units[site.unit.number + 1 :]:
            if unit.region is not site.unit.region:
                return False
            node = unit.node
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and self._restores_all(node.value, unit):
                return True
            if not isinstance(node, (ast.Assign, ast.Expr)) or unit.sites:
                return False
            names = {f.name for f in self.program.hosts}
            if any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node)):
                return False
        return False

    def _restores_all(self, call: ast.Call, unit: Unit) -> bool:
        if getattr(call.func, "attr", "") != "restore" or not self._is_saver(call.func.value, unit):
            return False
        receiver = call.func.value
        if not isinstance(receiver, ast.Name):
            return False
        makers = [(u, c) for u, c in self.made if receiver.id in u.binds and u.region is unit.region]
        binders = [u for u in self.program.units if receiver.id in u.binds and u.region is unit.region]
        if len(makers) != 1 or len(binders) != 1 or not self._is_of_all(makers[0][1]):
            return False
        number = makers[0][0].number
        if any(made.unit.number > number for made in self.writer.lists.made):
            return False
        return not any(u.gradients and u.number > number for u in self.program.units)


def _is(node: ast.expr, value) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
