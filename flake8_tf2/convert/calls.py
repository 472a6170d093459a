"""Calls of TF1 as the TF2 code that makes the same state: layers, optimizers, placeholders."""

from __future__ import annotations

import ast

from flake8_tf2.convert import inserted
from flake8_tf2.convert.source import Source, Stuck

_COMMON = {"reuse": None, "trainable": None, "_reuse": None, "_scope": None}
#: For each function that makes a layer the class of Keras, and arguments that it does not have or names otherwise.
_LAYERS: dict[str, tuple[str, dict[str, str | None]]] = {
    "tf.layers.dense": ("Dense", {}),
    "tf.layers.conv1d": ("Conv1D", {}),
    "tf.layers.conv2d": ("Conv2D", {}),
    "tf.layers.conv3d": ("Conv3D", {}),
    "tf.layers.conv2d_transpose": ("Conv2DTranspose", {}),
    "tf.layers.conv3d_transpose": ("Conv3DTranspose", {}),
    "tf.layers.separable_conv2d": ("SeparableConv2D", {}),
    "tf.layers.batch_normalization": ("BatchNormalization", {"training": None}),
    "tf.contrib.layers.fully_connected": (
        "Dense",
        {"num_outputs": "units", "activation_fn": "activation", "weights_initializer": "kernel_initializer",
         "weights_regularizer": "kernel_regularizer", "biases_regularizer": "bias_regularizer",
         "biases_initializer": "bias_initializer", "scope": "name"},
    ),
    "tf.contrib.layers.conv2d_transpose": (
        "Conv2DTranspose",
        {"num_outputs": "filters", "stride": "strides", "activation_fn": "activation",
         "weights_initializer": "kernel_initializer", "weights_regularizer": "kernel_regularizer",
         "biases_regularizer": "bias_regularizer",
         "biases_initializer": "bias_initializer", "scope": "name"},
    ),
    "tf.contrib.layers.batch_norm": (
        "BatchNormalization",
        {"decay": "momentum", "scope": "name", "updates_collections": "updates", "activation_fn": None},
    ),
    "tf.contrib.layers.conv2d": (
        "Conv2D",
        {"num_outputs": "filters", "stride": "strides", "activation_fn": "activation", "rate": "dilation_rate",
         "weights_initializer": "kernel_initializer",
         "weights_regularizer": "kernel_regularizer", "biases_regularizer": "bias_regularizer",
         "biases_initializer": "bias_initializer", "scope": "name"},
    ),
}  # fmt: skip
#: What contrib's functions do where nothing is said.
_DEFAULTS = {
    "tf.contrib.layers.fully_connected": {"activation": "{tf}.nn.relu"},
    "tf.contrib.layers.batch_norm": {"momentum": "0.999", "scale": "False", "fused": "True"},
    "tf.contrib.layers.conv2d": {"activation": "{tf}.nn.relu", "padding": "'same'"},
    "tf.contrib.layers.conv2d_transpose": {"activation": "{tf}.nn.relu", "padding": "'same'"},
}
_ACTIVITY = {"activity_regularizer", "normalizer_fn",
             "variables_collections", "outputs_collections", "kernel_constraint", "bias_constraint",
             "normalizer_params", "data_format", "renorm", "virtual_batch_size", "adjustment", "param_initializers",
             "param_regularizers", "zero_debias_moving_mean", "batch_weights", "renorm_clipping", "gamma_constraint",
             "beta_constraint", "beta_regularizer", "gamma_regularizer"}  # fmt: skip
