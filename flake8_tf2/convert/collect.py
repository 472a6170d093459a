"""TF1's collections before the program is read: as functions that add to them and get what they hold."""

from __future__ import annotations

import ast

from flake8_tf2.convert.collected import NORMALIZATIONS
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.passed import remove_argument
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

#: What is kept of TF1's own collections otherwise: lists of variables, and summaries.
_OTHERS = {"TRAINABLE_VARIABLES", "GLOBAL_VARIABLES", "VARIABLES", "MODEL_VARIABLES", "LOCAL_VARIABLES", "SUMMARIES",
           "trainable_variables", "variables", "model_variables", "local_variables", "summaries", "TABLE_INITIALIZERS",
           "INIT_OP", "SAVERS", "QUEUE_RUNNERS", "GLOBAL_STEP"}  # fmt: skip
_REGULARIZATION = {"REGULARIZATION_LOSSES", "regularization_losses"}
#: The names of TF1's keys as texts, where these are others.
_KEYS = {"GLOBAL_VARIABLES": "variables", "LOSSES": "graph_losses", "losses": "graph_losses"}
_LOSSES = """absolute_difference cosine_distance hinge_loss huber_loss log_loss mean_pairwise_squared_error
    mean_squared_error sigmoid_cross_entropy softmax_cross_entropy sparse_softmax_cross_entropy
    sum_of_squares""".split()


def as_functions(source: str, options: Options) -> str:
    """A source whose collections are `add_to_collection(...)` and `get_collection(...)`."""
    if "ollection" not in source and "losses" not in source:
        return source
    return _Collections(Source(source, options)).text()


