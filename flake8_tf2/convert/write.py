"""Writing the converted program: functions for what is run, state where it was made, calls where the session ran."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from dataclasses import dataclass, field
from typing import Callable

from flake8_tf2.convert import calls, graphs, inserted, kinds, tapes
from flake8_tf2.convert.builds import Builds
from flake8_tf2.convert.collected import NORMALIZATIONS
from flake8_tf2.convert.config import device_calls
from flake8_tf2.convert.feeds import Feed
from flake8_tf2.convert.initial import Initializers
from flake8_tf2.convert.iterators import Iterators
from flake8_tf2.convert.kinds import free_names
from flake8_tf2.convert.layout import Rewriter, comment_lines, shift
from flake8_tf2.convert.model import GOES, INPUT, MOVES, STAYS, Definitions, Program, Unit
from flake8_tf2.convert.names import Names
from flake8_tf2.convert.passed import remove_argument, remove_parameter
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.savers import Savers
from flake8_tf2.convert.varscopes import Scopes
from flake8_tf2.convert.slices import Slice, Slicer
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.convert.stateful import StatefulCode
from flake8_tf2.convert.variables import Made, VariableLists


@dataclass(eq=False)
class Function:
    """A function that is written: what it computes, for the sites that need just this."""

    slices: list[Slice]
    name: str = ""
    returns: str = ""
    traced: bool = False  # as soon as it is defined, so that its layers have their variables
    constants: dict[str, str] = field(default_factory=dict)  # parameters that every site feeds the same literal
    keeps: dict[Unit | None, list[str]] = field(default_factory=dict)  # statements behind those of units
    also: list[Unit] = field(default_factory=list)  # other units that it needs
    hosts: list[str] = field(default_factory=list)  # parameters for what Python gives names around the run

    @property
    def slice(self) -> Slice:
        """What it computes; all its slices are alike."""
        return self.slices[0]


class Writer:
    """Writes one program anew. Raises Stuck where that cannot be done."""

    def __init__(self, program: Program, jit: bool = False, exact: bool = False):
        self.program = program
        self.source: Source = program.source
        self.jit = jit
        self.exact = exact
        self.rewriter = Rewriter(self.source)
        self.tf = self.source.alias()
        self.taken = {n.id for n in ast.walk(self.source.tree) if isinstance(n, ast.Name)}
        self.taken |= {n.name for n in ast.walk(self.source.tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        self.taken |= set(dir(builtins)) | set(keyword.kwlist)
        self.slicer = Slicer(program)
        self.scopes = Scopes(program)
        self.before: dict[Unit, list[str]] = {}  # what is made in the place of a unit
        self.after: dict[Unit, list[str]] = {}  # functions that stand behind a unit
        self.loose_first: dict[Unit, list[str]] = {}  # statements that stand behind a unit, before its functions
        self.loose: dict[Unit, list[str]] = {}  # and behind them
        self.rates: dict[str, dict[str, tuple[str, Definitions]]] = {}  # of optimizers: what is set at each step
        self.optimizer_names: dict[ast.Call, str] = {}
        self.keras_optimizers: set[str] = set()
        self.adams: set[str] = set()  # optimizers that are pieces, and keep powers that each step changes
        self.trained: dict[Unit, str] = {}  # of statements that train all variables, the list of these
        self.merging: set[str] = set()  # those of them that take gradients of rows only as whole gradients
        self.by_row = self._looks_up()
        self.has_untrained = self._has_untrained_layers()
        self.names = Names(program)
        self.names.matter = self.names.matter or self._saves_several_graphs()
        self.regularizes = any(self.regularization(unit) for unit in program.units)
        self.updates = any(self._is_collection(n, "get_collection", "update_ops") for n in ast.walk(self.source.tree))
        self.has_conditions = any(
            isinstance(n, ast.Attribute) and self.source.symbol(n) == "tf.cond" for n in ast.walk(self.source.tree)
        )
        self.removed_headers: set[ast.With] = set()
        self.stateful = StatefulCode(self)
        self.iterators = Iterators(self)
        self.pieces: list[str] = list(program.pieces)
        self.head: list[str] = []  # statements that stand behind the imports
        self.lists = VariableLists(self)
        self.layers: dict[str, str] = {}  # by full name, the object
        self.variables: dict[str, str] = {}  # by full name, what holds them
        self.builds = Builds(self)
        self.savers = Savers(self)
        self.initial = Initializers(self)
        self.functions: list[Function] = []
        self.placed: dict[Function, Unit] = {}  # the units behind which functions stand
        self.calls: list[Callable[[], None]] = []

    def with_pieces(self, text: str, pieces: list[str]) -> str:
        """The text with pieces in their place."""
        inner = inserted.text_of(pieces, self.tf, self.numpy, self._imported_before()) if pieces else ""
        return text.replace(PIECES, inner, 1)

    def head_statements(self) -> list[ast.stmt]:
        """The statements of the file before which nothing is inserted: those up to the imports with TensorFlow's.

        What stands between imports, as settings of the environment, may have to run before TensorFlow is imported.
        """
        body = self.source.tree.body
        last = 0
        for number, node in enumerate(body):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.If, ast.For, ast.While)):
                break
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
                imports = self.tf in names
                last = number + 1 if imports or last == number else last
                if imports:
                    break
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                last = number + 1 if last == number else last
            elif any(self.source.symbol(n) for n in ast.walk(node) if isinstance(n, (ast.Name, ast.Attribute))):
                break
            elif not ast.unparse(node).isascii():
                break  # the mark of a file, or of a class
        while last < len(body) and isinstance(body[last], (ast.Import, ast.ImportFrom)):
            last += 1
        return body[:last]

    def _imported_before(self) -> set[str]:
        """The names that the imports at the head of the file bind."""
        imports = [n for n in self.head_statements() if isinstance(n, (ast.Import, ast.ImportFrom))]
        return {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}

    @property
    def width(self) -> int:
        """The length of line that the file keeps."""
        return max(79, min(120, max(map(len, self.source.text.lines))))

    @property
    def numpy(self) -> str:
        """What the file calls numpy."""
        for name, bindings in self.source.layout.module.bindings.items():
            if any(b.kind == "import" and b.node == "numpy" for b in bindings):
                return name
        return "np"

    def _saves_several_graphs(self) -> bool:
        """Whether variables of one graph may be saved, and restored as those of another, under the same names."""
        if not any(self.source.calls(self.source.tree, Role.SAVER)):
            return False
        makes = (Role.VARIABLE, Role.LAYER)
        return len({self.graph_of(u) for u in self.program.units if any(self.source.calls(u.node, *makes))}) > 1

    def _has_untrained_layers(self) -> bool:
        """Whether some layers are not trained: a tape watches their variables all the same."""
        return any(
            given.arg == "trainable" and not (isinstance(given.value, ast.Constant) and given.value.value is True)
            for call, _, _ in self.source.calls(self.source.tree, Role.LAYER)
            for given in call.keywords
        )

    def _is_collection(self, node: ast.AST, function: str, key: str) -> bool:
        """Whether a node gets, or adds to, a collection."""
        is_call = isinstance(node, ast.Call) and getattr(node.func, "id", "") == function and bool(node.args)
        return is_call and getattr(node.args[0], "value", None) == key

    def _looks_up(self) -> bool:
        """Whether gradients may be of rows that were looked up."""
        for node in ast.walk(self.source.tree):
            symbol = self.source.symbol(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
            if symbol.rpartition(".")[2] in ("embedding_lookup", "gather", "nce_loss", "sampled_softmax_loss",
                                             "embedding_lookup_sparse", "gather_nd"):  # fmt: skip
                return True
        return False

    def write(self) -> str:
        """The text of the converted program."""
        self._replace_symbols()
        self._remove_sessions()
        self.iterators.read()
        head, before = device_calls(self.program, self.tf)
        self.head += head
        self.before |= before
        self._optimizers_of_functions()
        for unit in self.program.units:
            if unit.fate == MOVES:
                if unit in self.slicer.needed:
                    self._dropouts(unit.node)
                    self.stateful.rewrite(unit)
                    self._state_of_moved(unit)
            elif unit.fate == STAYS and not isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
                self._state_in_place(unit)
                self._state_by_name(unit)
        for function in self.program.evaluator.functions.values():
            if function is not self.program.scope and function not in self.program.hosts:
                self._dropouts(function)
        for unit in self.program.units:
            if unit in self.slicer.needed and self.trains_all(unit):
                name = self.new_name("trained_variables")
                self.before.setdefault(unit, []).append(f"{name} = {self.lists.trained(unit)}")
                self.trained[unit] = name
        if self.builds.slices and self.names.are_read:
            self.names.require(self.source.tree)
        if self.builds.slices and self.lists.unknown:
            self.stateful.use()
        for unit in self.program.units:
            for call in (
                self.lists.calls(unit.node) if not isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)) else ()
            ):
                if unit.fate == STAYS or unit in self.slicer.needed:
                    if not self.program.evaluator.is_update_ops(call) and not self.savers.is_all_of_one(call):
                        self._write_list(unit, call)
        self._write_regularizers()
        self._write_symbolic_gradients()
        self._build_averages()
        self._check_initializers()
        self._share_with_functions()
        self.rewriter.edits |= self.slicer.feed_dicts.edits
        # In the order of the source, inner ones first.
        sites = sorted(self.slicer.slices, key=lambda s: self.source.text.range(s.site.call)[::-1])
        for found in sites:
            self._site(found)
        for write_call in self.calls:  # when all is known of the functions
            write_call()
        self.builds.write()
        self.savers.write()
        for function in self.functions:
            self._place(function)
        self.savers.check_order()
        graphs.write(self)
        if self.stateful.name:
            self.pieces.append("State")
            self.head.append(f"{self.stateful.name} = State()")
        return _Assembly(self).text()

    def _write_list(self, unit: Unit, call: ast.Call) -> None:
        """A list of variables, which is known before anything runs."""
        text = self.lists.text(call, unit)
        if unit.fate == MOVES and self.builds.covered(unit) >= 0:
            name = self.new_name("trained_variables" if "trainable" in text else "all_variables")
            self.before.setdefault(unit, []).append(f"{name} = {text}")
            text = name
        self.rewriter.replace(call, text)

    def _write_regularizers(self) -> None:
        """The losses that regularizers add are those of what was made before they are listed."""
        for unit in self.program.units:
            for call in self.regularization(unit):
                if unit not in self.slicer.needed:
                    continue
                self.stateful.use()
                scope = self.source.bind(call, self.source.symbol(call.func)).bound.get("scope")
                name = self.new_name("regularizers")
                given = "" if scope is None else self.source.of(scope.value)
                self.before.setdefault(unit, []).append(f"{name} = {self.stateful.name}.regularizers({given})")
                self.rewriter.replace(call, f"[regularizer() for regularizer in {name}]")

    def _write_symbolic_gradients(self) -> None:
        """Where no tape can be put around, gradients are taken as TF1 did, of the graph of the function."""
        for unit in self.program.units:
            if unit not in self.slicer.needed or not tapes.is_symbolic(self.source, unit):
                continue
            for call in unit.gradients:
                if self.source.symbol(call.func):
                    continue
                bound = self.source.bind_method(call, call.func.attr)
                if call.func.attr != "compute_gradients" or set(bound) - {"loss", "var_list"}:
                    raise Stuck(call, "a train op is made in a loop or branch")
                given = bound.get("var_list")
                variables = self.rewriter.of(given) if given is not None else self.lists.trained_within(unit)
                text = f"{self.tf}.gradients({self.rewriter.of(bound['loss'])}, {variables})"
                self.rewriter.replace(call, f"list(zip({text}, {variables}))")

    def _build_averages(self) -> None:
        """Moving averages of variables begin where they are applied first."""
        for unit in self.program.units:
            if unit.fate != MOVES or unit not in self.slicer.needed:
                continue
            for node in ast.walk(unit.node):
                if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "apply":
                    continue
                if self.program.evaluator.eval(node.func.value, unit.env).kinds & {kinds.AVERAGES}:
                    if len(node.args) != 1 or node.keywords or not isinstance(node.func.value, ast.Name):
                        raise Stuck(node, "what the moving average is applied to is not known")
                    if not self.program.evaluator.eval(node.args[0], unit.env).kinds <= {kinds.VARIABLE}:
                        raise Stuck(node, "the moving average of what is no variable has no conversion here")
                    text = f"{node.func.value.id}.build({self.rewriter.of(node.args[0])})"
                    self.before.setdefault(unit, []).append(text)

    def regularization(self, unit: Unit) -> list[ast.Call]:
        """Where a statement asks for the losses of regularizers."""
        if isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
            return []
        calls_ = [n for n in ast.walk(unit.node) if isinstance(n, ast.Call)]
        return [c for c in calls_ if self.source.symbol(c.func) == "tf.losses.get_regularization_losses"]

    def trains_all(self, unit: Unit) -> bool:
        """Whether a statement trains all variables that are trained, and a tape would watch others, too."""
        is_symbolic = bool(unit.gradients) and tapes.is_symbolic(self.source, unit)
        return (
            self.has_untrained
            and not is_symbolic
            and any(
                getattr(call.func, "attr", "") in ("minimize", "compute_gradients")
                and "var_list" not in self.source.bind_method(call, call.func.attr)
                for call in unit.gradients
            )
        )

    def use(self, piece: str) -> None:
        """Write a piece into the program."""
        if piece not in self.pieces:
            if piece in self.taken:
                raise Stuck(None, f"the file has a name {piece} of its own")
            self.pieces.append(piece)

    def _replace_symbols(self) -> None:
        """Names of TF1 for which a piece stands, and those of pieces that stand there already."""
        for node in ast.walk(self.source.tree):
            if self.scopes.names_op(node) and (text := self.scopes.name_text(node)):
                self.rewriter.replace(node, text)
            if isinstance(node, ast.Attribute) and node.attr == "name" and getattr(node.value, "attr", "") == "op":
                self.rewriter.replace(node, f'{self.source.of(node.value.value)}.name.split(":")[0]')
            if isinstance(node, ast.Call) and self.source.symbol(node.func).rpartition(".")[2] in NORMALIZATIONS:
                self.use("BatchNormalization")
            if isinstance(node, ast.Call) and self.updates and self.source.symbol(node.func) == "tf.group":
                if any(isinstance(a, ast.Starred) for a in node.args):
                    self.use("run_ops")
                    self.rewriter.replace(node.func, "run_ops")
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "load" and node.args:
                if self.program.evaluator.eval(node.func.value, self.program.env).kinds == {kinds.VARIABLE}:
                    value = self.source.of(node.args[0])
                    self.rewriter.replace(node, f"{self.source.of(node.func.value)}.assign({value})")
            if isinstance(node, ast.Call) and self.source.symbol(node.func).endswith("train.global_step"):
                step = self.source.bind(node, self.source.symbol(node.func)).bound["global_step_tensor"].value
                self.rewriter.replace(node, f"int({self.source.of(step)}.numpy())")
            if isinstance(node, ast.Name) and node.id in inserted.names() and not self.source.symbol(node):
                if node.id not in self.pieces and not any(node.id in u.binds for u in self.program.units):
                    self.pieces.append(node.id)
        for node in ast.walk(self.source.tree):
            if isinstance(node, (ast.Name, ast.Attribute)) and (symbol := self.source.symbol(node)):
                piece = inserted.replacement(symbol, self.source.table.canonical)
                if piece and not piece.endswith("Optimizer"):
                    self.use(piece)
                    if self.source.of(node) != piece:
                        self.rewriter.replace(node, piece)

    def _remove_sessions(self) -> None:
        """Functions are no longer given the session."""
        for function in self.program.evaluator.functions.values():
            arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            for position, argument in enumerate(arguments):
                if self.program.is_session_parameter(function, argument.arg):
                    remove_parameter(self.source, self.rewriter, function, argument.arg)
                    for call in self.program.calls_of(function):
                        if self.program.given(function, call, argument.arg) is None:
                            continue  # it takes the default
                        remove_argument(self.source, self.rewriter, call, position, argument.arg)

    def new_name(self, wanted: str) -> str:
        """A name that the file does not have."""
        wanted = re.sub(r"\W", "_", wanted) or "value"
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    # State

    def _state_calls(self, unit: Unit) -> list[tuple[ast.Call, str, Role]]:
        return list(self.source.calls(unit.node, Role.LAYER, Role.VARIABLE, Role.MODULE, Role.OPTIMIZER))

    def _state_of_moved(self, unit: Unit) -> None:
        """What a statement that moves makes is made where it stood."""
        for node, symbol, role in reversed(self._state_calls(unit)):  # inner ones first
            if not isinstance(unit.node, (ast.Assign, ast.Expr, ast.AugAssign)):
                if role is Role.OPTIMIZER:
                    raise Stuck(node, "an optimizer is made in a loop or under a condition")
                continue  # by `stateful`
            if self._is_repeated(node, unit):
                raise Stuck(node, "state is made in a comprehension or lambda")
            target = self.target(unit)
            if role is Role.LAYER:
                made, inputs = calls.layer(self.source, node, symbol, self.tf, self.scope_initializer(unit))
                bound = self.source.bind(node, symbol).bound
                inputs = self._call_of_layer(node, symbol, inputs)
                path = "".join(f"{scope}/" for scope in self.scope_path(unit))
                given = _literal(bound.get("name") or bound.get("scope"))
                if self.stateful.names_layers and not (bound.get("name") or bound.get("scope")):
                    continue  # by `stateful`
                if given and path + given in self.layers:  # TF1 found its variables by their names
                    self.rewriter.replace(node, f"{self.layers[path + given]}({inputs})")
                    continue
                if self._is_reused(unit, bound):
                    raise Stuck(node, "which layer it shares variables with is not known")
                name = self.new_name(given or f"{target}_layer")
                if not given and self.names.matter:
                    own = self.names.unique(self.graph_of(unit), path, calls.default_name(symbol))
                    made = calls.with_name(made, f'"{own}"')
                self.before.setdefault(unit, []).append(f"{name} = {made}")
                path += given or name
                self.layers[path] = name
                self.lists.add_layer(unit, path, name, of_keras=".keras." in made)
                self.rewriter.replace(node, f"{name}({inputs})")
                self._require_early(unit, node, bound.get("inputs"))
            elif role is Role.OPTIMIZER:
                self._optimizer(unit, node, symbol, moved=True)
            else:
                name = self.new_name(f"{target}_{'variable' if role is Role.VARIABLE else 'object'}")
                made = self._variable(unit, node, symbol) if role is Role.VARIABLE else self.rewriter.inside(node)
                self.before.setdefault(unit, []).append(f"{name} = {made}")
                if role is Role.VARIABLE:
                    self.lists.made.append(Made(unit, target, name, name))
                else:
                    self.lists.add_object(unit, name)
                self.rewriter.replace(node, name)
                self._require_early(unit, node, None)

    def _is_reused(self, unit: Unit, bound) -> bool:
        """Whether a layer is told to share the variables of another."""
        given = bound["reuse"].value if "reuse" in bound else None
        own = given is not None and not self.scopes.is_auto(given)
        return self.scopes.reuses(unit) or own and not (isinstance(given, ast.Constant) and not given.value)

    def _call_of_layer(self, node: ast.Call, symbol: str, inputs: str) -> str:
        """The arguments of the call of a layer, with what was rewritten in them."""
        bound = self.source.bind(node, symbol).bound
        return self.rewriter.of(bound["inputs"].value) + inputs[len(self.source.of(bound["inputs"].value)) :]

    def _is_repeated(self, node: ast.AST, unit: Unit) -> bool:
        while node is not unit.node:
            node = self.source.parents[node]
            if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)):
                return True
        return False

    def _require_early(self, unit: Unit, call: ast.Call, inputs) -> None:
        """State is made before anything runs: what it is made from must be there then."""
        hidden = set() if inputs is None else {id(n) for n in ast.walk(inputs.value)}
        for keyword_ in call.keywords:
            if keyword_.arg in ("training", "is_training"):
                hidden |= {id(n) for n in ast.walk(keyword_.value)}
        for node in ast.walk(call):
            if isinstance(node, ast.Name) and id(node) not in hidden:
                for other in unit.reads.get(node.id, ()):
                    if other.fate in (MOVES, INPUT) and not self.slicer._copy(other):
                        raise Stuck(node, f"state is made from {node.id}, which is known only when it runs")

    def target(self, unit: Unit) -> str:
        """The name that a statement binds first."""
        targets = getattr(unit.node, "targets", None) or [getattr(unit.node, "target", None)]
        if isinstance(targets[0], ast.Tuple):
            targets = targets[0].elts
        return targets[0].id if isinstance(targets[0], ast.Name) else "model"

    def _close_nothing(self, unit: Unit) -> None:
        """Sessions that are closed within what stays."""
        for node in ast.walk(unit.node):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node is not unit.node:
                function = node.value.func
                if isinstance(function, ast.Attribute) and function.attr == "close":
                    if self.program.evaluator.eval(function.value, unit.env).kinds & {kinds.SESSION}:
                        self._delete(node)

    def _state_in_place(self, unit: Unit) -> None:
        self._close_nothing(unit)
        self.lists.add_in_place(unit, "".join(f"{scope}/" for scope in self.scope_path(unit)) if unit.around else "")
        for node, symbol, role in self._state_calls(unit):
            if role is Role.OPTIMIZER:
                self._optimizer(unit, node, symbol, moved=False)
            elif role is Role.LAYER:
                raise Stuck(node, "a layer is called where nothing runs")
            elif role is Role.VARIABLE:
                made = self._variable(unit, node, symbol)
                if made != self.rewriter.inside(node):
                    self.rewriter.replace(node, made)
        self._variables_of_functions(unit)

    def _variables_of_functions(self, unit: Unit) -> None:
        """Variables that a function makes which is called once, by a statement of the program."""
        for node in ast.walk(unit.node) if isinstance(unit.node, (ast.Assign, ast.Expr)) else ():
            function = self.program.evaluator.functions.get(getattr(getattr(node, "func", None), "id", ""))
            if function is None or self._uses(function.name) != 1 or self._is_repeated(node, unit):
                continue
            for call, symbol, _ in self.source.calls(function, Role.VARIABLE):
                if symbol.endswith("get_variable") and self._is_straight(call, function):
                    self.rewriter.replace(call, self._variable(unit, call, symbol))

    def _uses(self, name: str) -> int:
        return sum(isinstance(n, ast.Name) and n.id == name for n in ast.walk(self.source.tree))

    def _is_straight(self, node: ast.AST, function: ast.FunctionDef) -> bool:
        """Whether a function computes a node once, and in no scope."""
        while node is not function:
            node = self.source.parents[node]
            if isinstance(
                node, (ast.For, ast.While, ast.With, ast.Lambda, ast.ListComp, ast.DictComp, ast.FunctionDef)
            ):
                return node is function
        return True

    def _state_by_name(self, unit: Unit) -> None:
        """A function that finds variables by name is called in the scopes that stood around it."""
        if not isinstance(unit.node, (ast.Assign, ast.Expr)) or not self.stateful.finds(unit.node):
            return
        self.stateful.rewrite(unit)
        text = self.rewriter.statement(unit.node)
        for context in reversed(self.stateful.label(unit)):
            text = f"with {context}:\n{shift(text, 4)}"
        self.rewriter.replace(unit.node, shift(text, unit.node.col_offset).lstrip())

    def _variable(self, unit: Unit, node: ast.Call, symbol: str) -> str:
        """The variable that stands for one of TF1: one that TF1 found by its name is the one that was made."""
        of_ops = symbol.endswith(".Variable") and self.names.matter
        path = "".join(f"{scope}/" for scope in (self.scopes.of_ops(unit) if of_ops else self.scope_path(unit)))
        if symbol.endswith("global_step"):
            counter = f"{self.graph_of(unit)}global_step"
            if counter in self.variables:
                return self.variables[counter]
            if isinstance(unit.node, ast.Assign) and isinstance(unit.node.targets[0], ast.Name):
                self.variables[counter] = unit.node.targets[0].id
        if symbol.endswith("get_variable"):
            bound = self.source.bind(node, symbol).bound
            name = bound.get("name")
            if name is not None and isinstance(name.value, ast.Constant):
                full = f"{self.graph_of(unit)}{path}{name.value.value}"
                if full in self.variables:
                    return self.variables[full]
                if self._only_finds(bound):
                    return self._found(node, unit, path + name.value.value)
                holder = unit.node.targets[0] if isinstance(unit.node, ast.Assign) else None
                named = isinstance(holder, ast.Name) and self._is_value(unit.node.value, node)
                if named and self._binders(holder.id) == {unit}:
                    self.variables[full] = holder.id
                elif self._said(name.value.value) > 1:
                    raise Stuck(node, "another call may mean the same variable")
        made = calls.variable(self.source, self.rewriter, node, symbol, self.tf, path, self.scope_initializer(unit))
        bound = self.source.bind(node, symbol).bound
        unnamed = symbol.endswith(".Variable") and "name" not in bound and not self._is_repeated(node, unit)
        if unnamed and self.names.matter and isinstance(unit.node, (ast.Assign, ast.Expr)):
            own = self.names.unique(self.graph_of(unit), path, "Variable")
            made = calls.with_name(made, calls.full_name(path + own))
        return self.regularized(node, symbol, made)

    def regularized(self, node: ast.Call, symbol: str, made: str) -> str:
        """What makes a variable, as a text, with its regularizer where the program asks for its loss."""
        given = self.source.bind(node, symbol).bound.get("regularizer")
        if not self.regularizes or given is None or isinstance(given.value, ast.Constant):
            return made
        self.stateful.use()
        return f"{self.stateful.name}.regularize({made}, {self.rewriter.of(given.value)})"

    @staticmethod
    def _only_finds(bound) -> bool:
        """Whether a variable is asked for that must be there: neither a shape nor an initializer is given."""
        return not {"shape", "initializer"} & set(bound)

    def _found(self, node: ast.Call, unit: Unit, name: str) -> str:
        """The variable of this name that a layer or a function made."""
        self.names.require(node)
        layer, _, own = name.rpartition("/")
        if layer in self.layers and self.builds.covered(unit) >= 0:
            return f"{self.layers[layer]}.{own}.value"
        if not self.stateful.name or self.builds.covered(unit) < 0:
            raise Stuck(node, "which variable it finds is not known")
        return f'{self.stateful.name}.variables("{name}:")[0]'

    def finds_variables(self, unit: Unit) -> bool:
        """Whether a statement asks for variables that others made."""
        calls_ = self.source.calls(unit.node, Role.VARIABLE)
        return any(s.endswith("get_variable") and self._only_finds(self.source.bind(c, s).bound) for c, s, _ in calls_)

    def _is_value(self, value: ast.expr, node: ast.Call) -> bool:
        """Whether an expression is a call, or adds to a collection what it makes."""
        while isinstance(value, ast.Call) and getattr(value.func, "id", "") == "add_to_collection":
            value = value.args[1]
        return value is node

    def _said(self, text: str) -> int:
        """How many calls of `get_variable` say a name."""
        found = 0
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Call) and (symbol := self.source.symbol(node.func)).endswith("get_variable"):
                name = self.source.bind(node, symbol).bound.get("name")
                found += name is not None and getattr(name.value, "value", None) == text
        return found

    def scope_path(self, unit: Unit) -> list[str]:
        """The names of the variable scopes around a statement."""
        return self.scopes.path(unit)

    def scope_initializer(self, unit: Unit) -> str:
        """The initializer that the innermost scope around a statement gives to variables; "" if none does."""
        given = self.scopes.initializer(unit)
        if given is None:
            return ""
        return f"({self.source.of(given)})" if isinstance(given, ast.Lambda) else self.source.of(given)

    def _optimizer(self, unit: Unit, node: ast.Call, symbol: str, moved: bool) -> None:
        moving = self._moving(unit, node, symbol)
        exact = self.exact or self._applied(unit) > 1  # one of Keras has one set of variables
        text, piece = calls.optimizer(self.source, node, symbol, self.tf, set(moving), self.by_row, exact)
        if piece:
            self.use(piece)
        if moved:
            own = getattr(unit.node.targets[0], "id", "") if isinstance(unit.node, ast.Assign) else ""
            wanted = own if "opt" in own and self._binders(own) == {unit} else "optimizer"
            name = wanted if wanted == own or wanted not in self.taken else self.new_name("optimizer")
            self.taken.add(name)
            self.before.setdefault(unit, []).append(f"{name} = {text}")
        else:
            kept = self.source.parents[node]
            if not (isinstance(kept, ast.Assign) and isinstance(kept.targets[0], ast.Name)):
                raise Stuck(node, "the optimizer is not kept under a name")
            name = kept.targets[0].id
            self.rewriter.replace(node, text)
        self.optimizer_names[node] = name
        if not piece:
            self._use_keras(symbol, {name})
        elif piece == "AdamOptimizer":
            self.adams.add(name)
        if moving:
            self.rates[name] = moving

    def _moving(self, unit: Unit, node: ast.Call, symbol: str) -> dict[str, tuple[str, Definitions]]:
        """The arguments of an optimizer that each step sets anew: their texts, and what these read."""
        found = {}
        for name, argument in self.source.bind(node, symbol).bound.items():
            if name not in calls.SETTABLE:
                continue
            reads = self.program.reads(argument.value, unit.reads)
            value = self.program.evaluator.eval(argument.value, unit.env)
            units = [u for read in reads.values() for u in read if u.fate in (MOVES, INPUT)]
            if value.of_runs or kinds.VARIABLE in value.kinds or not all(map(self.slicer._copy, units)):
                found[name] = self.rewriter.of(argument.value), reads
        return found

    def _use_keras(self, symbol: str, names: set[str]) -> None:
        """Note names of optimizers of Keras. Only plain descent sums what rows that were looked up twice are given."""
        self.keras_optimizers |= names
        if self.by_row and symbol != "tf.train.GradientDescentOptimizer":
            self.merging |= names

    def _optimizers_of_functions(self) -> None:
        """Optimizers that functions choose and return: as they stand there."""
        for unit in self.program.units:
            function = unit.node
            if not isinstance(function, ast.FunctionDef) or function in self.program.hosts:
                continue
            made = list(self.source.calls(function, Role.OPTIMIZER))
            if not made or unit.fate == MOVES:
                continue
            uses = [u for u in self.program.units if function.name in u.reads and u.value.kinds & {kinds.OPTIMIZER}]
            if function is self.program.scope or not uses:
                continue
            several = len({symbol for _, symbol, _ in made}) > 1
            for node, symbol, _ in made:
                if not isinstance(self.source.parents[node], (ast.Return, ast.Assign)):
                    raise Stuck(node, "the optimizer is not kept under a name")
                # Of several, all are of one sort: what uses them does not know which one it has.
                exact = self.exact or several and self.by_row
                text, piece = calls.optimizer(self.source, node, symbol, self.tf, set(), self.by_row, exact)
                if piece:
                    self.use(piece)
                else:
                    self._use_keras(symbol, {self.target(u) for u in uses})
                self.rewriter.replace(node, text)

    def _applied(self, unit: Unit) -> int:
        """How many train ops an optimizer has that a statement gives a name."""
        target = unit.node.targets[0] if isinstance(unit.node, ast.Assign) else None
        return sum(
            isinstance(n, ast.Attribute) and n.attr in ("minimize", "apply_gradients")
            and isinstance(n.value, ast.Name) and n.value.id == getattr(target, "id", None)
            for n in ast.walk(self.source.tree)
        )  # fmt: skip

    def _binders(self, name: str) -> set[Unit]:
        return {unit for unit in self.program.units if name in unit.binds}

    def _check_initializers(self) -> None:
        """Initializers run once, before anything else: run again, they would begin anew."""
        runs = [s for s in self.slicer.slices if s.fetches and all(v.kinds <= {kinds.NOTHING} for _, v in s.fetches)]
        sessions = [s for s in runs if not self._is_local(s) and not self.savers.is_restored(s)]
        self.initial.find(sessions, self.graph_of)

    def graph_of(self, unit: Unit) -> tuple:
        """What tells the graph of a statement from others: the `with` that opens it, how often it was reset before."""
        resets = 0
        for other in self.program.units[: unit.number]:
            for node in ast.walk(other.node) if isinstance(other.node, ast.Expr) else ():
                resets += isinstance(node, ast.Call) and self.source.symbol(node.func).endswith("reset_default_graph")
        graphs = [(w, i.context_expr) for w in unit.around for i in w.items if _opens_graph(i.context_expr)]
        if not graphs:
            return resets, ""
        outer, context = graphs[-1]
        is_named = isinstance(context, ast.Call) and isinstance(getattr(context.func, "value", None), ast.Name)
        return resets, ast.unparse(context) if is_named else f"line {outer.lineno}"

    def _is_local(self, found: Slice) -> bool:
        """Whether a run initialises only what TF2 has no variables for: tables, local variables."""
        text = " ".join(self.source.of(node) for node, _ in found.fetches)
        for node, _ in found.fetches:
            for units in self.program.reads(node, found.site.definitions).values():
                text += " ".join(self.source.of(unit.node) for unit in units)
        return ("local" in text or "table" in text) and "global" not in text and "all_variables" not in text

    def _dropouts(self, node: ast.AST) -> None:
        """Dropout layers have no state: where they are active is said by an expression."""
        for inner in [*ast.walk(node)][::-1]:  # inner ones first
            if isinstance(inner, ast.Call) and (symbol := self.source.symbol(inner.func)):
                if (
                    self.source.role(symbol) is Role.DROPOUT
                    and self.source.text.range(inner) not in self.rewriter.edits
                ):
                    self.rewriter.replace(inner, calls.dropout(self.source, self.rewriter, inner, symbol, self.tf))

    # Sites

    def _site(self, found: Slice) -> None:
        site = found.site
        fetches = [(node, value) for node, value in found.fetches if not value.kinds <= {kinds.NOTHING}]
        parent = self.source.parents[site.call]
        if any(value.kinds & {kinds.INITIALIZER} for _, value in fetches):
            if len(fetches) > 1 or not isinstance(parent, ast.Expr):
                raise Stuck(site.call, "an iterator is initialised among other things")
            self.iterators.initialize(found, fetches[0][0])
            return
        if not fetches:
            if not isinstance(parent, (ast.Expr, ast.Assign)):
                raise Stuck(site.call, "the result of an initializer is used")
            lines = [self.initial.again[site]] if site in self.initial.again else []
            lines += [f"{name}.reset()" for name in self.initial.metrics_of(found)]
            if lines:
                self.rewriter.replace(parent, ("\n" + " " * parent.col_offset).join(lines))
            else:
                self._delete(parent)
            return
        if len(fetches) < len(found.fetches) and self.initial.metrics_of(found):
            raise Stuck(site.call, "metrics are reset among other things")
        alone = isinstance(parent, ast.Expr)
        display = self.slicer.fetch_lists.get(site, site.fetches)
        is_display = isinstance(display, (ast.List, ast.Tuple)) and all(
            node in display.elts for node, _ in found.fetches
        )
        unpacked = self._unpacked(found, parent, display) if is_display else None
        if unpacked is not None:
            fetches = [(n, v) for n, v in fetches if n in unpacked or v.kinds & {kinds.OP}]
        returned = [] if alone else [n for n, v in fetches if unpacked is None or n in unpacked]
        if self._is_eager(found, fetches):
            self._run_eagerly(found, fetches, returned, unpacked, alone, parent)
            return
        ops = {
            id(n) for n, v in found.fetches if v.kinds <= {kinds.OP, kinds.NOTHING} and not self._assigns(n, v, found)
        }
        if ops and any(v.holds and v.kinds & {kinds.OP} for n, v in fetches) and not alone and unpacked is None:
            raise Stuck(site.call, "the results of ops are used")
        kept = set(map(id, returned)) - ops
        structure = self._structure(display, kept, ops) if unpacked is None else self._tuple(returned)
        if alone:
            structure = ""
        function = self._function(found, fetches, structure)
        self.calls.append(lambda: self._write_call(found, function, returned, unpacked, alone, parent))

    def _share_with_functions(self) -> None:
        """What a function makes that runs sessions is the module's: the functions that compute with it read it."""
        for unit, texts in self.before.items():
            if unit.region in self.program.hosts and texts:
                if self.initial.is_repeated(unit.node):
                    raise Stuck(unit.node, "a function that may be called again makes state")
                names = sorted(set().union(*(kinds.bound_names(n) for n in ast.parse("\n".join(texts)).body)))
                texts[:0] = [f"global {', '.join(names)}"] if names else []

    def _delete(self, statement: ast.stmt) -> None:
        self.rewriter.edits[self.source.text.range(statement)] = _DELETED

    def _assigns(self, node: ast.expr, value: kinds.Value, found: Slice) -> bool:
        """Whether an op has a value: that of a variable after it."""
        if isinstance(node, ast.Call):
            return _is_assign(node)
        units = found.site.definitions.get(getattr(node, "id", ""), frozenset())
        return len(units) == 1 and all(isinstance(u.node, ast.Assign) and _is_assign(u.node.value) for u in units)

    def _unpacked(self, found: Slice, parent: ast.AST, display: ast.expr) -> dict[ast.expr, ast.expr] | None:
        """For each fetch that has a use the target that takes it, where a run is unpacked at once."""
        if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
            return None
        target = parent.targets[0]
        if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) != len(display.elts):
            return None
        if any(isinstance(e, ast.Starred) for e in target.elts):
            return None
        kept = {}
        for element, (node, value) in zip(target.elts, found.fetches):
            is_unused = isinstance(element, ast.Name) and (element.id == "_" or not self._is_read(element.id))
            if value.kinds & {kinds.OP, kinds.NOTHING} and not value.kinds & {kinds.TENSOR}:
                if is_unused:
                    continue
                if not self._assigns(node, value, found):
                    raise Stuck(element, "the result of an op is used")
            elif isinstance(element, ast.Name) and element.id == "_":
                continue
            kept[node] = element
        return kept

    def _is_read(self, name: str) -> bool:
        """Whether a name is read outside of what moves or goes."""
        gone = {id(n) for u in self.program.units if u.fate in (MOVES, GOES, INPUT) for n in ast.walk(u.node)}
        sites = {id(n) for s in self.program.sites for n in ast.walk(s.fetches)}
        return any(
            isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) and id(n) not in gone | sites
            for n in ast.walk(self.source.tree)
        )

    def _is_eager(self, found: Slice, fetches) -> bool:
        """Whether what a site runs can be computed where it stands."""
        if any(unit.fate == MOVES for unit in found.units) or found.defaults:
            return False
        for node, _ in fetches:
            for units in self.program.reads(node, found.site.definitions).values():
                if any(u.fate in (INPUT, MOVES) for u in units):
                    return False
        return True

    def _run_eagerly(self, found: Slice, fetches, returned, unpacked, alone: bool, parent: ast.AST) -> None:
        site = found.site
        if alone:
            texts = [self.rewriter.of(n) for n, v in fetches if not v.kinds <= {kinds.VARIABLE}]
            if not texts:
                self._delete(parent)
                return
            self.rewriter.replace(site.call, texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]")
            return
        if unpacked is not None:
            if any(n not in unpacked for n, _ in fetches):
                raise Stuck(site.call, "ops are run among values, where they are built")
            left = ", ".join(self.rewriter.of(unpacked[n]) for n in returned)
            right = ", ".join(self._numpy(n, v) for n, v in fetches)
            self.rewriter.replace(parent, f"{left} = {right}")
            return
        values = dict(fetches)

        def text(node: ast.expr) -> str:
            if isinstance(node, (ast.List, ast.Tuple)):
                inner = ", ".join(text(e) for e in node.elts)
                return f"[{inner}]" if isinstance(node, ast.List) else f"({inner}{',' * (len(node.elts) == 1)})"
            if isinstance(node, ast.Dict):
                return (
                    "{" + ", ".join(f"{self.rewriter.of(k)}: {text(v)}" for k, v in zip(node.keys, node.values)) + "}"
                )
            return self._numpy(node, values[node])

        if any(v.kinds & {kinds.OP} and not self._assigns(n, v, found) for n, v in fetches):
            raise Stuck(site.call, "the result of an op is used")
        self.rewriter.replace(site.call, text(self.slicer.fetch_lists.get(site, site.fetches)))

    def _numpy(self, node: ast.expr, value: kinds.Value) -> str:
        text = self.rewriter.of(node)
        if value.holds:
            return self._all_numpy(text)
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            text = f"({text})"
        return f"{text}.numpy()"

    def _structure(self, node: ast.expr, returned: set[int], ops: set[int]) -> str:
        """The text of what a function returns: where an op stands among values, None, as the session gave."""
        if id(node) in ops:
            return "None"
        if isinstance(node, (ast.List, ast.Tuple)):
            texts = [self._structure(e, returned, ops) for e in node.elts]
            if isinstance(node, ast.List):
                return f"[{', '.join(texts)}]"
            return f"({', '.join(texts)}{',' * (len(texts) == 1)})"
        if isinstance(node, ast.Dict):
            pairs = [
                f"{self.rewriter.of(k)}: {self._structure(v, returned, ops)}" for k, v in zip(node.keys, node.values)
            ]
            return "{" + ", ".join(pairs) + "}"
        return self.rewriter.of(node) if id(node) in returned else ""

    def _tuple(self, nodes: list[ast.expr]) -> str:
        return ", ".join(self.rewriter.of(n) for n in nodes)

    def _write_call(self, found: Slice, function: Function, returned, unpacked, alone: bool, parent: ast.AST) -> None:
        site = found.site
        call = f"{function.name}({self._arguments(found, function)})"
        if alone:
            self.rewriter.replace(site.call, call)
        elif unpacked is not None:
            left = ", ".join(self.rewriter.of(unpacked[n]) for n in returned)
            holds = any(v.holds for n, v in found.fetches if n in unpacked)
            if not returned:
                self.rewriter.replace(parent, call)
            elif holds:
                self.rewriter.replace(parent, f"{left} = {self._all_numpy(call)}")
            elif len(returned) == 1:
                self.rewriter.replace(parent, f"{left} = {call}.numpy()")
            else:
                self.rewriter.replace(parent, f"{left} = (value.numpy() for value in {call})")
        else:
            node = self.slicer.fetch_lists.get(site, site.fetches)
            plain = [v for _, v in found.fetches if not v.holds]
            if isinstance(node, (ast.List, ast.Tuple)) and len(plain) == len(node.elts) == len(found.fetches):
                has_ops = any(
                    v.kinds <= {kinds.OP, kinds.NOTHING} and not self._assigns(n, v, found) for n, v in found.fetches
                )
                number = "None if value is None else value.numpy()" if has_ops else "value.numpy()"
                text = f"{number} for value in {call}"
                self.rewriter.replace(site.call, f"[{text}]" if isinstance(node, ast.List) else f"tuple({text})")
            elif isinstance(node, (ast.List, ast.Tuple, ast.Dict)) or found.fetches[0][1].holds:
                has_ops = any(
                    v.kinds <= {kinds.OP, kinds.NOTHING} and not self._assigns(n, v, found) for n, v in found.fetches
                )
                number = "None if value is None else value.numpy()" if has_ops else "value.numpy()"
                self.rewriter.replace(site.call, f"{self.tf}.nest.map_structure(lambda value: {number}, {call})")
            elif found.fetches[0][1].kinds <= {kinds.OP} and not self._assigns(*found.fetches[0], found):
                self.rewriter.replace(site.call, call)
            else:
                self.rewriter.replace(site.call, f"{call}.numpy()")

    def _all_numpy(self, text: str) -> str:
        return f"{self.tf}.nest.map_structure(lambda value: value.numpy(), {text})"

    # Functions

    def _function(self, found: Slice, fetches, structure: str) -> Function:
        """The function that computes a slice: one for all sites that need the same."""
        constants = {}
        for feed in found.feeds:
            value = feed.value
            if isinstance(value, ast.Constant) and isinstance(value.value, bool) and feed.placeholder is not None:
                constants[feed.name] = str(value.value)
        units = tuple(found.units)
        hosts = self._host_names(found, fetches)
        for function in self.functions:
            other = function.slice
            if (
                tuple(other.units) == units
                and function.returns == structure
                and function.constants == constants
                and function.hosts == hosts
                and (other.dictionary is None) == (found.dictionary is None)
                and {f.name: (f.units, f.optional) for f in other.feeds}
                == {f.name: (f.units, f.optional) for f in found.feeds}
                and self._read_units(other) == self._read_units(found)
            ):
                function.slices.append(found)
                return function
        function = Function([found], self._name_of(found, fetches), structure, constants=constants, hosts=hosts)
        self.functions.append(function)
        return function

    def _host_names(self, found: Slice, fetches) -> list[str]:
        """The names in fetches that a loop or function around the run binds: each value is another computation."""
        names = {n for node, _ in fetches for n in free_names(node)} - set(found.site.definitions) - set(dir(builtins))
        return sorted(names)

    def _read_units(self, found: Slice):
        reads = {}
        for node, _ in found.fetches:
            reads.update(self.program.reads(node, found.site.definitions))
        return {name: units for name, units in reads.items() if any(u.fate == MOVES for u in units)}

    def _name_of(self, found: Slice, fetches) -> str:
        named = [node.id for node, value in fetches if isinstance(node, ast.Name)]
        if found.trains and any(unit.value.kinds & {kinds.OP} for unit in found.units):
            return self.new_name("train_step")
        values = [n.id for n, v in fetches if isinstance(n, ast.Name) and not v.kinds <= {kinds.OP}]
        if len(named) == len(fetches) and all(self._counts(name, found) for name in named):
            return self.new_name("update_metrics")
        if len(fetches) == 1 and values:
            return self.new_name(f"compute_{values[0]}".lower())
        if len(fetches) == len(values) == 2:
            return self.new_name(f"compute_{values[0]}_and_{values[1]}".lower())
        if not values and named:
            return self.new_name(f"run_{named[0]}".lower())
        return self.new_name("evaluate" if values else "run")

    def _counts(self, name: str, found: Slice) -> bool:
        """Whether a name is the update of a metric."""
        calls_ = [getattr(unit.node, "value", None) for unit in found.site.definitions.get(name, ())]
        return bool(calls_) and all(
            isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "update" for call in calls_
        )

    def parameters(self, function: Function) -> list[Feed]:
        """What a function is given."""
        return [
            feed
            for feed in function.slice.feeds
            if feed.name not in function.constants and self._is_used(feed, function)
        ]

    def _is_used(self, feed: Feed, function: Function) -> bool:
        """Whether a feed is a parameter: what nothing computes with is not, unless something is to be evaluated."""
        if function.slice.dictionary is not None:
            return True
        for found in function.slices:
            for node, _ in found.fetches:
                if self.program.reads(node, found.site.definitions).get(feed.name) == feed.units:
                    return True
            for unit in (*found.units, *found.defaults):
                if unit.reads.get(feed.name) == feed.units:
                    return True
            for name, moving in self.rates.items():
                if any(reads.get(feed.name) == feed.units for _, reads in moving.values()):
                    if any(name in u.reads for u in found.units):
                        return True
            value = next(f.value for f in found.feeds if f.name == feed.name)
            if value is not None and any(isinstance(n, ast.Call) for n in ast.walk(value)):
                return True
        return False

    def _arguments(self, found: Slice, function: Function) -> str:
        """The arguments of a call, in the order of its feeds."""
        hosts = [f"{name}={name}" for name in function.hosts]
        iterators = self.iterators.of(found)
        if found.dictionary is not None:
            return ", ".join([*iterators, *hosts, f"**{self.rewriter.of(found.dictionary)}"])
        wanted = {feed.name for feed in self.parameters(function)}
        given = [f"{f.name}={self.rewriter.of(f.value)}" for f in found.feeds if f.name in wanted]
        return ", ".join([*iterators, *hosts, *given])

    def _place(self, function: Function) -> None:
        """Write a function behind the last statement that it needs."""
        from flake8_tf2.convert.body import Body  # which writes by this writer

        found = function.slice
        units = [*found.units, *found.defaults, *function.also, *(u for feed in found.feeds for u in feed.units)]
        for unit in found.units:
            for read in unit.reads.values():
                units += [u for u in read if u.region is unit.region and not isinstance(u.node, ast.Import)]
        host_regions = {id(f) for f in self.program.hosts}
        units = [u for u in units if id(u.region) not in host_regions]
        if not units:
            raise Stuck(found.site.call, "what runs here is built nowhere")
        last = max(units, key=lambda u: u.number)
        text = Body(self, function).text()
        if function.traced:
            made = "layers and optimizer" if found.trains else "layers"
            text += f"\n\n\n{function.name}.get_concrete_function()  # makes the variables of its {made}"
        self.after.setdefault(last, []).append(text)
        self.placed[function] = last

    def place_build(self, function: Function) -> None:
        """Write a function that is traced to make variables, behind all that it needs."""
        self._place(function)


