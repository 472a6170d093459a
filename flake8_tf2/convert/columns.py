"""`tf.feature_column.input_layer` of numeric columns as the tensors that it puts side by side."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.queues import delete
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

_LAYER, _NUMERIC = "tf.feature_column.input_layer", "tf.feature_column.numeric_column"


def side_by_side(source: str, options: Options) -> str:
    """A source in which numeric columns stand side by side, in the order of their names. Raises Stuck for others."""
    if "input_layer" not in source:
        return source
    file = Source(source, options)
    rewriter = Rewriter(file)
    for call in ast.walk(file.tree):
        if isinstance(call, ast.Call) and file.symbol(call.func) == _LAYER:
            rewriter.replace(call, _concatenated(file, rewriter, call))
    return rewriter.render(0, len(file.text.text))


def _concatenated(file: Source, rewriter: Rewriter, call: ast.Call) -> str:
    bound = {name: a.value for name, a in file.bind(call, _LAYER).bound.items()}
    if set(bound) - {"features", "feature_columns"}:
        raise Stuck(call, "input_layer is asked for more than a tensor: concatenate the features in the program")
    columns, features = bound["feature_columns"], file.of(bound["features"])
    if isinstance(columns, ast.Name):
        columns = _only_value(file, rewriter, columns)
    if isinstance(columns, ast.ListComp) and len(columns.generators) == 1 and not columns.generators[0].ifs:
        generator = columns.generators[0]
        key = _key(file, columns.elt, columns)
        if isinstance(generator.target, ast.Name) and ast.unparse(key) == generator.target.id:
            name = generator.target.id
            one = _column(file, features, name, columns.elt)
            text = f"[{one} for {name} in sorted({file.of(generator.iter)})]"
            return f"{file.alias()}.concat({text}, axis=1)"
    if isinstance(columns, (ast.List, ast.Tuple)):
        keyed = sorted((_literal(_key(file, e, columns), columns), e) for e in columns.elts)
        texts = [_column(file, features, repr(key), element) for key, element in keyed]
        return f"{file.alias()}.concat([{', '.join(texts)}], axis=1)"
    raise Stuck(columns, "the feature columns are not known: concatenate the features in the program")


def _only_value(file: Source, rewriter: Rewriter, name: ast.Name) -> ast.expr:
    """What a name of columns is bound to, by a statement that goes."""
    found = [n for n in ast.walk(file.tree) if isinstance(n, ast.stmt) and not isinstance(n, ast.FunctionDef)
             and name.id in bound_names(n) and not hasattr(n, "body")]  # fmt: skip
    uses = [n for n in ast.walk(file.tree)
            if isinstance(n, ast.Name) and n.id == name.id and isinstance(n.ctx, ast.Load)]  # fmt: skip
    if len(found) != 1 or not isinstance(found[0], ast.Assign) or len(uses) != 1:
        raise Stuck(name, "the feature columns are not known: concatenate the features in the program")
    delete(file, rewriter, found[0])
    return found[0].value


def _key(file: Source, node: ast.expr, columns: ast.expr) -> ast.expr:
    """The key of a numeric column."""
    if not isinstance(node, ast.Call) or file.symbol(node.func) != _NUMERIC:
        raise Stuck(node, "only numeric feature columns have a conversion: compute the others in the program")
    bound = {name: a.value for name, a in file.bind(node, _NUMERIC).bound.items()}
    if set(bound) - {"key", "shape"}:
        raise Stuck(node, "a numeric column with more than a key and a shape has no conversion")
    return bound["key"]


def _literal(node: ast.expr, columns: ast.expr) -> str:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise Stuck(columns, "the order of the feature columns is not known: give them literal keys")
    return node.value


def _column(file: Source, features: str, key: str, call: ast.Call) -> str:
    """The tensor of a column: a row an example."""
    tf = file.alias()
    shape = file.bind(call, _NUMERIC).bound.get("shape")
    size = 1
    if shape is not None:
        try:
            given = ast.literal_eval(shape.value)
        except ValueError:
            raise Stuck(call, "the shape of a numeric column is no literal") from None
        for number in given if isinstance(given, (list, tuple)) else [given]:
            size *= number
    return f"{tf}.reshape({tf}.cast({features}[{key}], {tf}.float32), [-1, {size}])"
