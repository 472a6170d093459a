"""The input functions of Estimators as datasets, which a loop goes over."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.queues import delete
from flake8_tf2.convert.source import Source, Stuck

_NUMPY = "tf.estimator.inputs.numpy_input_fn"
_ITERATOR = "make_one_shot_iterator"
#: What keeps the structure of the elements of a dataset.
_KEEP = {"shuffle", "repeat", "batch", "prefetch", "take", "skip", "cache", "padded_batch", "shard", "filter",
         "with_options", "concatenate"}  # fmt: skip
_METHODS = _KEEP | {"map", "flat_map", "interleave", "apply", "zip", "window", "from_tensor_slices", "unbatch"}
#: What an input function may call, besides NumPy, whose result is the same at each step.
_CONSTANT = ("tf.constant", "tf.convert_to_tensor", "tf.cast")
_UNKNOWN = "what the input function gives is not known: let it return a tf.data.Dataset"


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement binds, without those of the blocks in it."""
    if isinstance(node, ast.For):
        return bound_names(node.target)
    if isinstance(node, ast.With):
        return set().union(*(bound_names(i.optional_vars) for i in node.items if i.optional_vars is not None), set())
    return set() if isinstance(node, (ast.If, ast.While, ast.Try)) else bound_names(node)


class Data(NamedTuple):
    """A dataset: the expression that makes it, and whether its elements are pairs of features and labels; or None."""

    text: str
    is_pair: bool | None


