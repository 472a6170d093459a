"""Programs with an Estimator as programs of one graph and a session, before anything else reads them."""

from __future__ import annotations

import ast
import itertools
import re
from typing import NamedTuple

from flake8_tf2.convert.inputs import Data, Inputs
from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.modes import EVAL, PREDICT, TRAIN, Graph, ModelFunction
from flake8_tf2.convert.queues import delete
from flake8_tf2.convert.scopes import bound_in, names_in
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.fix.text import Text
from flake8_tf2.options import Options
from flake8_tf2.positions import split_lines

_ESTIMATOR = "tf.estimator.Estimator"
_CONFIG = "tf.estimator.RunConfig"
_BOTH = "tf.estimator.train_and_evaluate"
_SPECS = ("tf.estimator.TrainSpec", "tf.estimator.EvalSpec")
#: What of tf.estimator is converted, where it stands in its place.
_KNOWN = (_ESTIMATOR, _CONFIG, _BOTH, *_SPECS, "tf.estimator.EstimatorSpec", "tf.estimator.ModeKeys",
          "tf.estimator.inputs.numpy_input_fn", "tf.estimator.export.PredictOutput")  # fmt: skip
_CANNED = "write its network and its loss as a model_fn, or as the Keras model that TF332 shows, before"
#: For what is not converted what to do by hand.
_BY_HAND = {
    "DNN": _CANNED, "Linear": _CANNED, "Baseline": _CANNED,
    "BoostedTrees": "TF2 has none: take another library for it",
    "tpu": "make it a tf.estimator.Estimator on one device before; TF2 distributes by tf.distribute.TPUStrategy",
    "WarmStartSettings": "assign the values of tf.train.load_checkpoint to the variables before training",
    "Head": "compute the loss and the predictions of the head in model_fn before",
    "export": "export by tf.saved_model.save when the rest is converted, and take it out before",
    "Exporter": "export by tf.saved_model.save when the rest is converted, and take it out before",
    "pandas_input_fn": "return tf.data.Dataset.from_tensor_slices((dict(frame), labels)) from a function of your own",
    "StepHook": "give train its steps", "Hook": "write what the hook does into the program, and take it out before",
}  # fmt: skip
_METHODS = {
    "train": ("input_fn", "hooks", "steps", "max_steps", "saving_listeners"),
    "evaluate": ("input_fn", "steps", "hooks", "checkpoint_path", "name"),
    "predict": ("input_fn", "predict_keys", "hooks", "checkpoint_path", "yield_single_examples"),
}
_MODES = {"train": TRAIN, "evaluate": EVAL, "predict": PREDICT}
_OPTIONS = {
    "hooks": "write what the hooks do into the program",
    "saving_listeners": "call what they do behind train",
    "checkpoint_path": "restore that checkpoint in a program of its own",
    "predict_keys": "pick the keys from what predict gives",
}


def as_session(source: str, options: Options) -> str:
    """A source whose Estimator is a graph, a session and loops over datasets.

    Raises Stuck where that would not do the same.
    """
    if not re.search(r"\bestimator\b|Estimator", source):
        return source
    file = Source(source, options)
    symbols = {file.symbol(n) for n in ast.walk(file.tree) if isinstance(n, (ast.Name, ast.Attribute))}
    if not any(s.startswith("tf.estimator.") and not s.startswith("tf.estimator.ModeKeys") for s in symbols):
        return source
    return _Lowering(file).text()


#: In the place of an element that a step is traced with: a letter that no program uses, before a name.
_SPEC = "\u02c8spec"


class _Settings(NamedTuple):
    """What an Estimator is made with: texts, or ""."""

    params: str
    folder: str  # where it keeps checkpoints and summaries
    config: dict[str, str]  # what a RunConfig is given

    def number(self, name: str, default: str) -> str:
        """A setting that is a number; "" where it is None."""
        text = self.config.get(name, default)
        return "" if text == "None" else text


class _Use(NamedTuple):
    """A call of a method of an Estimator, with its arguments by name."""

    call: ast.Call
    method: str
    given: dict[str, ast.expr]


