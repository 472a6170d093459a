"""TF-Slim before the program is read: argument scopes, repeated layers and normalizers, as the calls that they mean."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.passed import remove_argument
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

_MAX_ROUNDS = 60
#: The arguments of a train op of TF-Slim that are converted.
_TRAINED = {"total_loss", "optimizer", "global_step", "summarize_gradients", "variables_to_train"}
#: Layers that TF-Slim normalizes, and what they do to the result where nothing is said.
_NORMALIZED = ("tf.contrib.layers.conv2d", "tf.contrib.layers.fully_connected", "tf.contrib.layers.conv2d_transpose",
               "tf.contrib.layers.separable_conv2d")  # fmt: skip
_BATCH_NORM = "tf.contrib.layers.batch_norm"


def written_in_full(source: str, options: Options) -> str:
    """A source in which each layer says itself what the argument scopes around it said."""
    if "contrib" not in source and "slim" not in source:
        return source
    for step in (_renamed, _repeated, _scoped, _normalized, _unread, _trained):
        for _ in range(_MAX_ROUNDS):
            found = step(Source(source, options))
            if found is None:
                break
            source = found
    return source


def _calls(file: Source, node: ast.AST):
    """The calls of symbols in code, with the symbols."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and (symbol := file.symbol(inner.func)):
            yield inner, symbol


def _render(file: Source, rewriter: Rewriter) -> str:
    return rewriter.render(0, len(file.text.text))


# slim = tf.contrib.slim


def _renamed(file: Source) -> str | None:
    """The source without a name for a namespace of contrib: it is written out."""
    for node in file.tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name) or len(node.targets) > 1:
            continue
        text = file.of(node.value)
        if not isinstance(node.value, ast.Attribute) or ".contrib." not in f"{text}.":
            continue
        names = [n for n in ast.walk(file.tree) if isinstance(n, ast.Name) and n.id == node.targets[0].id]
        if any(not isinstance(n.ctx, ast.Load) and n is not node.targets[0] for n in names):
            continue
        rewriter = Rewriter(file)
        for name in names:
            rewriter.replace(name, text)
        start, end = file.text.offset(node.lineno, 0), file.text.range(node)[1]
        rewriter.edits = {span: t for span, t in rewriter.edits.items() if not start <= span[0] < end}
        rewriter.edits[(start, end)] = ""
        return _render(file, rewriter)
    return None


# slim.repeat


def _repeated(file: Source) -> str | None:
    for call, symbol in _calls(file, file.tree):
        if symbol == "tf.contrib.layers.repeat" and len(call.args) >= 3 and isinstance(call.args[1], ast.Constant):
            text = file.of(call.args[0])
            layer = file.of(call.args[2])
            scope = next((k.value for k in call.keywords if k.arg == "scope"), None)
            if scope is not None and not isinstance(scope, ast.Constant):
                raise Stuck(call, "the scope of repeated layers is not known")
            name = scope.value if scope is not None else layer.rpartition(".")[2]
            given = [file.of(a) for a in call.args[3:]]
            given += [f"{k.arg}={file.of(k.value)}" for k in call.keywords if k.arg != "scope"]
            for number in range(1, int(call.args[1].value) + 1):
                named = f"scope={f'{name}/{name}_{number}'!r}"
                text = f"{layer}({', '.join([text, *given, named])})"
            rewriter = Rewriter(file)
            rewriter.replace(call, text)
            return _render(file, rewriter)
    return None


# slim.arg_scope


def _scoped(file: Source) -> str | None:
    """The source without one argument scope, an innermost one."""
    headers = [n for n in ast.walk(file.tree) if isinstance(n, ast.With) and _scope_items(file, n)]
    for header in headers:
        if not any(inner is not header and inner in headers for inner in ast.walk(header)):
            function = _maker(file, header)
            if function is not None:
                continue  # a function that makes a scope: it goes with its last use
            return _without(file, header)
    return _without_makers(file)


def _scope_items(file: Source, node: ast.With) -> list[ast.withitem]:
    return [i for i in node.items if _scopes_of(file, i.context_expr) is not None]