#: For each optimizer the class of Keras, the names of its arguments there, and what TF1 takes where nothing is said.
_OPTIMIZERS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "tf.train.GradientDescentOptimizer": ("SGD", {}, {}),
    "tf.train.MomentumOptimizer": ("SGD", {"momentum": "momentum", "use_nesterov": "nesterov"}, {}),
    "tf.train.AdamOptimizer": (
        "Adam", {"beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon"}, {"epsilon": "1e-8"}
    ),
    "tf.train.AdagradOptimizer": ("Adagrad", {"initial_accumulator_value": "initial_accumulator_value"}, {}),
    "tf.train.AdadeltaOptimizer": ("Adadelta", {"rho": "rho", "epsilon": "epsilon"}, {"epsilon": "1e-8"}),
    "tf.train.FtrlOptimizer": (
        "Ftrl",
        {"learning_rate_power": "learning_rate_power", "initial_accumulator_value": "initial_accumulator_value",
         "l1_regularization_strength": "l1_regularization_strength",
         "l2_regularization_strength": "l2_regularization_strength"},
        {},
    ),
}  # fmt: skip
#: The arguments of optimizers that may be tensors, which each step sets anew.
SETTABLE = ("learning_rate", "momentum")
#: Of these TF1 moves only the rows that were looked up, which no optimizer of Keras does: Adagrad of Keras comes to the
#: same, but goes over all rows.
_BY_ROW = {
    "tf.train.MomentumOptimizer", "tf.train.AdadeltaOptimizer", "tf.train.FtrlOptimizer", "tf.train.AdagradOptimizer",
}  # fmt: skip


def layer(source: Source, call: ast.Call, symbol: str, tf: str, default: str = "") -> tuple[str, str]:
    """The layer object that a functional layer makes, and the arguments of its call.

    default: the initializer that the scopes around it give.
    """
    cls, changes = _LAYERS[symbol]
    bound = dict(source.bind(call, symbol).bound)
    inputs = bound.pop("inputs", None)
    if inputs is None:
        raise Stuck(call, "the layer is given no inputs")
    training = bound.pop("training", None) or bound.pop("is_training", None)
    arguments: dict[str, str] = {}
    for name, argument in bound.items():
        value = argument.value
        is_none = isinstance(value, ast.Constant) and value.value is None
        if name in _COMMON or changes.get(name, name) is None:
            if name == "trainable" and not (isinstance(value, ast.Constant) and value.value is True):
                arguments["trainable"] = source.of(value)
            continue
        if name in _ACTIVITY:
            if is_none or isinstance(value, ast.Constant) and value.value in (False, "channels_last"):
                continue
            raise Stuck(value, f"{name} of a layer has no conversion")
        name = changes.get(name, name)
        if name == "updates":
            if is_none:
                arguments["updates"] = "None"
            elif not source.symbol(value).endswith("UPDATE_OPS"):
                raise Stuck(value, "updates_collections of a layer, but None, has no conversion")
            continue
        if is_none and name != "activation":
            if name == "bias_initializer":
                arguments["use_bias"] = "False"
            continue
        arguments[name] = f"{source.of(value)}"
    if default and cls != "BatchNormalization":
        if cls == "SeparableConv2D" or symbol.startswith("tf.contrib"):
            raise Stuck(call, "the initializer of a scope, for this layer, has no conversion")
        arguments.setdefault("kernel_initializer", default)
    for name, text in _DEFAULTS.get(symbol, {}).items():
        arguments.setdefault(name, text.format(tf=tf))
    if "name" in arguments and "/" in arguments["name"] and cls != "BatchNormalization":
        del arguments["name"]
    first = [arguments.pop(n) for n in ("units", "filters", "kernel_size") if n in arguments]
    text = ", ".join([*first, *(f"{n}={t}" for n, t in arguments.items())])
    called = source.of(inputs.value)
    if cls == "BatchNormalization":
        default = "True" if symbol.startswith("tf.contrib") else "False"
        called += f", training={source.of(training.value) if training is not None else default}"
        return f"{cls}({text})", called
    return f"{tf}.keras.layers.{cls}({text})", called


def default_name(symbol: str) -> str:
    """What TF1 calls a layer that is given no name."""
    last = symbol.rpartition(".")[2]
    named = {"conv2d": "Conv", "conv2d_transpose": "Conv2d_transpose", "batch_norm": "BatchNorm"}
    return named.get(last, last) if symbol.startswith("tf.contrib.") else last


