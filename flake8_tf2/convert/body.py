"""The body of a function that is written: inputs, computation, gradients, updates, results."""

from __future__ import annotations

import ast
from typing import Sequence

from flake8_tf2.convert import calls, kinds
from flake8_tf2.convert.collected import keys_of
from flake8_tf2.convert.compiled import is_compiled
from flake8_tf2.convert.dtypes import Dtypes
from flake8_tf2.convert.layout import comment_lines, shift
from flake8_tf2.convert.model import INPUT, MOVES, STAYS, Unit
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck
from flake8_tf2.convert.tapes import Tapes


class Body:
    """Writes one function."""

    def __init__(self, writer, function):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.function = function
        self.slice = function.slice
        self.tf = writer.tf
        self.units: list[Unit] = self.slice.units
        self._ordered_by: set[ast.With] = set()
        self._without_value: set[Unit] = set()  # groups of ops that are statements
        self._finishes: list[str] = []  # what ends a step that consists of several updates
        self.tapes = Tapes(self.program, self.units)
        self._check_names()

    def text(self) -> str:
        """The whole function, at the left margin."""
        parameters = self.writer.parameters(self.function)
        specs = [self._spec(feed) for feed in parameters]
        iterators = self.writer.iterators.of(self.slice)
        decorator = f"@{self.tf}.function"
        options = []
        specs = [*(self.writer.iterators.spec(name) for name in iterators), *specs]
        if self.function.hosts:
            specs = [""] * len(specs)
        if specs and all(specs):
            signature = f"input_signature=[{', '.join(specs)}]"
            if len(signature) > self.writer.width - 24:
                signature = "input_signature=[\n    " + ",\n    ".join(specs) + ",\n]"
            options.append(signature)
        if self.writer.jit and is_compiled(self.program, self.slice, " ".join(specs)):
            options.append("jit_compile=True")
        if options:
            decorator += f"({', '.join(options)})"
        names = [f.name for f in parameters if not f.optional] + [f"{f.name}=None" for f in parameters if f.optional]
        head = f"def {self.function.name}({', '.join([*iterators, *self.function.hosts, *names])}):"
        lines = [decorator, head]
        if specs and not all(specs):
            for feed in parameters:
                if self._dtype(feed) and not feed.optional:
                    cast = f"{self.tf}.cast({feed.name}, {self._dtype(feed)})"
                    if any(unit.value.holds for unit in feed.units):
                        cast = f"{self.tf}.cast(value, {self._dtype(feed)})"
                        cast = f"{self.tf}.nest.map_structure(lambda value: {cast}, {feed.name})"
                    lines.append(f"    {feed.name} = {cast}")
        for name, value in self.function.constants.items():
            lines.append(
                f"    {name} = {self.tf}.constant({value})" if self.writer.has_conditions else f"    {name} = {value}"
            )
        for unit in self.slice.defaults:
            lines += ["    " + line for line in self._default(unit)]
        body = [*self._cleared(), *self._computation(), *self._run_lists()]
        if self.function.returns:
            body.append(f"return {self.function.returns}")
        lines += [line for part in _joined(body) for line in shift(part, 4).split("\n")]
        return "\n".join(lines)

    def _cleared(self) -> list[str]:
        """What empties the collections that the function gets."""
        functions = self.program.evaluator.functions
        nodes = [node for node, _ in self.slice.fetches]
        nodes += [n for u in self.units for n in (u.node, *(i.context_expr for w in u.around for i in w.items))]
        found = set().union(*(keys_of(self.source, functions, node, "get_collection") for node in nodes), set())
        collected = self.program.evaluator.collected
        keys = sorted(k for k in found if not collected.get(k, {kinds.TENSOR}) <= {kinds.VARIABLE})
        if not keys:
            return []
        if "*" in keys:
            raise Stuck(self.slice.site.call, "which collection it gets is not known")
        self.writer.use("clear_collections")
        return [f"clear_collections({', '.join(map(_quoted, keys))})"]

    def _run_lists(self) -> list[str]:
        """Updates that were collected, and are fetched as a list."""
        lists = [node for node, value in self.slice.fetches if value.holds]
        return [text for node in lists for text in self._run_updates(node, self.slice.site.env)]

    def _run_updates(self, node: ast.expr, env: kinds.Env) -> list[str]:
        """What runs the updates in an expression."""
        if not self.writer.updates:
            return []
        value = self.program.evaluator.eval(node, env)
        if isinstance(node, (ast.List, ast.Tuple, ast.BinOp, ast.Starred)):
            return [t for child in ast.iter_child_nodes(node) for t in self._run_updates(child, env)]
        if not isinstance(node, ast.expr) or not (value.holds and value.kinds & {kinds.OP}):
            return []
        self.writer.use("run_ops")
        return [f"run_ops({self.writer.rewriter.of(node)})"]

    def _spec(self, feed) -> str:
        """The `tf.TensorSpec` of a parameter; "" where it is not known."""
        if feed.placeholder is not None and not feed.optional:
            return calls.signature(self.source, feed.placeholder, self.tf)
        return ""  # its shape is not known, which layers ask for

    def _dtype(self, feed) -> str:
        """The dtype of a parameter, where it is known and it is one tensor."""
        if feed.placeholder is not None:
            return calls.signature(self.source, feed.placeholder, self.tf).rpartition(", ")[2][:-1]
        values = [u.value for u in feed.units]
        if len(values) == 1 and not values[0].holds and not values[0].kinds & {kinds.MODULE}:
            return Dtypes(self.program, self.tf).of_units(feed.name, feed.units)
        return ""

    def _default(self, unit: Unit) -> list[str]:
        """What placeholders are that are not fed, or not always."""
        lines = []
        optional = {feed.name: feed for feed in self.slice.feeds if feed.optional}
        for node in ast.walk(unit.node):
            if isinstance(node, ast.Call) and node in self.program.placeholders:
                value = self.source.bind(node, self.source.symbol(node.func)).bound["input"].value
                text = self.source.of(value)
                name = self.program.placeholders[node]
                if not (isinstance(value, ast.Constant) and isinstance(value.value, bool)):
                    text = f"{self.tf}.convert_to_tensor({text})"
                if name in optional:
                    text = f"{text} if {name} is None else {self.tf}.cast({name}, {self._dtype(optional[name])})"
                lines.append(f"{name} = {text}")
        return lines

    # Names

    def _check_names(self) -> None:
        """Refuse where a name would stand for another thing within the function than where its statement stood."""
        current: dict[str, frozenset[Unit]] = {feed.name: feed.units for feed in self.slice.feeds if not feed.optional}
        for unit in self.slice.defaults:
            current.update({name: frozenset((unit,)) for name in unit.binds})
        bound = {name for unit in self.units for name in unit.binds}
        for unit in self.tapes.ordered():
            self._check_reads(unit.reads, current, bound, unit.node)
            for name in unit.binds:
                current[name] = current.get(name, frozenset()) | {unit} if unit.weak else frozenset((unit,))
        for node, _ in self.slice.fetches:
            if self.function.returns:
                self._check_reads(self.program.reads(node, self.slice.site.definitions), current, bound, node)

    def _check_reads(self, reads, current, bound, node) -> None:
        for name, units in reads.items():
            own = frozenset(u for u in units if u.fate in (MOVES, INPUT))
            if own:
                if name in current and current[name] != own and not current[name] >= own:
                    raise Stuck(node, f"{name} stands for two things that one run needs")
            elif name in bound or name in current:
                if current.get(name) == units:
                    continue  # a constant that is fed
                if any(u.fate == STAYS for u in units):
                    raise Stuck(node, f"{name} stands for a Python value and for a tensor")
            else:
                self._check_closure(name, units, node)

    def _check_closure(self, name: str, units: frozenset[Unit], node: ast.AST) -> None:
        """What a function reads from around it must not change before it runs."""
        for other in self.program.units:
            if other in units or other.fate != STAYS or name not in other.binds:
                continue
            if isinstance(other.region, ast.FunctionDef) and other.region is not self.program.scope:
                continue  # a name of its own
            if max(u.number for u in units) < other.number:
                raise Stuck(node, f"{name} is bound anew before this runs")

    # Statements

    def _computation(self) -> list[str]:
        tapes = self.tapes
        if not tapes.calls():
            keeps = self.function.keeps
            return [*keeps.get(None, ()), *(t for u in self.units for t in (*self._texts(u), *keeps.get(u, ())))]
        self._losses: dict[ast.Call, str] = {}
        body: list[str] = []
        for level, name in enumerate(tapes.names()):
            watched = tapes.watched(level)
            body = [f"{name}.watch({feed.name})" for feed in self.slice.feeds if feed.name in watched] + body
            for unit in tapes.at(level):
                body += self._late_texts(unit)[0] if unit in tapes.differentiating else self._texts(unit)
            body += [f"{loss} = {text}" for loss, text in self._loss_texts(level)]
            persistent = "persistent=True" if tapes.is_persistent(level) else ""
            body = [f"with {self.tf}.GradientTape({persistent}) as {name}:", *(shift(t, 4) for t in _joined(body))]
        updates: list[str] = []
        for unit in tapes.behind():
            if unit.ordered:  # it runs after what was updated
                body += updates
                updates = []
            before, after = self._late_texts(unit)
            body += before
            updates += after
            if not self._minimizes(unit):
                body += updates
                updates = []
        return body + updates + self._finishes

    def _loss_texts(self, level: int) -> list[tuple[str, str]]:
        """Losses that are built where they are minimized are computed under the tape, too."""
        found: list[tuple[str, str]] = []
        for call in self.tapes.calls():
            if self.tapes.level(call) != level:
                continue
            node = self.tapes.loss(call)
            if isinstance(node, (ast.Name, ast.Subscript)):
                self._losses[call] = self.writer.rewriter.of(node)
            else:
                taken = self._names() | set(self._losses.values())
                name = "loss" if "loss" not in taken else f"loss_{len(self._losses) + 1}"
                self._losses[call] = name
                found.append((name, self.writer.rewriter.of(node)))
        return found

    def _names(self) -> set[str]:
        return {n for u in self.units for n in (*u.binds, *u.reads)} | {f.name for f in self.slice.feeds}

    def _texts(self, unit: Unit) -> list[str]:
        """A statement as it stands in the function, with the comments above it."""
        node = unit.node
        comments = [self.source.text.lines[n - 1].strip() for n in comment_lines(self.source.text.lines, node.lineno)]
        text = self.writer.rewriter.statement(node)
        if self._only_counts(unit):
            text = self.writer.rewriter.of(node.value)
        group = self._group(unit)
        texts = [text] if group is None else group
        texts = [*comments, *texts] if unit not in self.writer.before else texts
        texts = [*self._ops_before(unit), *texts]
        for level, tape in enumerate(self.tapes.names()):
            if self.tapes.levels[unit] <= level:
                texts += [f"{tape}.watch({name})" for name in sorted(unit.binds & self.tapes.watched(level))]
        optional = [f.name for f in self.slice.feeds if f.optional and unit in f.units]
        if optional:
            texts = [f"if {optional[0]} is None:", *(shift(t, 4) for t in texts)]
        for device in [*reversed(self.writer.stateful.label(unit)), *self._names_of_layers(unit), *self._devices(unit)]:
            texts = ["\n".join([f"with {device}:", *(shift(t, 4) for t in texts)])]
        return texts

    def _only_counts(self, unit: Unit) -> bool:
        """Whether a statement updates a metric, and nothing reads what that gives."""
        call = getattr(unit.node, "value", None)
        if not isinstance(unit.node, ast.Assign) or not isinstance(call, ast.Call):
            return False
        read = {name for other in self.units if other is not unit for name in other.reads}
        read |= {n.id for n in ast.walk(ast.parse(self.function.returns or "")) if isinstance(n, ast.Name)}
        return getattr(call.func, "attr", "") == "update" and not unit.binds & read

    def _ops_before(self, unit: Unit) -> list[str]:
        """What is built in `tf.control_dependencies([...])` itself runs before the first statement within."""
        texts = []
        for outer in unit.around:
            for item in outer.items:
                if self.program.context_role(item.context_expr) is not Role.ORDER or outer in self._ordered_by:
                    continue
                self._ordered_by.add(outer)
                given = item.context_expr.args[0] if item.context_expr.args else None
                if given is not None:
                    texts += self._run_updates(given, unit.env)
                for element in given.elts if isinstance(given, (ast.List, ast.Tuple)) else ():
                    if not isinstance(element, ast.Call):
                        continue
                    if self.program.gradient_kind(element) or getattr(element.func, "attr", "") == "apply_gradients":
                        raise Stuck(element, "a train op within control_dependencies")
                    if not self.program.evaluator.is_update_ops(element) and not self._run_updates(element, unit.env):
                        texts.append(self.writer.rewriter.of(element))
        return texts

    def _names_of_layers(self, unit: Unit) -> list[str]:
        """The scope that gives the variables of layers, and of cells that are saved, their full names."""
        names = self.writer.names
        makes = unit in self.writer.before or names.are_saved and any(
            kinds.MODULE in u.value.kinds for units in unit.reads.values() for u in units
        )
        path = "/".join(self.writer.scope_path(unit)) if makes and names.matter else ""
        return [f"{self.tf}.name_scope({calls.full_name(path + '/')})"] if path else []

    def _devices(self, unit: Unit) -> list[str]:
        return [
            self.source.of(item.context_expr)
            for outer in reversed(unit.around)
            for item in outer.items
            if self.source.called_role(item.context_expr) is Role.DEVICE
        ]

    def _minimizes(self, unit: Unit) -> bool:
        return any(self.tapes.kind(c) == "minimize" for c in unit.gradients)

    def _late_texts(self, unit: Unit) -> tuple[list[str], list[str]]:
        """What a statement becomes that needs gradients: what computes them, and what updates variables."""
        comments = [
            self.source.text.lines[n - 1].strip() for n in comment_lines(self.source.text.lines, unit.node.lineno)
        ]
        if unit in self.writer.before:
            comments = []
        rewriter = self.writer.rewriter
        several = len(self.tapes.calls()) > 1
        gradients = unit.gradients if unit in self.tapes.differentiating else []
        if self._minimizes(unit):
            call = unit.gradients[0]
            if getattr(unit.node, "value", None) is not call:
                raise Stuck(call, "a train op within an expression")
            target = getattr(unit.node.targets[0], "id", "") if isinstance(unit.node, ast.Assign) else ""
            prefix = f"{target}_" if several and target else ""
            before, after = self._minimize(call, unit, prefix, several)
            return [*comments, *self._ops_before(unit), *before], after
        before: list[str] = []
        text_edits = dict(rewriter.edits)
        after_text: list[str] = []
        for call in gradients:
            kind, bound, tape = self.tapes.kind(call), self.tapes.bound(call), self.tapes.name(call)
            if "grad_loss" in bound:
                raise Stuck(call, "gradients of a weighted loss have no conversion")
            loss = self._losses[call]
            if kind == "compute_gradients":
                every = self.writer.trained.get(unit, f"{tape}.watched_variables()")
                variables = rewriter.of(bound["var_list"]) if "var_list" in bound else every
                if not variables.isidentifier():
                    before.append(f"variables = {variables}")
                    variables = "variables"
                rewriter.replace(call, f"list(zip({tape}.gradient({loss}, {variables}), {variables}))")
            else:
                xs = bound["xs"]
                value = self.program.evaluator.eval(xs, unit.env)
                given = f", output_gradients={rewriter.of(bound['grad_ys'])}" if "grad_ys" in bound else ""
                text = f"{tape}.gradient({loss}, {rewriter.of(xs)}{given})"
                rewriter.replace(call, text if value.holds else f"[{text}]")
        applied = [
            n for n in ast.walk(unit.node)
            if isinstance(n, ast.Call) and getattr(n.func, "attr", "") == "apply_gradients"
            and self.program.evaluator.eval(n.func.value, unit.env).kinds & {kinds.OPTIMIZER}
        ]  # fmt: skip
        if applied:
            call = applied[0]
            if getattr(unit.node, "value", None) is not call:
                raise Stuck(call, "a train op within an expression")
            bound = self.source.bind_method(call, "apply_gradients")
            name = self._optimizer_name(call.func.value)
            gradients = rewriter.of(bound["grads_and_vars"])
            if name in self.writer.merging:
                gradients = f"[({self.tf}.convert_to_tensor(g), v) for g, v in {gradients} if g is not None]"
            texts = [*self._set_rate(name), self._apply(name, gradients, unit), *self._count(bound)]
            before = [*self._ops_before(unit), *before]
            return [*before, *comments, *self._behind_data(texts, self._gradient_text(gradients))], after_text
        group = self._group(unit)
        statements = [rewriter.statement(unit.node)] if group is None else group
        rewriter.edits = text_edits
        return [*before, *comments, *self._ops_before(unit), *statements], after_text

    def _group(self, unit: Unit) -> list[str] | None:
        """What a group of ops becomes where some have no value as functions; None of any other statement."""
        call = getattr(unit.node, "value", None)
        if not isinstance(call, ast.Call) or self.source.symbol(call.func) != "tf.group":
            return None
        elements = [e for a in call.args for e in (a.elts if isinstance(a, (ast.List, ast.Tuple)) else [a])]
        if not any(self._has_no_value(e, unit) for e in elements):
            return None
        self._without_value.add(unit)
        # What stands under names has run where it stands.
        return [self.writer.rewriter.of(e) for e in elements if not isinstance(e, ast.Name)]

    def _has_no_value(self, node: ast.expr, unit: Unit) -> bool:
        """Whether a name stands for what is a statement of the function: an update by gradients, or a group of such."""
        units = unit.reads.get(node.id, ()) if isinstance(node, ast.Name) else ()
        return any(u in self._without_value or self.tapes.updates(u) for u in units)

    def _gradient_text(self, pairs: str) -> str:
        return f"g for g, _ in {pairs} if g is not None"

    def _minimize(self, call: ast.Call, unit: Unit, prefix: str, several: bool) -> tuple[list[str], list[str]]:
        bound, tape = self.tapes.bound(call), self.tapes.name(call)
        if "grad_loss" in bound:
            raise Stuck(call, "weighted gradients have no conversion")
        name = self._optimizer_name(call.func.value)
        names = self._names()
        variables, gradients = prefix + "variables", prefix + "gradients"
        while variables in names or gradients in names:
            variables, gradients = variables + "_", gradients + "_"
        given = bound.get("var_list")
        texts = []
        if given is not None and not (isinstance(given, ast.Constant) and given.value is None):
            value = self.program.evaluator.eval(given, unit.env)
            text = self.writer.rewriter.of(given)
            if not value.holds:
                text = f"[{text}]"
            if isinstance(given, ast.Name):
                variables = text
            else:
                texts.append(f"{variables} = {text}")
        else:
            if unit in self.writer.trained:
                variables = self.writer.trained[unit]
            else:
                texts.append(f"{variables} = {tape}.watched_variables()")
        loss = self._losses[call]
        texts.append(f"{gradients} = {tape}.gradient({loss}, {variables})")
        pairs = f"zip({gradients}, {variables})"
        if name in self.writer.merging:
            pairs = f"[({self.tf}.convert_to_tensor(g), v) for g, v in {pairs} if g is not None]"
        elif (several or self.writer.has_untrained) and given is None:
            pairs = f"[(g, v) for g, v in {pairs} if g is not None]"
        updates = [*self._set_rate(name), self._apply(name, pairs, unit), *self._count(bound)]
        build = [f"{name}.build({variables})"] if name in self.writer.keras_optimizers else []
        return texts, self._behind_data(updates, loss, build)

    def _apply(self, name: str, pairs: str, unit: Unit) -> str:
        """What applies gradients. Several updates by one Adam are of one step: its powers change behind all of them."""
        if name not in self.writer.adams or unit.ordered or len(self._applying(name)) < 2:
            return f"{name}.apply_gradients({pairs})"
        self._finishes.append(f"{name}.finish()")
        return f"{name}.move({pairs})"

    def _applying(self, name: str) -> list[ast.Call]:
        """Where the function applies gradients by an optimizer, in no said order."""
        return [
            n for u in self.units if not u.ordered for n in ast.walk(u.node)
            if isinstance(n, ast.Call) and getattr(n.func, "attr", "") in ("minimize", "apply_gradients")
            and isinstance(n.func.value, ast.Name) and n.func.value.id == name
        ]  # fmt: skip

    def _behind_data(self, updates: list[str], loss: str, build: Sequence[str] = ()) -> list[str]:
        """Updates that wait for the loss where that may fail at the end of the data: else counters would move on.

        build: what makes the state of the optimizer. Made behind the loss, it could not be lifted out of a function
        that is traced to make it.
        """
        takes = any(
            isinstance(n, ast.Attribute) and n.attr == "get_next" for unit in self.units for n in ast.walk(unit.node)
        )
        if not takes:
            return updates
        build = build if self.function.traced else []
        return [*build, f"with {self.tf}.control_dependencies([{loss}]):", *(shift(line, 4) for line in updates)]

    def _optimizer_name(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Call) and node in self.writer.optimizer_names:
            return self.writer.optimizer_names[node]
        raise Stuck(node, "the optimizer is not known")

    def _set_rate(self, name: str) -> list[str]:
        moving = self.writer.rates.get(name, {})
        return [f"{name}.{argument}.assign({text})" for argument, (text, _) in moving.items()]

    def _count(self, bound: dict[str, ast.expr]) -> list[str]:
        step = bound.get("global_step")
        if step is None or isinstance(step, ast.Constant) and step.value is None:
            return []
        return [f"{self.writer.rewriter.of(step)}.assign_add(1)"]


def _joined(texts: list[str]) -> list[str]:
    """Statements, with those in one that stand in the same context: of a device, or of names."""
    found: list[list[str]] = []
    for text in texts:
        lines = text.split("\n")
        is_context = lines[0].startswith("with ") and ("name_scope(" in lines[0] or "device(" in lines[0])
        if is_context and found and found[-1][0] == lines[0]:
            found[-1] += lines[1:]
        else:
            found.append(lines)
    return ["\n".join(lines) for lines in found]


def _quoted(text: str) -> str:
    return f'"{text}"'