def _scopes_of(file: Source, node: ast.expr) -> list[tuple[set[str], dict[str, str]]] | None:
    """The layers that a context speaks of and the arguments that it gives them; None where it is no such scope."""
    if not isinstance(node, ast.Call):
        return None
    if file.symbol(node.func) == "tf.contrib.framework.arg_scope":
        if len(node.args) != 1 or any(k.arg is None for k in node.keywords):
            raise Stuck(node, "what an argument scope gives is not known")
        if not isinstance(node.args[0], (ast.List, ast.Tuple)):
            return _scopes_of(file, node.args[0]) if not node.keywords else None
        layers = {file.symbol(e) for e in node.args[0].elts}
        if "" in layers:
            raise Stuck(node, "the layers of an argument scope are not known")
        return [(layers, {k.arg: file.of(k.value) for k in node.keywords})]
    maker = _functions(file).get(getattr(node.func, "id", ""))
    if maker is None or not isinstance(maker.body[-1], ast.With) or len(node.args) > len(maker.args.args):
        return None
    parameters = [a.arg for a in maker.args.args]
    given = dict(zip(parameters[::-1], (file.of(d) for d in maker.args.defaults[::-1])))
    given |= dict(zip(parameters, (file.of(a) for a in node.args))) | {k.arg: file.of(k.value) for k in node.keywords}
    found: list[tuple[set[str], dict[str, str]]] = []
    block = maker.body[-1]
    while isinstance(block, ast.With):
        scopes = [s for i in block.items for s in (_scopes_of(file, i.context_expr) or [])]
        if not scopes or len(block.body) != 1:
            return None
        found = [*scopes, *found]  # what is said within counts first
        block = block.body[0]
    if not isinstance(block, ast.Return) or set(parameters) - set(given):
        return None
    own = set().union(*(bound_names(s) for s in maker.body[:-1]))
    values = {n.targets[0].id: file.of(n.value) for n in maker.body[:-1]
              if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)}  # fmt: skip
    if own - set(values):
        return None
    names = {**{k: _substituted(v, given) for k, v in values.items()}, **given}
    return [(layers, {k: _substituted(v, names) for k, v in arguments.items()}) for layers, arguments in found]


def _substituted(text: str, names: dict[str, str]) -> str:
    """An expression with other expressions in the place of names."""
    if text in names:
        return names[text]
    tree = ast.parse(text, mode="eval")

    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return ast.parse(names[node.id], mode="eval").body if node.id in names else node

    return ast.unparse(Put().visit(tree)) if any(
        isinstance(n, ast.Name) and n.id in names for n in ast.walk(tree)
    ) else text


def _functions(file: Source) -> dict[str, ast.FunctionDef]:
    return {n.name: n for n in ast.walk(file.tree) if isinstance(n, ast.FunctionDef)}


def _maker(file: Source, header: ast.With) -> ast.FunctionDef | None:
    """The function that makes a scope, and only that, in which a header stands."""
    node: ast.AST = header
    while not isinstance(node, (ast.FunctionDef, ast.Module, ast.Lambda, ast.ClassDef)):
        node = file.parents[node]
    inner = header.body[-1]
    while isinstance(inner, ast.With):
        inner = inner.body[-1]
    named = {getattr(i.optional_vars, "id", "") for i in header.items}
    returns = isinstance(inner, ast.Return) and getattr(inner.value, "id", "") in named - {""}
    return node if isinstance(node, ast.FunctionDef) and returns else None


def _without_makers(file: Source) -> str | None:
    """The source without functions that made scopes, once nothing calls them."""
    for function in file.tree.body:
        if isinstance(function, ast.FunctionDef) and isinstance(function.body[-1], ast.With):
            called = any(isinstance(n, ast.Name) and n.id == function.name for n in ast.walk(file.tree))
            if _scope_items(file, function.body[-1]) and not called:
                rewriter = Rewriter(file)
                start, end = file.text.offset(function.lineno, 0), file.text.range(function)[1]
                rewriter.edits[(start, end)] = ""
                return _render(file, rewriter)
    return None