def with_name(made: str, name: str) -> str:
    """A call that makes something, as a text, with a name."""
    return f"{made[:-1]}{'' if made.endswith('()') else ', '}name={name})"


def optimizer(
    source: Source, call: ast.Call, symbol: str, tf: str, moving: set[str], by_row: bool, exact: bool = False
) -> tuple[str, str]:
    """The optimizer of Keras that computes as TF1's does, or else a piece that does; and the name of the piece, or "".

    moving: which of its arguments are set at each step. by_row: its gradients may be of looked-up rows.
    exact: never that of Keras.
    """
    is_momentum = symbol == "tf.train.MomentumOptimizer" and moving
    if exact or symbol not in _OPTIMIZERS or by_row and symbol in _BY_ROW or is_momentum:
        return _own_optimizer(source, call, symbol, tf, moving)
    cls, names, defaults = _OPTIMIZERS[symbol]
    bound = source.bind(call, symbol).bound
    arguments: list[str] = []
    if "learning_rate" not in moving:
        if "learning_rate" in bound:
            arguments.append(source.of(bound["learning_rate"].value))
        elif symbol == "tf.train.AdadeltaOptimizer":
            arguments.append("0.001")
    for name, argument in bound.items():
        if name in ("learning_rate", "use_locking"):
            continue
        if name not in names and name != "name":
            raise Stuck(argument.value, f"{name} of an optimizer has no conversion")
        arguments.append(f"{names.get(name, name)}={source.of(argument.value)}")
    arguments += [f"{names[n]}={t}" for n, t in defaults.items() if n not in bound]
    return f"{tf}.keras.optimizers.{cls}({', '.join(arguments)})", ""


def _own_optimizer(source: Source, call: ast.Call, symbol: str, tf: str, moving: set[str]) -> tuple[str, str]:
    piece = inserted.replacement(symbol, source.table.canonical)
    if not piece:
        raise Stuck(call, f"{symbol} has no conversion")
    bound = source.bind(call, symbol).bound
    arguments = []
    for name, argument in bound.items():
        if name == "use_locking":
            continue
        text = source.of(argument.value)
        if name in moving:
            text = "0.0" if name == "learning_rate" else f"{tf}.Variable(0.0, trainable=False)"
        arguments.append(text if name == "learning_rate" else f"{name}={text}")
    return f"{piece}({', '.join(arguments)})", piece


_INTEGRAL = {"tf.int32", "tf.int64", "tf.int16", "tf.int8", "tf.uint8", "tf.bool"}
_UNTRANSLATED = ("caching_device", "partitioner", "custom_getter", "constraint", "validate_shape")


def full_name(name: str) -> str:
    """The text of a name in which expressions stand in braces."""
    return f"f{name!r}" if "{" in name else repr(name)


def variable(source: Source, rewriter, call: ast.Call, symbol: str, tf: str, path: str = "", default: str = "") -> str:
    """The `tf.Variable` that a call makes.

    path: of the scopes around it, with a slash at its end; default: the initializer that they give.
    """
    bound = source.bind(call, symbol).bound
    if symbol.endswith("global_step"):
        return f'{tf}.Variable(0, trainable=False, dtype={tf}.int64, name="global_step")'
    if symbol.endswith(".Variable"):
        name = bound.get("name")
        if name is None or not path or not _is_text(name.value):
            return rewriter.inside(call)
        start, end = source.text.range(call)
        at, stop = source.text.range(name.value)
        return rewriter.render(start, at) + full_name(path + name.value.value) + rewriter.render(stop, end)
    for given in _UNTRANSLATED:
        if given in bound and not _is_nothing(bound[given].value):
            raise Stuck(bound[given].value, f"{given} of a variable has no conversion")
    if "name" not in bound:
        raise Stuck(call, "the variable has no name")
    name = bound["name"].value
    named = source.of(name)
    if path or _is_text(name):
        named = full_name(path + name.value) if _is_text(name) else f"{full_name(path)} + {named}"
    dtype = bound.get("dtype")
    typed = "" if dtype is None or source.symbol(dtype.value) == "tf.float32" else f", {source.of(dtype.value)}"
    shape, initializer = bound.get("shape"), bound.get("initializer")
    if initializer is not None and _is_nothing(initializer.value):
        initializer = None
    if shape is None:
        if initializer is None:
            raise Stuck(call, "the variable has neither shape nor initializer")
        made = rewriter.of(initializer.value)
        typed = f", dtype={source.of(dtype.value)}" if dtype is not None else ""
        made = f"{made}{typed}"
    else:
        size = rewriter.of(shape.value)
        if initializer is not None:
            function = _called_initializer(source, rewriter, initializer.value)
            made = f"{function}({size}{typed or _default_dtype(source, initializer.value, tf)})"
        elif typed and source.symbol(dtype.value) in _INTEGRAL:
            made = f"{tf}.zeros({size}{typed})"
        else:
            made = f"{default or f'{tf}.keras.initializers.GlorotUniform()'}({size}{typed})"
    trainable = f", trainable={source.of(bound['trainable'].value)}" if "trainable" in bound else ""
    return f"{tf}.Variable({made}{trainable}, name={named})"