class _Collections:
    def __init__(self, file: Source):
        self.file = file
        self.rewriter = Rewriter(file)
        self.calls = [(n, s) for n in ast.walk(file.tree) if isinstance(n, ast.Call) and (s := file.symbol(n.func))]
        self.reads_losses = any(self._reads_losses(call, symbol) for call, symbol in self.calls)
        self.normalizes = any(self._last(n) in NORMALIZATIONS for n in ast.walk(file.tree))
        self.regularizes = any("regularizer" in (k.arg or "") for call, _ in self.calls for k in call.keywords)

    def _last(self, node: ast.AST) -> str:
        symbol = self.file.symbol(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        return symbol.rpartition(".")[2]

    def _reads_losses(self, call: ast.Call, symbol: str) -> bool:
        if symbol.endswith((".losses.get_losses", ".losses.get_total_loss")):
            return True
        return symbol == "tf.get_collection" and self._key(self._argument(call, symbol, "key")) in ("LOSSES", "losses")

    def text(self) -> str:
        """The text, with inner calls within outer ones."""
        for call, symbol in reversed(self.calls):
            named = symbol.removeprefix("tf.").removeprefix("contrib.").replace(".", "_")
            method = getattr(self, "_" + named, None)
            last = symbol.rpartition(".")[2]
            if method is not None:
                method(call, symbol)
            elif symbol.startswith(("tf.losses.", "tf.contrib.losses.")) and last in _LOSSES and self.reads_losses:
                self._loss(call, symbol)
        self._keys_as_texts()
        return self.rewriter.render(0, len(self.file.text.text))

    def _argument(self, call: ast.Call, symbol: str, name: str) -> ast.expr | None:
        given = self.file.bind(call, symbol).bound.get(name)
        return None if given is None else given.value

    def _key(self, node: ast.expr | None) -> str:
        """The last part of the name of a key, or its text; "" where it is computed."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self.file.symbol(node).rpartition(".")[2] if node is not None else ""

    def _key_text(self, node: ast.expr) -> str:
        """A key as it is written: TF1's keys are texts."""
        for inner in ast.walk(node):
            symbol = self.file.symbol(inner)
            if symbol.startswith("tf.GraphKeys.") or getattr(inner, "value", None) in _KEYS:
                last = symbol.rpartition(".")[2] or inner.value
                self.rewriter.replace(inner, repr(_KEYS.get(last, last.lower())).replace("'", '"'))
        return self.rewriter.of(node)

    def _add_to_collection(self, call: ast.Call, symbol: str) -> None:
        name, value = self._argument(call, symbol, "name"), self._argument(call, symbol, "value")
        if name is None or value is None or self._key(name) in _OTHERS:
            return
        self.rewriter.replace(call, f"add_to_collection({self._key_text(name)}, {self.rewriter.of(value)})")

    def _add_to_collections(self, call: ast.Call, symbol: str) -> None:
        name, value = self._argument(call, symbol, "names"), self._argument(call, symbol, "value")
        if name is not None and value is not None:
            self.rewriter.replace(call, f"add_to_collection({self._key_text(name)}, {self.rewriter.of(value)})")

    def _get_collection(self, call: ast.Call, symbol: str) -> None:
        key, scope = self._argument(call, symbol, "key"), self._argument(call, symbol, "scope")
        last = self._key(key)
        given = "" if scope is None else self.rewriter.of(scope)
        if key is None or last in _OTHERS:
            return
        if last in _REGULARIZATION:
            self.rewriter.replace(call, f"{self._tf(call)}.losses.get_regularization_losses({given})")
        elif last in ("UPDATE_OPS", "update_ops"):
            if self.normalizes:
                text = f'get_collection("update_ops"{", " if given else ""}{given})'
                self.rewriter.replace(call, text)
        else:
            if scope is not None and not (isinstance(scope, ast.Constant) and not scope.value):
                raise Stuck(call, "a part of a collection, by a scope, has no conversion: keep a list of your own")
            self.rewriter.replace(call, f"get_collection({self._key_text(key)})")

    def _get_variable(self, call: ast.Call, symbol: str) -> None:
        keys = self._argument(call, symbol, "collections")
        if keys is None or isinstance(keys, ast.Constant):
            return
        keys = self._display(keys, call)
        position = len(call.args)
        text = self._key_text(keys)
        remove_argument(self.file, self.rewriter, call, position, "collections")
        if isinstance(keys, (ast.List, ast.Tuple)) and all(self._key(k) in _OTHERS for k in keys.elts):
            return
        self.rewriter.replace(call, f"add_to_collection({text}, {self.rewriter.inside(call)})")

    def _display(self, node: ast.expr, call: ast.Call) -> ast.expr:
        """The list that a name stands for at a call, where the statement before it says so; else the name."""
        scope: ast.AST = call
        while not isinstance(scope, (ast.FunctionDef, ast.Lambda, ast.Module)):
            scope = self.file.parents[scope]
        before = [
            (n.lineno, target, n.value) for n in ast.walk(scope) if isinstance(n, ast.Assign) and n.lineno < call.lineno
            for target in n.targets for inner in ast.walk(target)
            if isinstance(node, ast.Name) and isinstance(inner, ast.Name) and inner.id == node.id
        ]  # fmt: skip
        if not before:
            return node
        _, target, value = max(before, key=lambda found: found[0])
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            pairs = list(zip(target.elts, value.elts))
        found = next((v for t, v in pairs if isinstance(t, ast.Name) and t.id == node.id), node)
        around = self.file.parents[self._statement(target)]
        is_straight = around is scope or isinstance(around, ast.With)
        return found if is_straight and isinstance(found, (ast.List, ast.Tuple)) else node

    def _statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.file.parents[node]
        return node

    def _keys_as_texts(self) -> None:
        """Keys that stand in lists under a name: what takes them needs their texts."""
        for node in ast.walk(self.file.tree):
            symbol = self.file.symbol(node) if isinstance(node, ast.Attribute) else ""
            if symbol.startswith("tf.GraphKeys.") and isinstance(self.file.parents[node], (ast.List, ast.Tuple)):
                if isinstance(self._statement(node), ast.Assign) and not self._is_argument(node):
                    self._key_text(node)

    def _is_argument(self, node: ast.AST) -> bool:
        while not isinstance(node, ast.stmt):
            node = self.file.parents[node]
            if isinstance(node, ast.Call):
                return True
        return False

    def _loss(self, call: ast.Call, symbol: str) -> None:
        collection = self._argument(call, symbol, "loss_collection")
        if collection is None:
            self.rewriter.replace(call, f'add_to_collection("graph_losses", {self.rewriter.inside(call)})')

    def _losses_add_loss(self, call: ast.Call, symbol: str) -> None:
        value = self._argument(call, symbol, "loss")
        if value is not None and "loss_collection" not in self.file.bind(call, symbol).bound:
            self.rewriter.replace(call, f'add_to_collection("graph_losses", {self.rewriter.of(value)})')

    def _losses_get_losses(self, call: ast.Call, symbol: str) -> None:
        if not call.args and not call.keywords:
            self.rewriter.replace(call, 'get_collection("graph_losses")')

    def _losses_get_regularization_loss(self, call: ast.Call, symbol: str) -> None:
        scope = self._argument(call, symbol, "scope")
        given = "" if scope is None else self.rewriter.of(scope)
        tf = self._tf(call)
        terms = f"{tf}.add_n({tf}.losses.get_regularization_losses({given}))"
        self.rewriter.replace(call, terms if self.regularizes else f"{tf}.constant(0.0)")

    def _losses_get_total_loss(self, call: ast.Call, symbol: str) -> None:
        added = self._argument(call, symbol, "add_regularization_losses")
        if set(self.file.bind(call, symbol).bound) - {"add_regularization_losses", "name"}:
            return
        tf = self._tf(call)
        terms = ['*get_collection("graph_losses")']
        if self.regularizes and not (isinstance(added, ast.Constant) and not added.value):
            terms.append(f"*{tf}.losses.get_regularization_losses()")
        self.rewriter.replace(call, f"{tf}.add_n([{', '.join(terms)}])")

    def _tf(self, call: ast.Call) -> str:
        """What the file calls TensorFlow."""
        for name, bindings in self.file.layout.module.bindings.items():
            if any(b.kind == "import" and b.node in ("tensorflow", "tensorflow.compat.v1") for b in bindings):
                return name
        raise Stuck(call, "the file does not import tensorflow under a name")