def _without(file: Source, header: ast.With) -> str:
    """The source without a scope, and what it gave written at the layers."""
    rewriter = Rewriter(file)
    items = _scope_items(file, header)
    for item in items:
        for layers, arguments in _scopes_of(file, item.context_expr) or ():
            for body in _reached(file, header):
                _give(file, rewriter, body, layers, arguments)
    others = [i for i in header.items if i not in items]
    body = "\n".join(rewriter.statement(s) for s in header.body)
    column = header.col_offset
    if others:
        heads = ", ".join(
            file.of(i.context_expr) + (f" as {file.of(i.optional_vars)}" if i.optional_vars else "") for i in others
        )
        text = f"with {heads}:\n{shift(body, column + 4)}"
    else:
        text = shift(body, column).lstrip(" ")
    outer = Rewriter(file)
    inside = file.text.range(header)
    outer.edits = {span: t for span, t in rewriter.edits.items() if not inside[0] <= span[0] < inside[1]}
    outer.replace(header, text)
    return _render(file, outer)


def _reached(file: Source, header: ast.With) -> list[ast.AST]:
    """What runs within a scope: its body, and the functions of the file that it calls, which nothing else may call."""
    functions = _functions(file)
    found: list[ast.AST] = [*header.body]
    work = [*header.body]
    inside = set(map(id, ast.walk(header)))
    while work:
        for node in ast.walk(work.pop()):
            function = functions.get(node.id) if isinstance(node, ast.Name) else None
            if function is None or function in found or not any(_layers(file, function)):
                continue
            uses = [n for n in ast.walk(file.tree) if isinstance(n, ast.Name) and n.id == function.name]
            if any(id(u) not in inside for u in uses):
                raise Stuck(
                    header.items[0].context_expr, f"{function.name} builds layers within this scope, and without"
                )
            found.append(function)
            work.append(function)
            inside |= set(map(id, ast.walk(function)))
    return found


def _layers(file: Source, node: ast.AST):
    return (symbol for _, symbol in _calls(file, node) if symbol.startswith("tf.contrib.layers."))


def _give(file: Source, rewriter: Rewriter, body: ast.AST, layers: set[str], arguments: dict[str, str]) -> None:
    for call, symbol in _calls(file, body):
        if symbol not in layers:
            continue
        bound = file.bind(call, symbol).bound
        span = (file.text.range(call)[1] - 1,) * 2
        before = rewriter.edits.get(span, "")
        said = {k.arg for k in ast.parse(f"f(0{before})", mode="eval").body.keywords} if before else set()
        new = "".join(f", {n}={t}" for n, t in arguments.items() if n not in bound and n not in said)
        rewriter.edits[span] = before + new


# Normalizers


def _normalized(file: Source) -> str | None:
    """The source with the normalizer of one layer as a layer of its own."""
    for call, symbol in _calls(file, file.tree):
        bound = file.bind(call, symbol).bound if symbol in _NORMALIZED else {}
        if "normalizer_fn" not in bound:
            continue
        normalizer = bound["normalizer_fn"].value
        rewriter = Rewriter(file)
        if isinstance(normalizer, ast.Constant):
            for name in ("normalizer_fn", "normalizer_params"):
                if name in bound:
                    remove_argument(file, rewriter, call, len(call.args), name)
            return _render(file, rewriter)
        if file.symbol(normalizer) != _BATCH_NORM:
            raise Stuck(normalizer, "the normalizer of a layer, but batch_norm, has no conversion")
        parameters = _parameters(file, bound["normalizer_params"].value) if "normalizer_params" in bound else {}
        scope = bound.get("scope")
        if scope is not None and "scope" not in parameters:
            given = scope.value
            is_text = isinstance(given, ast.Constant)
            parameters["scope"] = repr(f"{given.value}/BatchNorm") if is_text else f"{file.of(given)} + '/BatchNorm'"
        drop = [n for n in ("normalizer_fn", "normalizer_params", "activation_fn", "biases_initializer") if n in bound]
        root = normalizer
        while isinstance(root, ast.Attribute):
            root = root.value
        if any(k.arg is None for k in call.keywords) or any(call.args.index(bound[n].value) >= 0
                                                            for n in drop if bound[n].value in call.args):  # fmt: skip
            raise Stuck(call, "the normalizer of a layer is given by position")
        kept = [file.of(a) for a in call.args]
        kept += [f"{k.arg}={file.of(k.value)}" for k in call.keywords if k.arg not in drop]
        inner = f"{file.of(call.func)}({', '.join([*kept, 'activation_fn=None', 'biases_initializer=None'])})"
        text = f"{file.of(normalizer)}({', '.join([inner, *(f'{n}={t}' for n, t in parameters.items())])})"
        activation = bound.get("activation_fn")
        if activation is None:
            text = f"{_tensorflow(file, call)}.nn.relu({text})"
        elif not isinstance(activation.value, ast.Constant):
            text = f"{file.of(activation.value)}({text})"
        rewriter.replace(call, text)
        return _render(file, rewriter)
    return None


