"""A model_fn of an Estimator, which builds a graph for each mode, as a function that builds one graph for all."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_tf2.convert import metrics
from flake8_tf2.convert.kinds import bound_names, free_names
from flake8_tf2.convert.layout import Rewriter, comment_lines, shift
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.scopes import bound_in
from flake8_tf2.convert.source import Source, Stuck

TRAIN, EVAL, PREDICT = "train", "eval", "infer"
_KEYS = {"tf.estimator.ModeKeys.TRAIN": TRAIN, "tf.estimator.ModeKeys.EVAL": EVAL,
         "tf.estimator.ModeKeys.PREDICT": PREDICT}  # fmt: skip
_SPEC = "tf.estimator.EstimatorSpec"
_STEP = ("tf.train.get_global_step", "tf.train.get_or_create_global_step", "tf.train.create_global_step")
_STATE = (Role.LAYER, Role.VARIABLE, Role.MODULE)
#: What reads the losses of a graph.
_COLLECTED = ("get_total_loss", "get_losses", "get_regularization_loss", "get_regularization_losses", "LOSSES")
#: Of EstimatorSpec: what only an export reads.
_IGNORED = ("mode", "export_outputs")
_BY_HAND = {
    "training_hooks": "write what the hooks do into the loop of a session",
    "training_chief_hooks": "write what the hooks do into the loop of a session",
    "evaluation_hooks": "write what the hooks do behind evaluate",
    "prediction_hooks": "write what the hooks do behind predict",
    "scaffold": "initialise or restore in the program itself, before it trains",
}


class Graph(NamedTuple):
    """What a model_fn builds, by the names that it returns.

    text: the function; parameters: those of model_fn that it reads, in order. summaries: what is written of a step of
    training, "" if nothing is. metrics: for each key of the results of
    evaluate the name of the object that counts; updates: what updates them. keys: of predictions, where they are a
    dictionary.
    """

    text: str
    parameters: list[str]
    training: str
    train_op: str
    summaries: str
    predictions: str
    keys: list[str]
    metrics: dict[str, str]
    updates: list[str]

    @property
    def returned(self) -> list[str]:
        """All names that it returns."""
        names = [self.predictions, self.train_op, self.summaries, *self.metrics.values(), *self.updates]
        return [name for name in names if name]


class ModelFunction:
    """Reads a model_fn. Raises Stuck where the graphs of its modes cannot be one.

    modes: those that the program runs; step: the name of the global step around it; taken: names that are not to be
    used for what it returns; summarises: whether summaries are written.
    """

    def __init__(
        self, file: Source, function: ast.FunctionDef, modes: set[str], step: str, taken: set[str], summarises: bool
    ):
        self.file = file
        self.function = function
        self.modes = frozenset(modes)
        self.step = step
        self.taken = taken | bound_in(function)
        self.rewriter = Rewriter(file)
        arguments = function.args
        self.parameters = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        self.training = ""
        self._aliases = self._names_of_training()
        self._specs: dict[str, ast.Call] = {}  # names that hold what a mode returns
        self._left_out: set[ast.stmt] = set()
        self._found: dict[str, dict[str, ast.expr]] = {}  # by mode
        self._names = {TRAIN: "", PREDICT: ""}
        self._summarises = summarises and TRAIN in modes
        self._summaries = ""
        self._objects: dict[str, str] = {}
        self._updates: list[str] = []
        self._counted: dict[str, tuple[str, str]] = {}  # by the name of a metric in model_fn: its object and update
        self._of_dictionaries: dict[ast.Dict, dict[str, tuple[str, str]]] = {}

    def graph(self) -> Graph:
        """The function of one graph."""
        arguments = self.function.args
        if self.function.decorator_list or arguments.vararg or arguments.kwarg:
            raise Stuck(self.function, "model_fn has a decorator or a star: write it as a plain function")
        self._leave_out_nothings()
        self._replace_names()
        lines, left = self._block(self.function.body, self.modes)
        if left:
            raise Stuck(self.function, f"model_fn returns no EstimatorSpec for {', '.join(sorted(left))}")
        read = set().union(set(), *(free_names(node) for node in ast.parse("\n".join(lines)).body))
        kept = [p for p in self.parameters if p in read and p not in ("mode", "config")]
        given = [*kept, *([self.training] if self.training else [])]
        graph = Graph(
            "", kept, self.training, self._names[TRAIN], self._summaries, self._names[PREDICT], self._keys(),
            self._objects, self._updates,
        )  # fmt: skip
        body = shift("\n".join(lines), 4)
        head = f"def {self.function.name}({', '.join(given)}):"
        return graph._replace(text=f"{head}\n{body}\n    return {', '.join(graph.returned)}")

    # The mode

    def _names_of_training(self) -> set[str]:
        """The names that say whether the mode is that of training."""
        found = set()
        for node in self.function.body:
            if isinstance(node, ast.Assign) and self._modes_of(node.value) == {TRAIN} and len(node.targets) == 1:
                name = getattr(node.targets[0], "id", "")
                binders = [n for n in ast.walk(self.function) if isinstance(n, ast.Name) and n.id == name]
                if name and sum(isinstance(n.ctx, ast.Store) for n in binders) == 1:
                    found.add(name)
        return found

    def _modes_of(self, node: ast.expr) -> frozenset[str] | None:
        """The modes in which a test is true; None where it is a test of something else."""
        every = frozenset((TRAIN, EVAL, PREDICT))
        if isinstance(node, ast.Name) and node.id in getattr(self, "_aliases", ()):
            return frozenset((TRAIN,))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self._modes_of(node.operand)
            return None if inner is None else every - inner
        if isinstance(node, ast.BoolOp):
            parts = [self._modes_of(value) for value in node.values]
            if any(part is None for part in parts):
                return None
            join = frozenset.intersection if isinstance(node.op, ast.And) else frozenset.union
            return join(*parts)
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        sides = [node.left, node.comparators[0]]
        if not any(isinstance(side, ast.Name) and side.id == "mode" for side in sides):
            return None
        other = next(side for side in sides if getattr(side, "id", "") != "mode")
        keys = other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other]
        named = {self._key(key) for key in keys}
        if "" in named:
            return None
        is_negative = isinstance(node.ops[0], (ast.NotEq, ast.IsNot, ast.NotIn))
        return every - named if is_negative else frozenset(named)

    def _key(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return node.value if node.value in (TRAIN, EVAL, PREDICT) else ""
        return _KEYS.get(self.file.symbol(node), "")

    def _replace_names(self) -> None:
        """The mode becomes whether the model is trained, and the global step the name that it has outside."""
        for node in ast.walk(self.function):
            if isinstance(node, ast.Call) and self.file.symbol(node.func) in _STEP:
                self.rewriter.replace(node, self.step)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self._hand_mode(node)
            if isinstance(node, ast.expr) and self._modes_of(node) == {TRAIN}:
                around = self.file.parents[node]
                is_kept = isinstance(around, ast.Assign) and self._modes_of(around.value) == {TRAIN}
                if not is_kept and not self._is_test(node):
                    self.rewriter.replace(node, self._is_training())

    def _is_test(self, node: ast.expr) -> bool:
        """Whether an expression is all that a branch or an assertion tests, or a part of a test of modes."""
        around = self.file.parents[node]
        if isinstance(around, (ast.BoolOp, ast.UnaryOp)) and self._modes_of(around) is not None:
            return self._is_test(around)
        return isinstance(around, (ast.If, ast.Assert)) and around.test is node and self._is_outer(around)

    def _is_outer(self, node: ast.stmt) -> bool:
        """Whether a statement stands in the function itself, or in branches of modes there."""
        around = self.file.parents[node]
        if isinstance(around, ast.If) and self._modes_of(around.test) is not None:
            return self._is_outer(around)
        return around is self.function

    def _is_training(self) -> str:
        if not self.training:
            alias = next(iter(sorted(self._aliases)), "")
            self.training = alias or self._new("training")
        return self.training

    def _hand_mode(self, call: ast.Call) -> None:
        """A function that is given the mode is given whether the model is trained: it must ask for no more."""
        for position, given in enumerate([*call.args, *(k.value for k in call.keywords)]):
            if getattr(given, "id", "") != "mode":
                continue
            function = next((n for n in self.file.tree.body if getattr(n, "name", "") == call.func.id), None)
            if not isinstance(function, ast.FunctionDef):
                raise Stuck(call, f"{call.func.id} is given the mode: give it mode == tf.estimator.ModeKeys.TRAIN")
            names = [a.arg for a in function.args.args]
            keyword = next((k.arg for k in call.keywords if k.value is given), "")
            name = keyword or (names[position] if position < len(names) else "")
            for node in ast.walk(function):
                if isinstance(node, ast.Name) and node.id == name:
                    around = self.file.parents[node]
                    keys = [n for n in ast.iter_child_nodes(around) if isinstance(n, ast.expr) and n is not node]
                    is_equal = isinstance(around, ast.Compare) and isinstance(around.ops[0], ast.Eq)
                    if not is_equal or len(keys) != 1 or self._key(keys[0]) != TRAIN:
                        raise Stuck(node, f"{function.name} is given the mode: give it a bool of its own, training")
                    self.rewriter.replace(around, name)
            self.rewriter.replace(given, self._is_training())

    # What is nothing in other modes

    def _leave_out_nothings(self) -> None:
        """`loss = None`, where a mode binds the name, only fills the EstimatorSpec of the others."""
        stores: dict[str, list[tuple[ast.stmt, frozenset[str]]]] = {}
        every = list(self._statements(self.function.body, self.modes))
        for node, modes in every:
            for name in bound_names(node) if isinstance(node, ast.Assign) else ():
                stores.setdefault(name, []).append((node, modes))
        for name, found in stores.items():
            bound = [(node, modes) for node, modes in found if not _is_nothing(node.value)]
            if not bound or len(bound) == len(found):
                continue
            for node, modes in every:
                is_read = any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
                              and not self._is_of_spec(n) for n in ast.walk(node))  # fmt: skip
                before = frozenset().union(*(own for other, own in bound if other.lineno < node.lineno))
                if is_read and not modes <= before:
                    raise Stuck(node, f"{name} is None in one mode, and read there: read it where it is bound")
            self._left_out |= {node for node, _ in found if _is_nothing(node.value)}

    def _is_of_spec(self, node: ast.expr) -> bool:
        around = self.file.parents[node]
        around = self.file.parents[around] if isinstance(around, ast.keyword) else around
        return isinstance(around, ast.Call) and self.file.symbol(around.func) == _SPEC

    def _statements(self, body: list[ast.stmt], modes: frozenset[str]):
        """The statements that the modes run, each with those that do; gives back the modes that go on behind."""
        for node in body:
            tested = self._modes_of(node.test) if isinstance(node, ast.If) else None
            if tested is not None:
                yes = yield from self._statements(node.body, modes & tested)
                no = yield from self._statements(node.orelse, modes - tested)
                modes = yes | no
            elif modes:
                yield node, modes
            if isinstance(node, ast.Return):
                modes = frozenset()
        return modes

    def _stores(self, name: str) -> list[ast.stmt]:
        """The statements that bind a name in the modes."""
        every = self._statements(self.function.body, self.modes)
        return [node for node, _ in every if node not in self._left_out and name in bound_names(node)]

    # Statements

    def _block(self, body: list[ast.stmt], modes: frozenset[str]) -> tuple[list[str], frozenset[str]]:
        """The lines of a block in modes, at the left margin, and the modes that go on behind it."""
        lines: list[str] = []
        for node in body:
            if not modes:
                break
            tested = self._modes_of(node.test) if isinstance(node, ast.If) else None
            if tested is not None:
                found, modes = self._branches(node, tested, modes)
                lines += found
            elif isinstance(node, ast.Return):
                spec = self._spec(node.value, node)
                for mode in sorted(modes):
                    lines += self._result(mode, spec, node)
                modes = frozenset()
            elif isinstance(node, ast.Assert) and (sure := self._modes_of(node.test)) is not None:
                if not modes <= sure:
                    raise Stuck(node, "model_fn refuses a mode that the program runs")
            elif node not in self._left_out:
                lines += self._statement(node, modes)
        return lines, modes

    def _branches(self, node: ast.If, tested: frozenset[str], modes: frozenset[str]):
        yes, no = modes & tested, modes - tested
        clashes = self._clashes(node, yes, no)
        if clashes:
            if tested != {TRAIN} or any(isinstance(n, ast.Return) for n in ast.walk(node)):
                raise Stuck(node, f"{sorted(clashes)[0]} is bound in one mode and in others: give it two names")
            self._refuse_state(node)
            self.rewriter.replace(node.test, self._is_training())
            return self._statement(node, modes), modes
        lines: list[str] = []
        left: frozenset[str] = frozenset()
        for body, part in ((node.body, yes), (node.orelse, no)):
            if part:
                if yes and no:
                    self._refuse_state(*body)
                found, rest = self._block(body, part)
                lines += found
                left |= rest
        return lines, left

    def _clashes(self, node: ast.If, yes: frozenset[str], no: frozenset[str]) -> set[str]:
        """The names that a branch of some modes binds, and that something else binds as well."""
        if not yes or not no:
            return set()
        found: set[str] = set()
        for body, part in ((node.body, yes), (node.orelse, no)):
            own = {s for s, _ in self._statements(body, part) if s not in self._left_out}
            for name in set().union(set(), *(bound_names(s) for s in own)):
                if name in self.parameters or set(self._stores(name)) - own:
                    found.add(name)
        return found

    def _refuse_state(self, *nodes: ast.AST) -> None:
        """Refuse what other modes would see of one: variables, which TF1 names by turns, and what collections hold."""
        collects = any(isinstance(n, ast.Attribute) and n.attr in _COLLECTED for n in ast.walk(self.function))
        for node in nodes:
            for call, symbol, _ in self.file.calls(node, *_STATE):
                if symbol not in _STEP:
                    raise Stuck(call, "variables are made in one mode: make them in all")
            for call in ast.walk(node) if collects else ():
                symbol = self.file.symbol(call.func) if isinstance(call, ast.Call) else ""
                if symbol.startswith("tf.losses.") and symbol.rpartition(".")[2] not in _COLLECTED:
                    raise Stuck(call, "losses are collected in one mode: add them up where they are computed")

    def _statement(self, node: ast.stmt, modes: frozenset[str]) -> list[str]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return []
        if isinstance(node, ast.Expr) and self.file.called_role(node.value) is Role.SUMMARY:
            if not self._summarises or TRAIN not in modes:
                return []  # nothing writes it
        if isinstance(node, ast.Assign):
            name = getattr(node.targets[0], "id", "") if len(node.targets) == 1 else ""
            symbol = self.file.symbol(node.value.func) if isinstance(node.value, ast.Call) else ""
            if name in self._aliases or symbol in _STEP and name == self.step:
                return []
            if symbol == _SPEC:
                self._specs[name] = node.value
                return []
            if isinstance(node.value, ast.Dict) and self._is_of_metrics(node.value):
                return self._comments(node) + self._metrics_of(node.value)
            if symbol.startswith("tf.metrics."):
                return self._comments(node) + self._named_metric(node, symbol)
            if self._only_exports(node):
                return []
        for inner in ast.walk(node):
            if isinstance(inner, (ast.Return, ast.Yield, ast.YieldFrom)) and self._is_own(inner):
                raise Stuck(inner, "model_fn returns within a loop or branch that is not of a mode")
            if isinstance(inner, ast.If) and self._modes_of(inner.test) == {TRAIN}:
                self._refuse_state(inner)
            if isinstance(inner, ast.Name) and inner.id in self._counted and isinstance(inner.ctx, ast.Load):
                raise Stuck(inner, f"the metric {inner.id} is read: give it to eval_metric_ops alone")
            if isinstance(inner, ast.Name) and inner.id in ("mode", "config") and inner.id in self.parameters:
                if not self._is_replaced(inner):
                    raise Stuck(inner, f"{inner.id} is read for more than which branch to take")
            if isinstance(inner, ast.Call) and self.file.symbol(inner.func).startswith("tf.metrics."):
                raise Stuck(inner, "a metric is made within an expression: give it a name of its own")
        return self._comments(node) + self.rewriter.statement(node).split("\n")

    def _is_own(self, node: ast.AST) -> bool:
        while not isinstance(node, (ast.FunctionDef, ast.Lambda)):
            node = self.file.parents[node]
        return node is self.function

    def _is_replaced(self, node: ast.AST) -> bool:
        start, end = self.file.text.range(node)
        return any(begin <= start and end <= stop for begin, stop in self.rewriter.edits)

    def _comments(self, node: ast.stmt) -> list[str]:
        lines = self.file.text.lines
        return [lines[n - 1].strip() for n in comment_lines(lines, node.lineno)]

    def _only_exports(self, node: ast.Assign) -> bool:
        """Whether a name is only what an export reads."""
        names = bound_names(node)
        uses = [n for n in ast.walk(self.function)
                if isinstance(n, ast.Name) and n.id in names and isinstance(n.ctx, ast.Load)]  # fmt: skip
        return bool(uses) and all(getattr(self.file.parents[n], "arg", "") == "export_outputs" for n in uses)

    # What a mode returns

    def _spec(self, node: ast.expr | None, statement: ast.stmt) -> dict[str, ast.expr]:
        call = self._specs.get(getattr(node, "id", ""), node)
        if not isinstance(call, ast.Call) or self.file.symbol(call.func) != _SPEC:
            raise Stuck(statement, "model_fn returns no tf.estimator.EstimatorSpec that stands there: write it out")
        bound = {name: a.value for name, a in self.file.bind(call, _SPEC).bound.items()}
        for name, value in bound.items():
            if name in _BY_HAND and not _is_none(value) and not (isinstance(value, (ast.List, ast.Tuple))
                                                                 and not value.elts):  # fmt: skip
                raise Stuck(value, f"{name} of an EstimatorSpec has no conversion: {_BY_HAND[name]}")
        return {name: value for name, value in bound.items() if name not in _IGNORED and not _is_none(value)}

    def _result(self, mode: str, spec: dict[str, ast.expr], statement: ast.Return) -> list[str]:
        self._found[mode] = spec
        if mode == EVAL:
            return self._evaluation(spec)
        wanted = "train_op" if mode == TRAIN else "predictions"
        if wanted not in spec:
            raise Stuck(self.function, f"model_fn gives no {wanted} in the mode {mode}")
        value = spec[wanted]
        lines: list[str] = []
        if mode == TRAIN and self._summarises:
            if "loss" not in spec:
                raise Stuck(self.function, "model_fn gives no loss in the mode train")
            tf = self.file.alias()
            self._summaries = self._new("summaries")
            lines += f'{tf}.summary.scalar("loss", {self.rewriter.of(spec["loss"])})'.split("\n")
            lines.append(f"{self._summaries} = {tf}.summary.merge_all()")
        if isinstance(value, ast.Name) and self._keeps(value.id, statement):
            self._names[mode] = value.id
            return lines
        self._names[mode] = self._new(wanted)
        return [*lines, *f"{self._names[mode]} = {self.rewriter.of(value)}".split("\n")]

    def _keeps(self, name: str, statement: ast.stmt) -> bool:
        """Whether a name of the function means behind it what it means at a statement."""
        stores = [n for node in self._stores(name) for n in ast.walk(node)
                  if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)]  # fmt: skip
        return bool(stores) and all(n.lineno < statement.lineno for n in stores)

    def _keys(self) -> list[str]:
        """The keys of the predictions; none where they are a tensor."""
        node = self._found.get(PREDICT, {}).get("predictions")
        if node is None:
            return []
        if isinstance(node, ast.Name):
            node = self._bound_to(node.id) or node
        if isinstance(node, ast.Dict) and all(isinstance(k, ast.Constant) for k in node.keys):
            return [key.value for key in node.keys]
        symbol = self.file.symbol(node.func) if isinstance(node, ast.Call) else ""
        if symbol and self.file.role(symbol) in (Role.TENSOR, Role.LAYER) or isinstance(node, (ast.BinOp, ast.Compare)):
            return []
        raise Stuck(node, "what model_fn predicts is not known: write its dictionary into the EstimatorSpec")

    def _bound_to(self, name: str) -> ast.expr | None:
        """What a name is bound to, by one statement."""
        stores = self._stores(name)
        only = stores[0] if len(stores) == 1 else None
        is_plain = isinstance(only, ast.Assign) and isinstance(only.targets[0], ast.Name) and len(only.targets) == 1
        return only.value if is_plain else None

    # Metrics

    def _is_of_metrics(self, node: ast.Dict) -> bool:
        return any(
            isinstance(v, ast.Call) and self.file.symbol(v.func).startswith("tf.metrics.")
            or isinstance(v, ast.Name) and v.id in self._counted for v in node.values
        )  # fmt: skip

    def _named_metric(self, node: ast.Assign, symbol: str) -> list[str]:
        """`accuracy = tf.metrics.accuracy(...)`, or a pair of names."""
        target = node.targets[0]
        names = [getattr(e, "id", "") for e in (target.elts if isinstance(target, ast.Tuple) else [target])]
        if "" in names:
            raise Stuck(node, "a metric is not kept under a name")
        name, update, lines = self._made(names[0], node.value)
        self._counted |= dict.fromkeys(names, (name, update))
        return lines

    def _made(self, key: str, call: ast.Call) -> tuple[str, str, list[str]]:
        """The names of the object of a metric and of its update, and the lines that make them."""
        made = metrics.counter(self.file, call)
        if made is None:
            raise Stuck(call, f"{self.file.symbol(call.func)} has no conversion: compute it from what predict gives")
        wanted = "".join(c if c.isalnum() else "_" for c in key)
        name, update = self._new(f"{wanted}_metric"), self._new(f"{wanted}_update")
        given = ", ".join(f"{n}={self.rewriter.of(value)}" for n, value in made.given.items())
        return name, update, [f"{name} = {made.made}", *f"{update} = {name}.update({given})".split("\n")]

    def _metrics_of(self, node: ast.Dict) -> list[str]:
        """The lines that make what a dictionary of metrics holds."""
        lines: list[str] = []
        found: dict[str, tuple[str, str]] = {}
        for key, value in zip(node.keys, node.values):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise Stuck(node, "a key of eval_metric_ops is no literal")
            names = {getattr(v, "id", "") for v in (value.elts if isinstance(value, ast.Tuple) else [value])}
            if names <= set(self._counted):
                found[key.value] = self._counted[next(iter(names))]
            elif isinstance(value, ast.Call) and self.file.symbol(value.func).startswith("tf.metrics."):
                *found[key.value], made = self._made(key.value, value)
                lines += made
            else:
                raise Stuck(value, "what counts here is no tf.metrics: give one to eval_metric_ops")
        self._of_dictionaries[node] = found
        return lines

    def _evaluation(self, spec: dict[str, ast.expr]) -> list[str]:
        if "loss" not in spec:
            raise Stuck(self.function, "model_fn gives no loss in the mode eval")
        lines: list[str] = []
        found: dict[str, tuple[str, str]] = {}
        node = spec.get("eval_metric_ops")
        if node is not None:
            node = self._bound_to(node.id) if isinstance(node, ast.Name) else node
            if not isinstance(node, ast.Dict):
                raise Stuck(spec["eval_metric_ops"], "eval_metric_ops is no dictionary that stands there: write it out")
            if node not in self._of_dictionaries:
                lines += self._metrics_of(node)
            found = dict(self._of_dictionaries[node])
        name, update = self._new("loss_metric"), self._new("loss_update")
        lines += [f"{name} = StreamingMean()", f"{update} = {name}.update(values={self.rewriter.of(spec['loss'])})"]
        found["loss"] = name, update
        self._objects = {key: found[key][0] for key in sorted(found)}
        self._updates = [found[key][1] for key in sorted(found)]
        return lines

    def _new(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_nothing(node: ast.expr) -> bool:
    """Whether names are bound to None alone."""
    return all(map(_is_none, node.elts)) if isinstance(node, ast.Tuple) else _is_none(node)