class _Lowering:
    def __init__(self, file: Source):
        self.file = file
        self.tf = file.alias()
        self.rewriter = Rewriter(file)
        self._times = False  # whether it asks for the time
        self._folder_uses: list[ast.Attribute] = []
        self.taken = {*file.names, *file.parameters}
        self.taken |= {n.name for n in ast.walk(file.tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}

    def text(self) -> str:
        self._refuse_unknown()
        made = [n for n in ast.walk(self.file.tree)
                if isinstance(n, ast.Call) and self.file.symbol(n.func) == _ESTIMATOR]  # fmt: skip
        if len(made) != 1:
            node = made[1] if made else None
            raise Stuck(node, "the file has no Estimator, or several: convert each in a file of its own")
        statement = self._statement_of(made[0])
        self.name = statement.targets[0].id
        bound = {n: a.value for n, a in self.file.bind(made[0], _ESTIMATOR).bound.items()}
        self.settings = self._settings(bound)
        function = self._model_fn(bound["model_fn"])
        self.statement = statement
        self.keeps = bool(self.settings.folder)
        uses = self._uses_found = self._uses(statement)
        modes = {_MODES[use.method] for use in uses}
        self.step = self._step_name(function)
        self.every = self.settings.number("save_summary_steps", "100")
        summarises = self.keeps and bool(self.every)
        model = ModelFunction(self.file, function, modes, self.step, self.taken, summarises)
        graph = model.graph()
        self.around = _names_of(self.file.tree) | _names_of(self.owner) | {self.step}
        self._check_step(function, modes)
        self.inputs = Inputs(self.file, self.rewriter, self.settings.params, self.taken)
        self._write_graph(statement, function, graph, uses)
        self.rewriter.edits.update(model.rewriter.edits)  # of functions that model_fn calls
        self.rewriter.replace(function, shift(graph.text, function.col_offset).lstrip())
        text = self.rewriter.render(0, len(self.file.text.text))
        return _with_import(text, "time") if self._times else text

    def _new(self, *wanted: str) -> str:
        """A name that neither the module nor the scope of the Estimator has: of those wanted, or with a number."""
        numbered = (f"{wanted[-1]}_{number}" for number in itertools.count(2))
        found = next(name for name in itertools.chain(wanted, numbered) if name not in self.around)
        self.around.add(found)
        self.taken.add(found)
        return found

    # What is read

    def _refuse_unknown(self) -> None:
        for node in ast.walk(self.file.tree):
            symbol = self.file.symbol(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
            is_hook = symbol.startswith("tf.train.") and symbol.endswith("Hook")
            is_tpu = symbol.startswith("tf.contrib.tpu.") and symbol.count(".") == 3
            if not is_hook and not is_tpu and (not symbol.startswith("tf.estimator.") or symbol.startswith(_KNOWN)):
                continue
            if self.file.symbol(self.file.parents[node]).startswith(f"{symbol}."):
                continue  # a part of a longer name
            how = next((text for part, text in _BY_HAND.items() if part in symbol), "take it out before")
            raise Stuck(node, f"{symbol} has no conversion: {how}")

    def _statement_of(self, call: ast.Call) -> ast.Assign:
        statement = self.file.parents[call]
        is_name = isinstance(statement, ast.Assign) and len(statement.targets) == 1
        if not is_name or not isinstance(statement.targets[0], ast.Name):
            raise Stuck(call, "the Estimator is not kept under a name: bind it to one where it is used")
        self.owner = self._owner(statement)
        node = self.file.parents[statement]
        while node is not self.owner:
            if not isinstance(node, ast.With) and "__name__" not in ast.unparse(getattr(node, "test", node)):
                raise Stuck(call, "the Estimator is made in a loop or branch: make it once")
            node = self.file.parents[node]
        return statement

    def _owner(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.Module)):
            node = self.file.parents[node]
        return node

    def _settings(self, bound: dict[str, ast.expr]) -> _Settings:
        warm = bound.get("warm_start_from")
        if warm is not None and not _is_none(warm):
            raise Stuck(warm, f"warm_start_from of an Estimator has no conversion: {_BY_HAND['WarmStartSettings']}")
        config = self._config(bound.get("config"))
        params, folder = bound.get("params"), bound.get("model_dir")
        return _Settings(
            "" if params is None or _is_none(params) else self._moved(params),
            config.get("model_dir", "") if folder is None or _is_none(folder) else self.file.of(folder),
            config,
        )

    def _config(self, node: ast.expr | None) -> dict[str, str]:
        """What a RunConfig is given; the statement that makes it goes."""
        if node is None or _is_none(node):
            return {}
        call = self._only_value(node, "config") if isinstance(node, ast.Name) else node
        if not isinstance(call, ast.Call) or self.file.symbol(call.func) != _CONFIG:
            raise Stuck(node, "config of an Estimator is no tf.estimator.RunConfig that stands there")
        found = {}
        for name, argument in self.file.bind(call, _CONFIG).bound.items():
            is_none = _is_none(argument.value)
            if name in ("train_distribute", "eval_distribute", "device_fn", "protocol") and not is_none:
                raise Stuck(argument.value, f"{name} of a RunConfig has no conversion: take it out before")
            if not is_none or name.startswith("save_"):
                found[name] = self._moved(argument.value)
        return found

    def _only_value(self, name: ast.Name, what: str) -> ast.expr | None:
        """What the only statement that binds a name gives it; the statement goes."""
        found = [n for n in ast.walk(self.file.tree)
                 if isinstance(n, ast.Assign) and name.id in bound_names(n)]  # fmt: skip
        uses = [n for n in ast.walk(self.file.tree)
                if isinstance(n, ast.Name) and n.id == name.id and isinstance(n.ctx, ast.Load)]  # fmt: skip
        if len(found) != 1 or len(uses) != 1:
            raise Stuck(name, f"what {what} is here is not known: write it into the call")
        delete(self.file, self.rewriter, found[0])
        return found[0].value

    def _model_fn(self, node: ast.expr) -> ast.FunctionDef:
        found = [n for n in ast.walk(self.file.tree)
                 if isinstance(n, ast.FunctionDef) and n.name == getattr(node, "id", "")]  # fmt: skip
        uses = [n for n in ast.walk(self.file.tree)
                if isinstance(n, ast.Name) and n.id == getattr(node, "id", "")]  # fmt: skip
        if len(found) != 1 or len(uses) != 1:
            raise Stuck(node, "model_fn is no function of the file, for this Estimator alone: write it as one")
        return found[0]

    def _uses(self, statement: ast.Assign) -> list[_Use]:
        """The calls of methods of the Estimator."""
        found = []
        for node, inner in names_in(self.owner):
            own = inner - _bound_by(self.owner)
            if node.id != self.name or node.id in own or node is statement.targets[0]:
                continue
            if isinstance(node.ctx, ast.Store):
                raise Stuck(node, "the name of the Estimator is bound anew: give each a name of its own")
            around = self.file.parents[node]
            call = self.file.parents[around]
            if isinstance(around, ast.Call) and self.file.symbol(around.func) == _BOTH:
                found += self._both(around)
            elif isinstance(around, ast.Attribute) and around.attr in ("latest_checkpoint", "model_dir"):
                self._folder_uses.append(around)
            elif isinstance(around, ast.Attribute) and isinstance(call, ast.Call) and call.func is around:
                if around.attr not in _METHODS:
                    raise Stuck(call, f"{around.attr} of an Estimator has no conversion: take it out before")
                found.append(_Use(call, around.attr, self._given(call, around.attr)))
            else:
                raise Stuck(node, "the Estimator is handed on: call train, evaluate and predict where it is made")
        if not found:
            raise Stuck(statement, "nothing is done with the Estimator here")
        return found

    def _given(self, call: ast.Call, method: str) -> dict[str, ast.expr]:
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            raise Stuck(call, "a star hides what the Estimator is given")
        given = dict(zip(_METHODS[method], call.args)) | {k.arg: k.value for k in call.keywords}
        given = {name: value for name, value in given.items() if not _is_none(value)}
        if "name" in given and self.keeps:
            raise Stuck(given["name"], "name of evaluate has no conversion: give its summaries a folder when converted")
        for name, how in _OPTIONS.items():
            if name in given and not (isinstance(given[name], ast.List) and not given[name].elts):
                raise Stuck(given[name], f"{name} of {method} has no conversion: {how}")
        if "input_fn" not in given:
            raise Stuck(call, f"{method} is given no input_fn")
        return given

    def _both(self, call: ast.Call) -> list[_Use]:
        """train_and_evaluate as what it does: train, and evaluate at the end."""
        if not isinstance(self.file.parents[call], ast.Expr):
            raise Stuck(call, "the result of train_and_evaluate is used: call train and evaluate")
        bound = {n: a.value for n, a in self.file.bind(call, _BOTH).bound.items()}
        uses = []
        for method, name, symbol in zip(("train", "evaluate"), ("train_spec", "eval_spec"), _SPECS):
            spec = self._only_value(bound[name], name) if isinstance(bound[name], ast.Name) else bound[name]
            if not isinstance(spec, ast.Call) or self.file.symbol(spec.func) != symbol:
                raise Stuck(bound[name], f"{name} is no {symbol} that stands there: write it out")
            stated = self.file.bind(spec, symbol).bound
            given = {n: a.value for n, a in stated.items() if not _is_none(a.value)}
            for option in ("hooks", "exporters", "saving_listeners"):
                if option in given and not (isinstance(given[option], ast.List) and not given[option].elts):
                    raise Stuck(given[option], f"{option} of {symbol} has no conversion: {_BY_HAND['Hook']}")
            uses.append(_Use(call, method, given))
        uses[0].given.update({n: v for n, v in uses[1].given.items() if n == "throttle_secs"})
        if "steps" not in stated:
            uses[1].given["steps"] = ast.Constant(100)
        return uses

    def _step_name(self, function: ast.FunctionDef) -> str:
        """The name of the global step: that which model_fn gives it, where nothing else has it."""
        outside = self.file.names.get("global_step", [])
        inside = set(ast.walk(function))
        if all(n in inside for n in outside):
            return "global_step"
        return next(n for n in (f"global_step_{i}" for i in itertools.count(2)) if n not in self.taken)

    def _check_step(self, function: ast.FunctionDef, modes: set[str]) -> None:
        """Steps are counted by the global step: each run must add 1."""
        counted = [
            k.value for n in ast.walk(function) if isinstance(n, ast.Call)
            and getattr(n.func, "attr", "") in ("minimize", "apply_gradients") for k in n.keywords
            if k.arg == "global_step" and not _is_none(k.value)
        ]  # fmt: skip
        counted += [
            n.args[1] for n in ast.walk(function) if isinstance(n, ast.Call)
            and getattr(n.func, "attr", "") in ("minimize", "apply_gradients") and len(n.args) > 1
        ]  # fmt: skip
        if TRAIN in modes and len(counted) != 1:
            raise Stuck(function, "model_fn gives the global step to no minimize, or to several: steps are not counted")

    # What is written

    def _write_graph(self, statement: ast.Assign, function: ast.FunctionDef, graph: Graph, uses: list[_Use]) -> None:
        tf, lines = self.tf, []
        if "tf_random_seed" in self.settings.config:
            lines.append(f"{tf}.set_random_seed({self.settings.config['tf_random_seed']})")
        self.features = self._new("features", "batch_features")
        self.labels = self._new("labels", "batch_labels") if "labels" in graph.parameters else ""
        self.training = self._new("training", "is_training") if graph.training else ""
        # Of elements of datasets everything is known when they come: see `calls.signature`.
        lines += [f"{name} = {tf}.placeholder()" for name in (self.features, self.labels) if name]
        if self.training:
            lines.append(f"{self.training} = {tf}.placeholder({tf}.bool)")
        lines.append(f"{self.step} = {tf}.train.get_or_create_global_step()")
        params = self.settings.params or "{}"
        if self.settings.params and not params.isidentifier():
            lines.append(f"{self._new('params', 'model_params')} = {params}")
            params = self.inputs.params = lines[-1].partition(" = ")[0]
        known = {"features": self.features, "labels": self.labels or "None", "params": params}
        missing = [p for p in graph.parameters if p not in known]
        if missing:
            raise Stuck(function, f"model_fn takes {missing[0]}, which an Estimator does not give")
        given = [known[p] for p in graph.parameters] + ([self.training] if self.training else [])
        self.names = {name: self._new(name, f"model_{name}") for name in graph.returned}
        lines.append(f"{', '.join(self.names.values())} = {function.name}({', '.join(given)})")
        self.session = self._new("sess", "session")
        config = "config=" + self.settings.config["session_config"] if "session_config" in self.settings.config else ""
        lines += [f"{self.session} = {tf}.Session({config})",
                  f"{self.session}.run({tf}.global_variables_initializer())"]  # fmt: skip
        self.graph = graph
        methods = {use.method for use in uses}
        if self.keeps:
            lines += self._keeping(methods)
        self.loop = {name: self._new(name) for name in ("element", "number", "saved", "evaluated", "summary")}
        self.x, self.y = self._new("x", "batch"), self._new("y", "targets") if self.labels else ""
        blank = [""] * (1 if statement.col_offset else 2)
        data = {id(use.given["input_fn"]): self._data(use) for use in uses}
        if "evaluate" in methods:
            self.evaluate = self._new("evaluate", "evaluate_model")
            lines += [*blank, *self._evaluation()]
        if "predict" in methods:
            self.predict = self._new("predict", "predict_examples")
            pairs = {data[id(use.given["input_fn"])].is_pair for use in uses if use.method == "predict"}
            lines += [*blank, *self._prediction(pairs.pop() if len(pairs) == 1 else None, uses)]
        following = self.file.text.lines[statement.end_lineno : statement.end_lineno + 1]
        if {"evaluate", "predict"} & methods:
            lines += blank[1:] if following and not following[0].strip() else blank
        self.rewriter.replace(statement, shift("\n".join(lines), statement.col_offset).lstrip(" "))
        for node in self._folder_uses:
            if not self.keeps:
                raise Stuck(node, f"{node.attr} of an Estimator that is given no model_dir")
            is_folder = node.attr == "model_dir"
            text = self.folder if is_folder else f"{tf}.train.latest_checkpoint({self.folder})"
            self.rewriter.replace(node if is_folder else self.file.parents[node], text)
        self.latest = ""
        self.before: dict[ast.stmt, list[str]] = {}
        for use in uses:
            self._write_use(use, data[id(use.given["input_fn"])])
        for node, added in self.before.items():
            start = self.file.text.range(node)[0]
            text = shift("\n".join([*added, ""]), node.col_offset).lstrip(" ")
            self.rewriter.edits[start, start] = text + " " * node.col_offset

    def _moved(self, node: ast.expr) -> str:
        """The text of an expression of several lines, as it stands in a statement of its own."""
        line = self.file.text.lines[node.lineno - 1]
        return shift(self.file.of(node), len(line.lstrip()) - len(line))

    def _keeping(self, methods: set[str]) -> list[str]:
        """The lines that make what keeps checkpoints and summaries."""
        self.folder = self.settings.folder
        lines = []
        if not self.folder.isidentifier() or self.folder in ("dataset", "result", "summary", "name", "checkpoint"):
            self.folder = self._new("model_dir")
            lines.append(f"{self.folder} = {self.settings.folder}")
        self.saver = self._new("saver")
        given = [
            f"{argument}={self.settings.config[name]}"
            for name, argument in (("keep_checkpoint_max", "max_to_keep"),
                                   ("keep_checkpoint_every_n_hours", "keep_checkpoint_every_n_hours"))
            if name in self.settings.config
        ]  # fmt: skip
        lines.append(f"{self.saver} = {self.tf}.train.Saver({', '.join(given)})")
        if self.graph.summaries:
            self.writer = self._new("writer")
            lines.append(f"{self.writer} = {self.tf}.summary.FileWriter({self.folder})")
        if "evaluate" in methods:
            self.eval_writer = self._new("eval_writer")
            lines.append(f'{self.eval_writer} = {self.tf}.summary.FileWriter({self.folder} + "/eval")')
        return lines

    def _feeds(self, training: bool, labels: bool = True, spec: tuple[str, str] = ("", "")) -> str:
        """What a run is fed: an element of a dataset, or the specs of one."""
        feeds = [f"{self.features}: {spec[0] or self.x}"]
        if self.labels and labels:
            feeds.append(f"{self.labels}: {spec[1] or self.y}")
        if self.training:
            feeds.append(f"{self.training}: {training}")
        return "{" + ", ".join(feeds) + "}"

    def _data(self, use: _Use) -> Data:
        return self.inputs.of(use.given["input_fn"], _MODES[use.method])

    def _taken(self, use: _Use, text: str) -> str:
        """As much of a dataset as the steps of a call take."""
        steps = use.given.get("steps")
        return text if steps is None else f"{text}.take({ast.unparse(steps)})"

    def _loop(self, is_pair: bool | None, labels: bool) -> list[str]:
        """The head of a loop over a dataset."""
        if self.labels and labels:
            return [f"for {self.x}, {self.y} in {{}}:"]
        if is_pair is None:
            name = self.loop["element"]
            return [f"for {name} in {{}}:", f"    {self.x} = {name}[0] if isinstance({name}, tuple) else {name}"]
        return [f"for {self.x}, _ in {{}}:" if is_pair else f"for {self.x} in {{}}:"]

    def _evaluation(self) -> list[str]:
        counters = {key: self.names[name] for key, name in self.graph.metrics.items()}
        updates = ", ".join(self.names[name] for name in self.graph.updates)
        results = [f'"{key}": {name}.result().numpy(),' for key, name in counters.items()]
        results.append(f'"global_step": {self.session}.run({self.step}),')
        head = [
            f"def {self.evaluate}(dataset):",
            *(f"    {name}.reset()" for name in counters.values()),
            *("    " + line.format("dataset") for line in self._loop(True if self.labels else None, True)),
            f"        {self.session}.run([{updates}], {self._feeds(False)})",
        ]
        if not self.keeps:
            return [*head, "    return {", *(f"        {result}" for result in results), "    }"]
        return [
            *head,
            "    result = {",
            *(f"        {result}" for result in results),
            "    }",
            f"    summary = {self.tf}.Summary()",
            f"    for name in {list(counters)}:",
            "        summary.value.add(tag=name, simple_value=result[name])",
            f"    checkpoint = {self.tf}.train.latest_checkpoint({self.folder})",
            "    if checkpoint:",
            '        summary["text"] = {"checkpoint_path": checkpoint}',
            f'    {self.eval_writer}.add_summary(summary, result["global_step"])',
            "    return result",
        ]

    def _prediction(self, is_pair: bool | None, uses: list[_Use]) -> list[str]:
        run = f"{self.session}.run({self.names[self.graph.predictions]}, {self._feeds(False, labels=False)})"
        lines = [f"def {self.predict}(dataset):",
                 *("    " + line.format("dataset") for line in self._loop(is_pair, False))]  # fmt: skip
        singles = {self._flag(use) for use in uses if use.method == "predict"}
        if len(singles) > 1:
            raise Stuck(uses[0].call, "predict gives batches here, and examples there: take one")
        if singles == {False}:
            return [*lines, f"        yield {run}"]
        if not self.graph.keys:
            return [*lines, f"        yield from {run}"]
        return [
            *lines,
            f"        values = {run}",
            f"        for i in range(len(values[{self.graph.keys[0]!r}])):",
            "            yield {name: value[i] for name, value in values.items()}",
        ]

    def _flag(self, use: _Use) -> bool:
        node = use.given.get("yield_single_examples", ast.Constant(True))
        if not isinstance(node, ast.Constant):
            raise Stuck(node, "yield_single_examples is no literal")
        return bool(node.value)

    def _write_use(self, use: _Use, data: Data) -> None:
        is_both = self.file.symbol(use.call.func) == _BOTH
        if use.method == "train":
            self._train(use, data, is_both)
        elif not is_both:
            text = data.text
            if self._restores(use):
                statement = self._statement_around(use.call)
                name = self._new("eval_data" if use.method == "evaluate" else "predict_data")
                lines = [f"{name} = {text}", *self._restoring(use, name, data.is_pair)]
                self.before.setdefault(statement, []).extend(lines)
                text = name
            self.rewriter.replace(use.call, f"{getattr(self, use.method)}({self._taken(use, text)})")

    def _statement_around(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.file.parents[node]
        return node

    def _restores(self, use: _Use) -> bool:
        """Whether a call may be the first, which finds what an earlier program saved."""
        statement = self._statement_around(use.call)
        for other in self._uses_found[: self._uses_found.index(use)]:
            before = self._statement_around(other.call)
            block = next(b for b in _blocks(self.file.parents[before]) if before in b)
            node: ast.AST = statement
            while node in self.file.parents:
                if node in block and block.index(node) > block.index(before):
                    return False
                node = self.file.parents[node]
        return self.keeps

    def _restoring(self, use: _Use, data: str, is_pair: bool | None) -> list[str]:
        """The lines that trace what a call runs, which makes the variables, and restore these."""
        element = f"{data}.element_spec"
        if self.labels and use.method != "predict" or is_pair:
            specs = f"{element}[0]", f"{element}[1]"
        else:
            first = f"({element}[0] if isinstance({element}, tuple) else {element})"
            specs = element if is_pair is False else first, ""
        specs = f"{_SPEC}({specs[0]})", specs[1] and f"{_SPEC}({specs[1]})"
        feeds = self._feeds(use.method == "train", use.method != "predict", specs)
        if use.method == "train":
            traced = self._run_of_step(feeds)
        elif use.method == "evaluate":
            updates = ", ".join(self.names[name] for name in self.graph.updates)
            traced = f"{self.session}.run([{updates}], {feeds})"
        else:
            traced = f"values = {self.session}.run({self.names[self.graph.predictions]}, {feeds})"
        self.latest = self.latest or self._new("latest_checkpoint")
        return [
            traced,
            f"{self.latest} = {self.tf}.train.latest_checkpoint({self.folder})",
            f"if {self.latest}:",
            f"    {self.saver}.restore({self.session}, {self.latest})",
        ]

    def _run_of_step(self, feeds: str) -> str:
        train_op = self.names[self.graph.train_op]
        if not self.graph.summaries:
            return f"{self.session}.run({train_op}, {feeds})"
        fetches = f"[{train_op}, {self.names[self.graph.summaries]}]"
        return f"_, {self.loop['summary']} = {self.session}.run({fetches}, {feeds})"

    def _train(self, use: _Use, data: Data, is_both: bool) -> None:
        statement = self.file.parents[use.call]
        if not isinstance(statement, ast.Expr):
            raise Stuck(use.call, "train is used as an expression: write it as a statement of its own")
        lines: list[str] = []
        text = data.text
        if self.keeps:
            name = self._new("train_data")
            lines.append(f"{name} = {text}")
            text = name
            if self._restores(use):
                lines += self._restoring(use, name, data.is_pair)
            lines.append(self._save())
        text = self._taken(use, text)
        if "max_steps" in use.given:
            if "steps" in use.given:
                raise Stuck(use.call, "train is given both steps and max_steps")
            steps = self.file.of(use.given["max_steps"])
            is_first = self._uses_found[0] is use and self.file.parents[statement] is self.file.parents[self.statement]
            is_known = is_first and not self.keeps
            left = steps if is_known else f"max({steps} - {self.session}.run({self.step}), 0)"
            text += f".take({left})"
        head = [line.format(text) for line in self._loop(data.is_pair, True)]
        body = [self._run_of_step(self._feeds(True))]
        evaluation: list[str] = []
        number = self.loop["number"]
        if is_both:
            other = next(u for u in self._uses_found if u.call is use.call and u.method == "evaluate")
            result = f"{self.evaluate}({self._taken(other, self._data(other).text)})"
            evaluation = [f'{self.tf}.logging.info("evaluated: %s", {result})']
        if self.graph.summaries:
            body += [
                f"if {number} % {self.every} == 0:",
                f"    {self.writer}.add_summary({self.loop['summary']}, {self.session}.run({self.step}))",
            ]
        before, within = self._saving(use, evaluation)
        body += within
        if any(f"{number} " in line for line in body):
            target = head[0].removeprefix("for ").partition(" in ")[0]
            target = f"({target})" if "," in target else target
            head[0] = f"for {number}, {target} in enumerate({text}):"
        lines += [*before, *head, *(f"    {line}" for line in body)]
        if self.keeps:
            lines.append(self._save())
        lines += evaluation
        self.rewriter.replace(statement, shift("\n".join(lines), statement.col_offset).lstrip(" "))

    def _save(self) -> str:
        return f'{self.saver}.save({self.session}, {self.folder} + "/model.ckpt", global_step={self.step})'

    def _saving(self, use: _Use, evaluation: list[str]) -> tuple[list[str], list[str]]:
        """The lines before a loop, and at the end of its turns, that save and evaluate while it runs."""
        if not self.keeps:
            return [], []
        steps = self.settings.number("save_checkpoints_steps", "None")
        seconds = self.settings.number("save_checkpoints_secs", "None" if steps else "600")
        before, within = [], [self._save()]
        saved, evaluated = self.loop["saved"], self.loop["evaluated"]
        if evaluation:  # of the first that is saved, and then not too often
            throttle = use.given.get("throttle_secs")
            before.append(f"{evaluated} = 0")
            least = ast.unparse(throttle) if throttle is not None else 600
            within.append(f"if time.time() - {evaluated} >= {least}:")
            within += [f"    {line}" for line in (*evaluation, f"{evaluated} = time.time()")]
        if steps:
            test = f"if ({self.loop['number']} + 1) % {steps} == 0:"
        elif seconds:
            test = f"if time.time() - {saved} >= {seconds}:"
            before.append(f"{saved} = time.time()")
            within.append(f"{saved} = time.time()")
        else:
            raise Stuck(self.statement, "the RunConfig saves no checkpoints: an Estimator then evaluates nothing")
        self._times = self._times or any("time.time()" in line for line in (*before, *within))
        return before, [test, *(f"    {line}" for line in within)]


def traced(text: str) -> str:
    """A text in which what is run with specs is only traced with them."""
    if _SPEC not in text:
        return text
    rewriter = Rewriter(Text(split_lines(text)))
    for statement in ast.walk(ast.parse(text)):
        for call in ast.walk(statement) if isinstance(statement, (ast.Expr, ast.Assign)) else ():
            if not isinstance(call, ast.Call) or not any(_is_spec(k.value) for k in call.keywords):
                continue
            given = ", ".join(f"{k.arg}={ast.unparse(k.value.args[0])}" for k in call.keywords)
            made = f"{ast.unparse(call.func)}.get_concrete_function({given})"
            rewriter.replace(statement, f"{made}  # makes the variables")
    return rewriter.render(0, len(rewriter.text.text))


def _is_spec(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == _SPEC


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    found = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
    return [block for block in found if isinstance(block, list)]


def _with_import(text: str, module: str) -> str:
    """A text that imports a module, at the head of its imports."""
    tree = ast.parse(text)
    imports = [n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))]
    if any(isinstance(n, ast.Import) and n.names[0].name == module and not n.names[0].asname for n in imports):
        return text
    if any(isinstance(n, ast.Name) and n.id == module and isinstance(n.ctx, ast.Store) for n in ast.walk(tree)):
        raise Stuck(None, f"the file has a name {module} of its own: give it another")
    first = next(n for n in imports if getattr(n, "module", "") != "__future__")
    lines, number = text.split("\n"), first.lineno - 1
    return "\n".join([*lines[:number], f"import {module}", *lines[number:]])


def _names_of(scope: ast.AST) -> set[str]:
    """The names in a scope, without those in the functions within it."""
    found: set[str] = set()
    work = list(ast.iter_child_nodes(scope))
    while work:
        node = work.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Name, ast.arg)):
            found.add(getattr(node, "id", "") or node.arg)
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            work += ast.iter_child_nodes(node)
    return found


def _bound_by(node: ast.AST) -> set[str]:
    return bound_in(node) if isinstance(node, (ast.FunctionDef, ast.Lambda)) else set()


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