def _unread(file: Source) -> str | None:
    """The source without a dictionary of a normalizer's parameters that nothing reads any more."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            speaks = any(file.symbol(n).startswith("tf.GraphKeys") for n in ast.walk(node.value))
            if not speaks or not isinstance(node.value, (ast.Dict, ast.Call)):
                continue
            if not any(isinstance(n.ctx, ast.Load) for n in _named(file, name)):
                rewriter = Rewriter(file)
                rewriter.replace(node, "pass")
                return _render(file, rewriter)
    return None


def _named(file: Source, name: str) -> list[ast.Name]:
    return [n for n in ast.walk(file.tree) if isinstance(n, ast.Name) and n.id == name]


def _parameters(file: Source, node: ast.expr) -> dict[str, str]:
    """The arguments in a dictionary that stands in the file."""
    if isinstance(node, ast.Name):
        names = _named(file, node.id)
        stores = [n for n in names if not isinstance(n.ctx, ast.Load)]
        changed = any(isinstance(file.parents[n], (ast.Subscript, ast.Attribute)) for n in names if n not in stores)
        statement = file.parents[stores[0]] if len(stores) == 1 else None
        if not isinstance(statement, ast.Assign) or changed:
            raise Stuck(node, "the parameters of a normalizer are not known")
        node = statement.value
    if isinstance(node, ast.Constant) and node.value is None:
        return {}
    if isinstance(node, ast.Dict) and all(isinstance(k, ast.Constant) for k in node.keys):
        return {k.value: file.of(v) for k, v in zip(node.keys, node.values)}
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dict" and not node.args:
        return {k.arg: file.of(k.value) for k in node.keywords}
    raise Stuck(node, "the parameters of a normalizer are not known")


def _tensorflow(file: Source, node: ast.AST) -> str:
    """What the file calls TensorFlow."""
    for name, bindings in file.layout.module.bindings.items():
        if any(b.kind == "import" and b.node in ("tensorflow", "tensorflow.compat.v1") for b in bindings):
            return name
    raise Stuck(node, "the file does not import tensorflow under a name")


# slim.learning.create_train_op


def _trained(file: Source) -> str | None:
    """The source with one train op of TF-Slim as an optimizer's, behind the updates, that gives the loss."""
    for call, symbol in _calls(file, file.tree):
        if symbol.rpartition(".")[2] != "create_train_op" or not symbol.startswith("tf.contrib."):
            continue
        statement = file.parents[call]
        bound = {n: a.value for n, a in file.bind(call, symbol).bound.items()}
        if not isinstance(statement, ast.Assign) or set(bound) - _TRAINED:
            raise Stuck(call, "the train op of TF-Slim has no conversion with these arguments")
        tf = _tensorflow(file, call)
        target = file.of(statement.targets[0])
        loss = file.of(bound["total_loss"])
        step = file.of(bound["global_step"]) if "global_step" in bound else f"{tf}.train.get_or_create_global_step()"
        trained = f", var_list={file.of(bound['variables_to_train'])}" if "variables_to_train" in bound else ""
        indent = " " * statement.col_offset
        lines = [
            f"with {tf}.control_dependencies({tf}.get_collection({tf}.GraphKeys.UPDATE_OPS)):",
            f"    {target}_step = {file.of(bound['optimizer'])}.minimize({loss}, global_step={step}{trained})",
            f"with {tf}.control_dependencies([{target}_step]):",
            f"    {target} = {tf}.identity({loss})",
        ]
        rewriter = Rewriter(file)
        rewriter.replace(statement, f"\n{indent}".join(lines))
        return _render(file, rewriter)
    return None