class Inputs:
    """Reads input functions, and rewrites them to give datasets. Raises Stuck where it is not known what they give."""

    def __init__(self, file: Source, rewriter: Rewriter, params: str, taken: set[str]):
        self.file = file
        self.rewriter = rewriter
        self.params = params  # what the Estimator is given
        self.taken = taken
        self._done: dict[ast.AST, bool | None] = {}
        self._datasets: dict[ast.stmt, Data] = {}

    def of(self, node: ast.expr, mode: str) -> Data:
        """The dataset of an input function, in a mode."""
        if isinstance(node, ast.Lambda):
            if node.args.args or node.args.vararg or node.args.kwarg:
                raise Stuck(node, "the input function takes arguments: give Estimator one without")
            return self._of_lambda(node)
        if isinstance(node, ast.Name):
            bound = self._binder(node)
            if isinstance(bound, ast.FunctionDef):
                given = self._given(bound, mode)
                return Data(f"{node.id}({given})", self._function(bound))
            if isinstance(bound, ast.Assign) and isinstance(bound.value, ast.Call):
                if self.file.symbol(bound.value.func) == _NUMPY:
                    return self._of_arrays(bound)
                return self._made(bound.value, f"{node.id}()", node)
            if isinstance(bound, ast.Assign) and isinstance(bound.value, ast.Lambda):
                data = self._of_lambda(bound.value)
                return Data(f"{node.id}()", data.is_pair)
        if isinstance(node, ast.Call):
            if self.file.symbol(node.func) == _NUMPY:
                first, *rest = self._arrays(node)
                return Data(".".join([first.text, *rest]), first.is_pair)
            if ast.unparse(node.func) in ("functools.partial", "partial") and node.args:
                made = ast.Call(node.args[0], node.args[1:], node.keywords)
                given = ", ".join(self.file.of(a) for a in (*node.args[1:], *node.keywords))
                return Data(f"{self.file.of(node.args[0])}({given})", self._called(made, node))
            return self._made(node, f"{self.rewriter.of(node)}()", node)
        raise Stuck(node, _UNKNOWN)

    def _of_lambda(self, node: ast.Lambda) -> Data:
        body = node.body
        if isinstance(body, ast.Call) and isinstance(body.func, ast.Name):
            is_pair = self._called(body, node)
        elif self._is_dataset(body, None):
            is_pair = self._pairs(body, None)
        else:
            raise Stuck(node, _UNKNOWN)
        return Data(self.rewriter.of(body), is_pair)

    def _made(self, call: ast.Call, text: str, place: ast.AST) -> Data:
        """The dataset of a function that a call of a function of the file gives back."""
        function = self._function_of(call)
        returns = self._returns(function) if function is not None else []
        if len(returns) != 1:
            raise Stuck(place, _UNKNOWN)
        value = returns[0].value
        if isinstance(value, ast.Lambda) and not value.args.args:
            return Data(text, self._of_lambda(value).is_pair)
        inner = [n for n in function.body if isinstance(n, ast.FunctionDef) and n.name == getattr(value, "id", "")]
        if not inner or inner[0].args.args:
            raise Stuck(place, _UNKNOWN)
        return Data(text, self._function(inner[0]))

    def _called(self, call: ast.Call, place: ast.AST) -> bool | None:
        function = self._function_of(call)
        if function is None:
            raise Stuck(place, _UNKNOWN)
        return self._function(function)

    def _function_of(self, call: ast.Call) -> ast.FunctionDef | None:
        name = getattr(call.func, "id", "")
        found = [n for n in ast.walk(self.file.tree) if isinstance(n, ast.FunctionDef) and n.name == name]
        return found[0] if len(found) == 1 else None

    def _binder(self, name: ast.Name) -> ast.stmt | None:
        """The statement that binds a name in the innermost scope that does, if only one does."""
        scope: ast.AST = name
        while scope in self.file.parents:
            scope = self.file.parents[scope]
            if isinstance(scope, (ast.FunctionDef, ast.Module)):
                found = [n for n in self._own(scope) if isinstance(n, ast.stmt) and name.id in _bound(n)]
                if found:
                    return found[0] if len(found) == 1 else None
        return None

    def _given(self, function: ast.FunctionDef, mode: str) -> str:
        """The arguments that an Estimator gives an input function."""
        arguments = function.args
        named = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        known = {"params": self.params, "mode": repr(mode)}
        wanted = [n for n in named if n in known]
        if any(not known[n] for n in wanted):
            raise Stuck(function, "the input function takes params, and the Estimator has none")
        required = len(arguments.args) - len(arguments.defaults)
        if any(n not in known for n in named[:required]):
            raise Stuck(function, "the input function takes arguments that an Estimator does not give: use a lambda")
        return ", ".join(f"{n}={known[n]}" for n in wanted)

    # What a function gives

    def _function(self, function: ast.FunctionDef) -> bool | None:
        """Rewrite a function to give a dataset; whether its elements are pairs."""
        if function in self._done:
            return self._done[function]
        self._done[function] = None
        returns = self._returns(function)
        if not returns or function.decorator_list:
            raise Stuck(function, _UNKNOWN)
        found = [self._returned(function, node) for node in returns]
        self._done[function] = found[0] if len(set(found)) == 1 else None
        return self._done[function]

    def _returns(self, function: ast.FunctionDef) -> list[ast.Return]:
        return [n for n in self._own(function) if isinstance(n, ast.Return) and n.value is not None]

    def _own(self, node: ast.AST):
        for child in ast.iter_child_nodes(node):
            yield child
            if not isinstance(child, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
                yield from self._own(child)

    def _returned(self, function: ast.FunctionDef, node: ast.Return) -> bool | None:
        value = node.value
        if self._is_dataset(value, function):
            return self._pairs(value, function)
        if isinstance(value, ast.Call) and (inner := self._function_of(value)) is not None:
            return self._function(inner)
        taken = self._taken(function)
        dataset = self._dataset_of_next(value, function)
        if dataset is not None:  # return dataset.make_one_shot_iterator().get_next()
            return self._give(function, node, dataset, [])
        for statement, dataset in taken:
            target = statement.targets[0]
            if not self._follows(function, statement, node):
                continue
            if ast.unparse(value).strip("()") == ast.unparse(target).strip("()"):
                is_pair = isinstance(target, ast.Tuple) or None
                found = self._give(function, node, dataset, [statement])
                return is_pair if found is None else found
            if isinstance(target, ast.Tuple):
                names = ", ".join(ast.unparse(e) for e in target.elts)
                self._give(function, node, dataset, [statement], f".map(lambda {names}: {self._packed(value)})")
                return isinstance(value, ast.Tuple)
        if not taken and self._is_constant(value, function):
            tf = self.file.alias()
            self.rewriter.replace(value, f"{tf}.data.Dataset.from_tensors({self._packed(value)}).repeat()")
            return isinstance(value, ast.Tuple)
        raise Stuck(node, _UNKNOWN)

    def _packed(self, node: ast.expr) -> str:
        text = self.rewriter.of(node)
        return f"({text})" if isinstance(node, ast.Tuple) and not text.startswith("(") else text

    def _give(self, function, node: ast.Return, dataset: ast.expr, gone: list[ast.stmt], more: str = "") -> bool | None:
        """Have a function return a dataset in the place of an element of it."""
        name = next((ast.unparse(n.targets[0]) for n in self._own(function) if isinstance(n, ast.Assign)
                     and n.value is self._iterator_call(node.value, gone, function)), "")  # fmt: skip
        self.rewriter.replace(node.value, f"{self.rewriter.of(dataset)}{more}")
        for statement in [*gone, *(n for n in self._own(function) if isinstance(n, ast.Assign)
                                   and name and ast.unparse(n.targets[0]) == name)]:  # fmt: skip
            delete(self.file, self.rewriter, statement)
        return self._pairs(dataset, function)

    def _iterator_call(self, value: ast.expr, gone: list[ast.stmt], function: ast.FunctionDef) -> ast.expr | None:
        """Where an iterator that has a name is made."""
        call = gone[0].value if gone else value
        receiver = call.func.value
        return self._bound(receiver.id, function) if isinstance(receiver, ast.Name) else None

    def _follows(self, function: ast.FunctionDef, statement: ast.stmt, node: ast.Return) -> bool:
        """Whether a return stands directly behind a statement."""
        block = function.body
        return statement in block and node in block and block.index(node) == block.index(statement) + 1

    def _taken(self, function: ast.FunctionDef) -> list[tuple[ast.Assign, ast.expr]]:
        """The statements that take an element of a dataset, with the dataset."""
        found = []
        for node in self._own(function):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                dataset = self._dataset_of_next(node.value, function)
                if dataset is not None:
                    found.append((node, dataset))
        return found

    def _dataset_of_next(self, node: ast.expr, function: ast.FunctionDef) -> ast.expr | None:
        """The dataset of whose iterator an expression takes the next element."""
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "get_next" or node.args:
            return None
        made = node.func.value
        if isinstance(made, ast.Name):
            made = self._bound(made.id, function)
        if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute) or made.func.attr != _ITERATOR:
            return None
        dataset = made.args[0] if self.file.symbol(made.func) and made.args else made.func.value
        return dataset if self._is_dataset(dataset, function) else None

    def _bound(self, name: str, function: ast.FunctionDef | None) -> ast.expr | None:
        """What a name of a function is bound to, by its last statement."""
        nodes = self._own(function) if function is not None else ()
        found = [n.value for n in nodes if isinstance(n, ast.Assign) and name in bound_names(n)]
        return found[-1] if found else None

    def _is_dataset(self, node: ast.expr, function: ast.FunctionDef | None, depth: int = 0) -> bool:
        if depth > 20:
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            symbol = self.file.symbol(node.func)
            if symbol:
                return symbol.startswith(("tf.data.", "tf.contrib.data.")) and not symbol.endswith("_iterator")
            return node.func.attr in _METHODS and self._is_dataset(node.func.value, function, depth + 1)
        if isinstance(node, ast.Call):
            inner = self._function_of(node)
            returns = self._returns(inner) if inner is not None else []
            return bool(returns) and all(self._is_dataset(r.value, inner, depth + 1) for r in returns)
        if isinstance(node, ast.Name) and function is not None:
            values = [n.value for n in self._own(function) if isinstance(n, ast.Assign) and node.id in bound_names(n)]
            firsts = [v for v in values if not self._is_of(v, node.id)]
            return bool(firsts) and all(self._is_dataset(v, function, depth + 1) for v in firsts)
        return False

    def _is_of(self, node: ast.expr, name: str) -> bool:
        """Whether an expression is a chain of methods of a dataset that a name holds."""
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            node = node.func.value
        return isinstance(node, ast.Name) and node.id == name

    def _pairs(self, node: ast.expr, function: ast.FunctionDef | None, depth: int = 0) -> bool | None:
        """Whether the elements of a dataset are pairs; None if that is not known."""
        if isinstance(node, ast.Name) and function is not None and depth < 20:
            values = [n.value for n in self._own(function) if isinstance(n, ast.Assign) and node.id in bound_names(n)]
            found = {self._pairs(v, function, depth + 1) for v in values if not self._keeps(v, node.id)}
            return found.pop() if len(found) == 1 else None
        if not isinstance(node, ast.Call):
            return None
        name = getattr(node.func, "attr", "")
        if name in ("from_tensor_slices", "from_tensors", "zip") and node.args:
            return isinstance(node.args[0], ast.Tuple) or (False if isinstance(node.args[0], ast.Dict) else None)
        if name in ("TFRecordDataset", "TextLineDataset", "range"):
            return False
        if name == "map" and node.args:
            return self._gives_pairs(node.args[0])
        if name in _KEEP and isinstance(node.func, ast.Attribute):
            return self._pairs(node.func.value, function, depth + 1)
        inner = self._function_of(node)
        return self._function(inner) if inner is not None else None

    def _keeps(self, node: ast.expr, name: str) -> bool:
        """Whether an expression is a dataset that a name holds, with the same structure."""
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _KEEP:
            node = node.func.value
        return isinstance(node, ast.Name) and node.id == name

    def _gives_pairs(self, node: ast.expr) -> bool | None:
        if isinstance(node, ast.Lambda):
            values = [node.body]
        else:
            function = self._function_of(ast.Call(node, [], []))
            values = [r.value for r in self._returns(function)] if function is not None else []
        if values and all(isinstance(v, ast.Tuple) for v in values):
            return True
        return False if values and all(isinstance(v, ast.Dict) for v in values) else None

    def _is_constant(self, node: ast.expr, function: ast.FunctionDef, depth: int = 0) -> bool:
        """Whether an expression is the same at each step."""
        if isinstance(node, ast.Name):
            value = self._bound(node.id, function)
            return value is None or depth < 20 and self._is_constant(value, function, depth + 1)
        if isinstance(node, ast.Call):
            symbol = self.file.symbol(node.func)
            if symbol and symbol not in _CONSTANT:
                return False
            if not symbol and not ast.unparse(node.func).startswith(("np.", "numpy.")):
                return False
        return all(self._is_constant(n, function, depth) for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr))

    # Arrays

    def _of_arrays(self, statement: ast.Assign) -> Data:
        """The dataset of a name that holds an input function of NumPy arrays: the name of a dataset, from here on."""
        if statement in self._datasets:
            return self._datasets[statement]
        target = statement.targets[0]
        if not isinstance(target, ast.Name):
            raise Stuck(statement, _UNKNOWN)
        wanted = re.sub(r"_?input_fn$|_?fn$", "", target.id) or "input"
        name, number = f"{wanted}_data", 2
        while name in self.taken:
            name, number = f"{wanted}_data_{number}", number + 1
        self.taken.add(name)
        first, *rest = self._arrays(statement.value)
        lines = [f"{name} = {first.text}", f"{name} = {'.'.join([name, *rest])}"]
        self.rewriter.replace(statement, shift("\n".join(lines), statement.col_offset).lstrip(" "))
        self._datasets[statement] = Data(name, first.is_pair)
        return self._datasets[statement]

    def _arrays(self, call: ast.Call) -> list:
        """The dataset of arrays, and the methods that shuffle, repeat and batch it."""
        bound = {n: a.value for n, a in self.file.bind(call, _NUMPY).bound.items()}
        tf = self.file.alias()
        x, y, shuffle = bound.get("x"), bound.get("y"), bound.get("shuffle")
        if x is None or not isinstance(shuffle, ast.Constant):
            raise Stuck(call, "whether numpy_input_fn shuffles is not known: give it shuffle=True or False")
        has_labels = y is not None and not (isinstance(y, ast.Constant) and y.value is None)
        given = f"({self.file.of(x)}, {self.file.of(y)})" if has_labels else self.file.of(x)
        methods = []
        if shuffle.value:
            size = bound.get("queue_capacity")
            methods.append(f"shuffle({self.file.of(size) if size is not None else 1000})")
        epochs = bound.get("num_epochs", ast.Constant(1))
        if not isinstance(epochs, ast.Constant):
            methods.append(f"repeat({self.file.of(epochs)})")
        elif epochs.value != 1:
            methods.append(f"repeat({'' if epochs.value is None else epochs.value})")
        size = bound.get("batch_size")
        methods.append(f"batch({self.file.of(size) if size is not None else 128})")
        return [Data(f"{tf}.data.Dataset.from_tensor_slices({given})", has_labels), *methods]