def _called_initializer(source: Source, rewriter, node: ast.expr) -> str:
    """An initializer, from a class that TF1 called itself where it was given one."""
    text = rewriter.of(node)
    symbol = source.symbol(node)
    if symbol and symbol.endswith("_initializer") and "contrib" not in symbol:
        return f"{text}()"
    return text if isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)) else f"({text})"


def _default_dtype(source: Source, node: ast.expr, tf: str) -> str:
    """Constants of Python take the dtype of the variable in TF1, in TF2 their own."""
    if isinstance(node, ast.Call) and source.symbol(node.func).endswith("constant_initializer"):
        return f", {tf}.float32"
    return ""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, True)


def dropout(source: Source, rewriter, call: ast.Call, symbol: str, tf: str) -> str:
    """The expression that a dropout layer becomes."""
    bound = source.bind(call, symbol).bound
    inputs = rewriter.of(bound["inputs"].value)
    extra = [f"{n}={rewriter.of(bound[n].value)}" for n in ("noise_shape", "seed") if n in bound]
    if symbol.startswith("tf.contrib"):
        kept = rewriter.of(bound["keep_prob"].value) if "keep_prob" in bound else "0.5"
        rate, training = f"1 - ({kept})", bound.get("is_training")
        default = True
    else:
        rate, training = rewriter.of(bound["rate"].value) if "rate" in bound else "0.5", bound.get("training")
        default = False
    active = f"{tf}.nn.dropout({', '.join([inputs, f'rate={rate}', *extra])})"
    if training is None:
        return active if default else inputs
    if isinstance(training.value, ast.Constant):
        return active if training.value.value else inputs
    return f"({active} if {rewriter.of(training.value)} else {inputs})"


_DTYPES = {"float": "float32", "double": "float64", "int": "int32"}


def signature(source: Source, call: ast.Call, tf: str) -> str:
    """The `tf.TensorSpec` of a placeholder; "" of one without a dtype, which is given the elements of datasets."""
    symbol = source.symbol(call.func)
    bound = source.bind(call, symbol).bound
    if not bound:
        return ""
    if symbol.endswith("with_default"):
        dtype = _dtype_of(bound["input"].value, tf)
    else:
        node = bound["dtype"].value
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            dtype = f"{tf}.{_DTYPES.get(node.value, node.value)}"
        else:
            dtype = source.of(node)
    shape = source.of(bound["shape"].value) if "shape" in bound else "None"
    return f"{tf}.TensorSpec({shape}, {dtype})"


def _dtype_of(node: ast.expr, tf: str) -> str:
    """The dtype that TensorFlow gives a Python literal."""
    if isinstance(node, ast.Constant):
        for cls, name in ((bool, "bool"), (int, "int32"), (float, "float32"), (str, "string")):
            if isinstance(node.value, cls):
                return f"{tf}.{name}"
    raise Stuck(node, "the dtype of the default is not known")
