"""The program model: the statements that build a graph, what they bind, and the places that run parts of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from flake8_tf2.convert import kinds
from flake8_tf2.convert.collected import keys_of, may_be_below
from flake8_tf2.convert.kinds import Env, Evaluator, Value, bound_names, free_names, mutated_names
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.varscopes import reuse_call
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.convert.variables import is_update_ops

#: What becomes of a unit: it stays; it moves into the functions that need it; it goes; it is an input.
STAYS, MOVES, GOES, INPUT = "stays", "moves", "goes", "input"

Definitions = dict[str, frozenset["Unit"]]


@dataclass(eq=False)
class Unit:
    """A statement of a graph scope, with the contexts around it.

    around: the `with` statements that it stands in. reads: for each name that it reads, also through functions of the
    file that it calls, the units that may have bound it. env: what names are before it.
    """

    node: ast.stmt
    number: int
    region: ast.AST
    around: tuple[ast.With, ...]
    env: Env
    reads: Definitions = field(default_factory=dict)
    binds: frozenset[str] = frozenset()
    fate: str = STAYS
    value: Value = kinds.PYTHON
    sites: list["Site"] = field(default_factory=list)
    weak: bool = False  # it adds to what its names were
    ordered: bool = False  # it runs after others: control_dependencies
    gradients: list[ast.Call] = field(default_factory=list)  # where it computes gradients, or applies them

    def __repr__(self) -> str:
        return f"<Unit {self.number} {self.fate} {ast.unparse(self.node)[:60]!r}>"


@dataclass(eq=False)
class Site:
    """A place where something is run: `sess.run(fetches, feed_dict=feeds)`, `t.eval()`, `op.run()`.

    feeds: the dictionary as it stands there, or None. definitions: which units bound the names that it reads.
    """

    call: ast.Call
    unit: Unit
    fetches: ast.expr
    feeds: ast.expr | None
    env: Env
    definitions: Definitions


class Program:
    """What a file builds and runs. Raises Stuck where something has no conversion."""

    def __init__(self, source: Source):
        self.source = source
        self.evaluator = Evaluator(source)
        self.pieces: list[str] = []  # what of `pieces` the source says already
        self.units: list[Unit] = []
        self.sites: list[Site] = []
        self.env: Env = {}
        self.definitions: Definitions = {}
        self._adding: list[tuple[Unit, set[str]]] = []  # the statements that add to collections, and to which
        self.reusing: dict[ast.With | None, list[int]] = {}  # scopes told to reuse variables, behind which units
        self.global_sessions = self._global_sessions()  # names of the module that functions give sessions
        self.placeholders: dict[ast.Call, str] = {}  # the name that each was given
        self.hosts: list[ast.FunctionDef] = []  # functions that open or run sessions, or save, and build nothing
        self.scope = self._scope()
        self.evaluator.is_update_ops = lambda call: is_update_ops(source, call)
        if self.scope is not source.tree:
            self._read(source.tree.body, source.tree)
        self._read(self.scope.body, self.scope)
        self.hosts = self._functions_with_runs()
        self._move_functions()
        self._move_beginnings()
        for function in self.hosts:
            self._read_host(function)

    # Which part of the file builds the graph

    def _scope(self) -> ast.Module | ast.FunctionDef:
        source = self.source
        building: dict[ast.AST, None] = {}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                role = source.role(symbol) if (symbol := source.symbol(node.func)) else None
                if role in (Role.PLACEHOLDER, Role.SESSION):
                    owner = self.owner(node)
                    if isinstance(owner, (ast.ClassDef, ast.Lambda)) or self._in_class(owner):
                        raise Stuck(node, "a class builds the graph")
                    building.setdefault(owner, None)
        if not building:
            raise Stuck(None, "the file opens no session")
        if source.tree in building:
            return source.tree
        placeholders = [o for o in building if self._has(o, Role.PLACEHOLDER)]
        owners = placeholders or list(building)
        if len(owners) > 1:
            raise Stuck(owners[1], "several functions build graphs")
        return owners[0]

    def _has(self, owner: ast.AST, wanted: Role) -> bool:
        return any(self.owner(call) is owner for call, _, _ in self.source.calls(owner, wanted))

    def owner(self, node: ast.AST) -> ast.AST:
        """The function, lambda, class or module that a node stands in."""
        node = self.source.parents[node]
        while not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)):
            node = self.source.parents[node]
        return node

    def _in_class(self, owner: ast.AST) -> bool:
        while not isinstance(owner, ast.Module):
            owner = self.source.parents[owner]
            if isinstance(owner, ast.ClassDef):
                return True
        return False

    def _functions_with_runs(self) -> list[ast.FunctionDef]:
        found = []
        for function in ast.walk(self.source.tree):
            if isinstance(function, ast.FunctionDef) and function is not self.scope:
                env = self._host_env(function)
                for node in ast.walk(function):
                    if not isinstance(node, ast.Call) or self.owner(node) is not function:
                        continue
                    opens = self.source.called_role(node) is Role.SESSION
                    if opens or self._run_parts(node, env) or self._saves(node, env):
                        if self._in_class(function):
                            raise Stuck(node, "a class runs the session")
                        found.append(function)
                        break
        return found

    def _global_sessions(self) -> set[str]:
        found = set()
        for call, _, _ in self.source.calls(self.source.tree, Role.SESSION):
            statement, owner = self.source.parents[call], self.owner(call)
            if isinstance(statement, ast.Assign) and isinstance(owner, ast.FunctionDef):
                declared = {n for s in ast.walk(owner) if isinstance(s, ast.Global) for n in s.names}
                found |= declared & set().union(*(bound_names(t) for t in statement.targets))
        return found

    def _saves(self, call: ast.Call, env: Env) -> bool:
        """Whether a call has a saver save or restore."""
        is_method = isinstance(call.func, ast.Attribute) and call.func.attr in ("save", "restore")
        return is_method and bool(self.evaluator.eval(call.func.value, env).kinds & {kinds.SAVER})

    # Reading statements

    def _read(self, body: list[ast.stmt], region: ast.AST) -> None:
        for statement in ast.walk(region):
            if isinstance(statement, ast.FunctionDef) and self.owner(statement) is region:  # before what calls them
                self.evaluator.functions[statement.name] = statement
        self._read_body(body, region, ())

    def _read_body(self, body: list[ast.stmt], region: ast.AST, around: tuple[ast.With, ...]) -> None:
        for statement in body:
            if isinstance(statement, ast.With) and self.is_context(statement):
                for item in statement.items:
                    if item.optional_vars is not None:
                        self.evaluator.assign(
                            item.optional_vars, self.evaluator.eval(item.context_expr, self.env), self.env
                        )
                        self.definitions.pop(getattr(item.optional_vars, "id", ""), None)
                self._read_body(statement.body, region, (*around, statement))
            elif isinstance(statement, ast.If) and _is_main(statement):
                self._read_body(statement.body, region, around)
            else:
                self._add(statement, region, around)

    def is_context(self, statement: ast.With) -> bool:
        """Whether a `with` only says where its body belongs: to a graph, a session, a scope or a device."""
        return all(self.context_role(item.context_expr) is not None for item in statement.items)

    def context_role(self, node: ast.expr) -> Role | None:
        """The role of a context of TensorFlow; None of any other."""
        if isinstance(node, ast.Name):
            value = self.env.get(node.id, kinds.PYTHON)
            return Role.SESSION if value.kinds & {kinds.SESSION} else None
        if not isinstance(node, ast.Call):
            return None
        symbol = self.source.symbol(node.func)
        if symbol:
            role = self.source.role(symbol)
            known = (Role.SESSION, Role.SCOPE, Role.VARIABLE_SCOPE, Role.DEVICE, Role.ORDER)
            return role if role in known else None
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("as_default", "device", "name_scope"):
            value = self.evaluator.eval(node.func.value, self.env)
            if node.func.attr == "as_default" and value.kinds & {kinds.SESSION}:
                return Role.SESSION
            if value.kinds & {kinds.GRAPH}:
                return Role.DEVICE if node.func.attr == "device" else Role.SCOPE
            if node.func.attr == "control_dependencies":
                return Role.ORDER
        return None

    def _add(self, statement: ast.stmt, region: ast.AST, around: tuple[ast.With, ...]) -> None:
        unit = Unit(statement, len(self.units), region, around, dict(self.env))
        self.units.append(unit)
        if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
            unit.binds = frozenset(bound_names(statement))
            for name in unit.binds:
                self.definitions[name] = frozenset((unit,))
                self.env.pop(name, None)
            return
        unit.reads = self.reads(statement, self.definitions)
        for outer in around:
            for item in outer.items:
                if self.context_role(item.context_expr) is Role.ORDER:
                    unit.ordered = True
                    unit.reads = merge(unit.reads, self.reads(item.context_expr, self.definitions))
        nodes = [unit.node, *(item.context_expr for outer in unit.around for item in outer.items)]
        unit.reads = merge(unit.reads, self.collected(nodes, unit.number))
        self._find_sites(unit)
        unit.gradients = [n for n in ast.walk(statement) if isinstance(n, ast.Call) and self.gradient_kind(n)]
        env = dict(self.env)
        changed = dict(self.env)
        self.evaluator.assigned.clear()
        self.evaluator.statement(statement, changed, [])
        assigned = list(self.evaluator.assigned)
        for name in bound_names(statement) & self.global_sessions if isinstance(statement, ast.Assign) else ():
            changed[name] = Value(frozenset((kinds.SESSION,)))
        unit.value = self._value(statement, env)
        mutated = {name for name in changed if changed[name] != env.get(name)} | mutated_names(statement)
        mutated -= bound_names(statement)
        mutated -= {n for n in mutated if self.env.get(n, kinds.PYTHON).kinds & {kinds.MODULE}}  # metric.update(...)
        mutated -= {
            n
            for n in mutated
            if any(isinstance(u.node, (ast.Import, ast.ImportFrom)) for u in self.definitions.get(n, ()))
        }
        unit.weak = bool(mutated) or not isinstance(statement, (ast.Assign, ast.AnnAssign))
        unit.binds = frozenset(bound_names(statement) | mutated)
        unit.fate = self._fate(unit, env, changed, assigned)
        if unit.fate == MOVES:
            added = keys_of(self.source, self.evaluator.functions, statement, "add_to_collection")
            self._adding += [(unit, added)] if added else []
        for name in unit.binds:
            is_strong = not unit.weak or name in bound_names(statement) and isinstance(statement, ast.Assign)
            before = frozenset() if is_strong else self.definitions.get(name, frozenset())
            self.definitions[name] = before | {unit}
        self.env = changed

    def collected(self, nodes: list[ast.AST], number: int) -> Definitions:
        """The statements before one that add to the collections that code gets, under names of their own."""
        functions = self.evaluator.functions
        keys = set().union(*(keys_of(self.source, functions, node, "get_collection") for node in nodes))
        found = {}
        for key in keys:
            adding = frozenset(
                other for other, added in self._adding
                if other.number < number and (key == "*" or key in added or "*" in added and key != "update_ops")
            )  # fmt: skip
            scopes = self._update_scopes(nodes) if key == "update_ops" else None
            if scopes:
                adding = frozenset(
                    other for other in adding if any(may_be_below(self.source, functions, other, s) for s in scopes)
                )
            if adding:
                found[f"collection {key}"] = adding
        return found

    def _update_scopes(self, nodes: list[ast.AST]) -> list[str]:
        """The plain scopes below which updates are got; none where that is not known."""
        found = []
        for call in (n for node in nodes for n in ast.walk(node)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "get_collection":
                scope = call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else None
                if not isinstance(scope, str) or not scope.replace("/", "").replace("_", "").isalnum():
                    return []
                found.append(scope)
        return found

    def _value(self, statement: ast.stmt, env: Env) -> Value:
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)) and statement.value is not None:
            return self.evaluator.eval(statement.value, env)
        return kinds.PYTHON

    def _fate(self, unit: Unit, env: Env, changed: Env, assigned: list[tuple[str, Value]]) -> str:
        node, value = unit.node, unit.value
        if isinstance(node, ast.Expr):
            return self._fate_of_expression(unit, env)
        if isinstance(node, ast.Assign):
            if self._note_placeholders(node, env):
                return INPUT
            if value.of_runs or any(changed.get(n, kinds.PYTHON).of_runs for n in unit.binds):
                return MOVES
            if value.kinds & {kinds.SESSION, kinds.NOTHING, kinds.GRAPH, kinds.INITIALIZER} and not value.holds:
                return GOES
            if value.kinds <= {kinds.NOTHING} or bound_names(node) and bound_names(node) <= self.global_sessions:
                return GOES
            if value.kinds & {kinds.DATASET, kinds.ITERATOR} and self.reads_inputs(unit):
                return MOVES
            return STAYS
        if isinstance(node, ast.AugAssign):
            return MOVES if any(changed.get(n, kinds.PYTHON).of_runs for n in unit.binds) else STAYS
        if self._only_opens(node, env):
            return GOES
        if any(value.of_runs and name in unit.binds for name, value in assigned):
            if unit.sites:
                names = sorted({name for name, value in assigned if value.of_runs and name in unit.binds})
                raise Stuck(node, f"a loop or branch both builds the graph ({', '.join(names)}) and runs it")
            return MOVES
        return STAYS

    def _only_opens(self, node: ast.stmt, env: Env) -> bool:
        """Whether a statement does no more than see that there is a session."""
        if isinstance(node, ast.Global):
            return set(node.names) <= self.global_sessions
        return isinstance(node, ast.If) and not node.orelse and all(
            isinstance(s, ast.Assign) and self.evaluator.eval(s.value, env).kinds == {kinds.SESSION} for s in node.body
        )  # fmt: skip

    def reads_inputs(self, unit: Unit) -> bool:
        """Whether a statement reads what is fed, or what each run computes."""
        return any(u.fate in (INPUT, MOVES) for units in unit.reads.values() for u in units)

    def _fate_of_expression(self, unit: Unit, env: Env) -> str:
        call = unit.node.value
        value = unit.value
        if isinstance(call, ast.Call):
            if any(site.call is call for site in unit.sites):
                return STAYS
            if reuse_call(self.source, unit.node, self._scope_names(unit)):
                self._note_reuse(unit)
                return GOES
            if getattr(call.func, "id", "") == "add_to_collection" and value.of_runs:
                return MOVES
            symbol = self.source.symbol(call.func)
            role = self.source.role(symbol) if symbol else None
            if role in (Role.GRAPH, Role.NOTHING, Role.SESSION) or value.kinds & {kinds.GRAPH, kinds.NOTHING}:
                return GOES
            if isinstance(call.func, ast.Attribute):
                receiver = self.evaluator.eval(call.func.value, env)
                if receiver.kinds & {kinds.SESSION, kinds.GRAPH}:
                    if call.func.attr in ("close", "finalize"):
                        return GOES
                    if call.func.attr != "run":
                        raise Stuck(call, f"the session's {call.func.attr} has no conversion")
                if receiver.of_runs and not receiver.holds:  # x.set_shape(...)
                    unit.binds |= free_names(call.func.value)
                    return MOVES
                if unit.binds and value.of_runs:  # layers.append(h)
                    return MOVES
                if receiver.holds and any(self.evaluator.eval(a, env).of_runs for a in call.args):
                    return MOVES
            if role in (Role.OP, Role.SUMMARY) or value.kinds & {kinds.OP, kinds.SUMMARY}:
                return MOVES  # where nothing fetches it, it goes
        return STAYS

    def _scope_names(self, unit: Unit) -> set[str]:
        """The names that the contexts around a statement have."""
        return {i.optional_vars.id for w in unit.around for i in w.items if isinstance(i.optional_vars, ast.Name)}

    def _note_reuse(self, unit: Unit) -> None:
        """From here on a scope around a statement finds its variables again."""
        owner = unit.node.value.func.value
        outer: ast.With | None = None
        for context in unit.around:
            for item in context.items:
                named = isinstance(owner, ast.Name) and getattr(item.optional_vars, "id", "") == owner.id
                if named or isinstance(owner, ast.Call) and self.context_role(item.context_expr) is Role.VARIABLE_SCOPE:
                    outer = context
        self.reusing.setdefault(outer, []).append(unit.number)

    def _note_placeholders(self, node: ast.Assign, env: Env) -> bool:
        """Whether an assignment only gives names to placeholders, which are noted."""
        target = node.targets[0]
        pairs = [(target, node.value)]
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(node.value, (ast.Tuple, ast.List)):
            pairs = list(zip(target.elts, node.value.elts))
        made = [(t, self.evaluator.eval(v, env).placeholder) for t, v in pairs]
        if len(node.targets) > 1 or not all(call and isinstance(t, ast.Name) for t, call in made):
            return False
        if not all(v is call for (_, v), (_, call) in zip(pairs, made)):
            return False
        self.placeholders.update({call: t.id for t, call in made})
        return True

    def _move_functions(self) -> None:
        """Functions that read tensors of the graph belong into the functions that call them."""
        for unit in self.units:
            node = unit.node
            if isinstance(node, ast.FunctionDef) and node is not self.scope and node not in self.hosts:
                if any(f in self._called(node) for f in (self.scope, *self.hosts)):
                    continue
                unit.reads = self.reads(node, self.definitions)
                unit.reads = {n: units for n, units in unit.reads.items() if not self._are_keys(node, n)}
                if any(u.fate in (MOVES, INPUT) for units in unit.reads.values() for u in units):
                    unit.fate = MOVES

    def _called(self, function: ast.FunctionDef) -> set[ast.FunctionDef]:
        """The functions that a function calls, also through others."""
        found: set[ast.FunctionDef] = set()
        work = [function]
        while work:
            names = free_names(work.pop())
            new = {f for n, f in self.evaluator.functions.items() if n in names} - found
            found |= new
            work += new
        return found

    def _are_keys(self, function: ast.FunctionDef, name: str) -> bool:
        """Whether a function reads a name only as a key: of feeds, which are made where nothing is computed."""
        nodes = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name]
        for node in nodes:
            parent = self.source.parents[node]
            if isinstance(parent, ast.Subscript) and parent.value is node:
                node, parent = parent, self.source.parents[parent]
            if isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "zip":
                around = self.source.parents[parent]
                is_key = getattr(getattr(around, "func", None), "id", "") == "dict"
                is_key = is_key or isinstance(self.source.parents[around], ast.DictComp)
            else:
                is_key = isinstance(parent, ast.Dict) and node in parent.keys
                is_key = is_key or isinstance(parent, ast.DictComp) and parent.key is node
                is_key = is_key or isinstance(parent, ast.Subscript) and parent.slice is node
            if not is_key:
                return False
        return bool(nodes)

    def _move_beginnings(self) -> None:
        """`losses = []` belongs to the statements that put tensors into it: each run begins anew."""
        work = [unit for unit in self.units if unit.fate == MOVES and unit.weak]
        while work:
            unit = work.pop()
            for name in unit.binds:
                for other in unit.reads.get(name, ()):
                    if other.fate == STAYS and isinstance(other.node, ast.Assign) and other.value.kinds <= {kinds.HOST}:
                        other.fate = MOVES
                        if other.weak:
                            work.append(other)

    # What is read

    def reads(self, node: ast.AST, definitions: Definitions) -> Definitions:
        """The names that a node reads, also through the functions that it calls, with the units that bound them."""
        names: set[str] = set()
        work = sorted(free_names(node))
        while work:
            name = work.pop()
            if name in names:
                continue
            names.add(name)
            function = self.evaluator.functions.get(name)
            if function is not None and function not in self.hosts:  # what those run, they give as Python's values
                work += sorted(free_names(function))
        return {name: definitions[name] for name in sorted(names) if name in definitions}

    # Places where something runs

    def _run_parts(self, call: ast.Call, env: Env) -> tuple[ast.expr, ast.expr | None] | None:
        """What a call runs and with which feeds; None where it runs nothing."""
        source = self.source
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("partial_run", "partial_run_setup"):
            if self.evaluator.eval(call.func.value, env).kinds & {kinds.SESSION}:
                raise Stuck(call, f"the session's {call.func.attr} has no conversion")
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("run", "eval"):
            return None
        if source.symbol(call.func):
            return None
        receiver = self.evaluator.eval(call.func.value, env)
        if receiver.kinds & {kinds.SESSION} and call.func.attr == "run":
            bound = source.bind_method(call, "run")
            if "options" in bound or "run_metadata" in bound:
                raise Stuck(call, "traces of a run (options, run_metadata) have no conversion")
            if "fetches" not in bound:
                raise Stuck(call, "it runs nothing")
            feeds = bound.get("feed_dict")
            return bound["fetches"], None if isinstance(feeds, ast.Constant) else feeds
        known = (
            receiver.of_runs
            or receiver.kinds & {kinds.NOTHING, kinds.INITIALIZER}
            or receiver.kinds == {kinds.VARIABLE}
        )
        if known and (not receiver.holds or call.func.attr == "eval"):  # of summaries
            kind = "run_op" if call.func.attr == "run" else "eval"
            bound = source.bind_method(call, "eval_variable" if receiver.kinds == {kinds.VARIABLE} else kind)
            return call.func.value, bound.get("feed_dict")
        return None

    def _find_sites(self, unit: Unit) -> None:
        env = dict(self.env)
        if not isinstance(unit.node, (ast.Assign, ast.Expr, ast.AugAssign)):
            self.evaluator.statement(unit.node, env, [])  # what it binds on the way
        for node in ast.walk(unit.node):
            if isinstance(node, ast.Call):
                inner = self._within_comprehensions(node, unit, env)
                parts = self._run_parts(node, inner)
                if parts is not None:
                    site = Site(node, unit, *parts, inner, dict(self.definitions))
                    unit.sites.append(site)
                    self.sites.append(site)

    def _within_comprehensions(self, node: ast.AST, unit: Unit, env: Env) -> Env:
        """What names are at a place within comprehensions: with those that these bind."""
        generators: list[ast.comprehension] = []
        while node is not unit.node:
            node = self.source.parents[node]
            generators = [*getattr(node, "generators", ()), *generators]
        inner = dict(env) if generators else env
        for generator in generators:
            self.evaluator.assign(generator.target, Evaluator.item(self.evaluator.eval(generator.iter, inner)), inner)
        return inner

    def gradient_kind(self, call: ast.Call) -> str:
        """What a call does with gradients: "minimize", "compute_gradients", "gradients"; "" where nothing."""
        symbol = self.source.symbol(call.func)
        if symbol:
            return "gradients" if self.source.role(symbol) is Role.GRADIENTS else ""
        name = getattr(call.func, "attr", "")
        if name not in ("minimize", "compute_gradients"):
            return ""
        receiver = self.evaluator.eval(call.func.value, self.env)
        return name if receiver.kinds & {kinds.OPTIMIZER} else ""

    # Functions that run what others built

    def _host_env(self, function: ast.FunctionDef) -> Env:
        env = {n: v for n, v in self.env.items()}
        args = function.args
        for argument in (*args.posonlyargs, *args.args, *args.kwonlyargs):
            env.pop(argument.arg, None)
            if self.is_session_parameter(function, argument.arg):
                env[argument.arg] = Value(frozenset((kinds.SESSION,)))
                continue
            given = [self.given(function, call, argument.arg) for call in self.calls_of(function)]
            values = [self.evaluator.eval(g, self.env) for g in given if g is not None]
            if values and all(v.kinds <= {kinds.VARIABLE, kinds.HOST} for v in values):
                env[argument.arg] = Evaluator.join(*values)
        for node in ast.walk(function):
            if isinstance(node, ast.With):
                for item in node.items:
                    if (
                        isinstance(item.optional_vars, ast.Name)
                        and self.context_role(item.context_expr) is Role.SESSION
                    ):
                        env[item.optional_vars.id] = Value(frozenset((kinds.SESSION,)))
            if isinstance(node, ast.Assign) and any(self.source.calls(node.value, Role.SESSION)):
                if self.evaluator.eval(node.value, env).kinds & {kinds.SESSION}:
                    for target in node.targets:
                        self.evaluator.assign(target, Value(frozenset((kinds.SESSION,))), env)
        return env

    def is_session_parameter(self, function: ast.FunctionDef, name: str) -> bool:
        """Whether every call of a function of the file gives a parameter a session."""
        found = False
        default = _default(function, name)
        for call in self.calls_of(function):
            given = self.given(function, call, name) or default
            if given is None or isinstance(given, ast.Constant) and given.value is not None:
                return False
            if not isinstance(given, ast.Constant):
                is_session = self.source.called_role(given) is Role.SESSION
                if not is_session and (not isinstance(given, ast.Name) or not self._names_session(given)):
                    return False
                found = True
        return found

    @staticmethod
    def given(function: ast.FunctionDef, call: ast.Call, name: str) -> ast.expr | None:
        """What a call gives a parameter of a function."""
        positional = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        position = positional.index(name) if name in positional else len(call.args)
        given = call.args[position] if position < len(call.args) else None
        return next((k.value for k in call.keywords if k.arg == name), given)

    def _names_session(self, node: ast.Name) -> bool:
        if self.env.get(node.id, kinds.PYTHON).kinds & {kinds.SESSION}:
            return True
        owner = self.owner(node)
        if isinstance(owner, ast.FunctionDef) and owner is not self.scope:
            if node.id in [a.arg for a in owner.args.args]:
                return self.is_session_parameter(owner, node.id)
            return bool(self._host_env(owner).get(node.id, kinds.PYTHON).kinds & {kinds.SESSION})
        return False

    def calls_of(self, function: ast.FunctionDef) -> list[ast.Call]:
        """The calls of a function by its name."""
        return self.source.calls_by_name.get(function.name, [])

    def _read_host(self, function: ast.FunctionDef) -> None:
        outer_env, outer = self.env, self.definitions
        self.env = self._host_env(function)
        self.definitions = dict(outer)
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            self.definitions.pop(argument.arg, None)
        self._read_body(function.body, function, ())
        self.env, self.definitions = outer_env, outer


def merge(one: Definitions, other: Definitions) -> Definitions:
    """Definitions of both."""
    return {**one, **{name: one.get(name, frozenset()) | units for name, units in other.items()}}


def _default(function: ast.FunctionDef, name: str) -> ast.expr | None:
    """The default of a parameter."""
    positional = [*function.args.posonlyargs, *function.args.args]
    defaults = dict(zip(positional[::-1], function.args.defaults[::-1]))
    defaults |= {a: d for a, d in zip(function.args.kwonlyargs, function.args.kw_defaults) if d is not None}
    return next((d for a, d in defaults.items() if a.arg == name), None)


def _is_main(statement: ast.If) -> bool:
    test = statement.test
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and not statement.orelse
    )