_DELETED = "\0"


def _opens_graph(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "as_default" and "raph" in ast.unparse(node)


def _is_assign(node: ast.AST) -> bool:
    name = getattr(getattr(node, "func", None), "attr", "") or getattr(getattr(node, "func", None), "id", "")
    return name.startswith(("assign", "scatter_"))


def _literal(argument) -> str:
    value = getattr(argument, "value", None)
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.isidentifier():
        return value.value
    return ""


class _Assembly:
    """Puts the lines of a file together: what stays, without what moved, with the functions where they belong."""

    def __init__(self, writer: Writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.lines = self.source.text.lines

    def text(self) -> str:
        lines = self.lines
        out: list[str] = []
        headers = self._removed_headers()
        shifts = self._shifts(headers)
        starts = {self._first_line(u.node): u for u in self.program.units}
        skip_comments = self._comments_that_move()
        number = 1
        behind = max((node.end_lineno for node in self.writer.head_statements()), default=0) + 1
        while number <= len(lines):
            if number == behind:
                out += self._inserted()
            unit = starts.get(number)
            if number in headers:
                number = headers[number]
                continue
            if unit is None:
                if number not in skip_comments:
                    out.append(shift_line(lines[number - 1], shifts.get(number, 0)))
                number += 1
                continue
            last = unit.node.end_lineno
            by = shifts.get(number, 0)
            if any(other.region is unit.node for other in self.program.units):  # its body is read line by line
                first = self._first_line(unit.node.body[0])
                start, end = self.source.text.offset(number, 0), self.source.text.offset(first, 0)
                if first == unit.node.lineno:
                    raise Stuck(unit.node, "several statements on one line")
                # Its head, from which the session went.
                out += self.writer.rewriter.render(start, end).rstrip("\n").split("\n")
                if all(self._is_gone(u) for u in self.program.units if u.region is unit.node):
                    out.append(" " * (unit.node.body[0].col_offset - shifts.get(first, 0)) + "pass")
                number = first
                continue
            indent = unit.node.col_offset - by
            for text in self.writer.before.get(unit, ()):
                out += shift(text, indent).split("\n")
            if unit.fate == STAYS or unit in self.writer.slicer.copied:
                out += self._kept(unit, by)
            for text in self.writer.loose_first.get(unit, ()):
                out += shift(text, indent).split("\n")
            for text in self.writer.after.get(unit, ()):
                out += ["", _FUNCTION + " " * indent, *shift(text, indent).split("\n"), _END]
            for text in self.writer.loose.get(unit, ()):
                out += shift(text, indent).split("\n")
            number = last + 1
        return _tidy(out)

    def _is_gone(self, unit: Unit) -> bool:
        """Whether nothing is left of a statement."""
        writer = self.writer
        if any(unit in kept for kept in (writer.before, writer.after, writer.loose_first, writer.loose)):
            return False
        deleted = writer.rewriter.edits.get(self.source.text.range(unit.node)) == _DELETED
        return deleted or unit.fate != STAYS and unit not in writer.slicer.copied

    def _inserted(self) -> list[str]:
        texts = []
        if self.writer.pieces:
            texts += ["", _FUNCTION, PIECES, _END]
        if self.writer.head:
            texts += ["", *"\n".join(self.writer.head).split("\n"), ""]
        return texts

    def _first_line(self, node: ast.stmt) -> int:
        decorators = getattr(node, "decorator_list", None)
        return decorators[0].lineno if decorators else node.lineno

    def _kept(self, unit: Unit, by: int) -> list[str]:
        node = unit.node
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            start = self.source.text.offset(self._first_line(node), 0)
            end = self.source.text.range(node)[1]
            stop = self.source.text.text.find("\n", end)
            stop = len(self.source.text.text) if stop < 0 else stop
            text = self.writer.rewriter.render(start, stop)
            return shift(text, -by).split("\n")
        text = shift(self.writer.rewriter.statement(node), node.col_offset - by)
        return self._without_deleted(text)

    @staticmethod
    def _without_deleted(text: str) -> list[str]:
        lines = []
        source = text.split("\n")
        for position, line in enumerate(source):
            if _DELETED not in line:
                lines.append(line)
                continue
            indent = line[: len(line) - len(line.lstrip())]
            opens = [other for other in lines if other.strip()]
            alone = (
                opens and opens[-1].rstrip().endswith(":") and len(opens[-1]) - len(opens[-1].lstrip()) < len(indent)
            )
            behind = [other for other in source[position + 1 :] if other.strip()]
            more = behind and len(behind[0]) - len(behind[0].lstrip()) >= len(indent)
            if alone and not more:
                lines.append(f"{indent}pass")
        return lines

    def _removed_headers(self) -> dict[int, int]:
        """For the first line of each `with` that goes, the line behind its header."""
        found = {}
        for header in self._contexts():
            first = header.body[0]
            if first.lineno == header.lineno:
                raise Stuck(header, "several statements on one line")
            end = max(i.context_expr.end_lineno for i in header.items)
            found[header.lineno] = end + 1
        return found

    def _contexts(self) -> list[ast.With]:
        return list(dict.fromkeys(w for unit in self.program.units for w in unit.around))

    def _shifts(self, headers: dict[int, int]) -> dict[int, int]:
        """For each line how far it moves left."""
        shifts: dict[int, int] = {}
        for header in self._contexts():
            by = header.body[0].col_offset - header.col_offset
            kept = self._string_lines(header)
            last = self._last_line(header)
            for number in range(header.body[0].lineno, last + 1):
                if number not in kept:
                    shifts[number] = shifts.get(number, 0) + by
            first = header.body[0]
            for number in range(headers[header.lineno], self._first_line(first)):  # comments before the first statement
                shifts[number] = shifts.get(number, 0) + by
        return shifts

    def _last_line(self, header: ast.With) -> int:
        """The last line of a body, with the comments that are indented like it."""
        last = header.end_lineno
        column = header.body[0].col_offset
        for number in range(last + 1, len(self.lines) + 1):
            line = self.lines[number - 1]
            if line.strip() and not (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) >= column):
                break
            if line.strip():
                last = number
        return last

    def _string_lines(self, node: ast.AST) -> set[int]:
        return {
            number
            for inner in ast.walk(node)
            if isinstance(inner, (ast.Constant, ast.JoinedStr)) and inner.end_lineno > inner.lineno
            and (isinstance(inner, ast.JoinedStr) or isinstance(inner.value, (str, bytes)))
            for number in range(inner.lineno + 1, inner.end_lineno + 1)
        }  # fmt: skip

    def _comments_that_move(self) -> set[int]:
        return {
            number
            for unit in self.program.units
            if unit.fate != STAYS and unit not in self.writer.slicer.copied and unit not in self.writer.before
            for number in comment_lines(self.lines, self._first_line(unit.node))
        }


_FUNCTION, _END = "\1", "\2"
#: Stands for the pieces until all else is fixed: they are TF2 already.
PIECES = "# pieces"


def shift_line(line: str, by: int) -> str:
    """A line moved left."""
    blank = len(line) - len(line.lstrip())
    return line[min(by, blank) :]


def _tidy(lines: list[str]) -> str:
    """Blank lines as they should be: two around functions of the module, one elsewhere, no gaps."""
    out: list[str] = []
    pending = wanted = around = 0
    for line in lines:
        if line.startswith(_FUNCTION):
            wanted = around = 2 if len(line) == 1 else 1
            continue
        if line == _END:
            wanted = around
            continue
        if not line.strip():
            pending += 1
            continue
        if wanted:
            pending = wanted
        out += [""] * (min(pending, 2) if out else 0)
        out.append(line)
        pending = wanted = 0
    return "\n".join(out) + "\n"
