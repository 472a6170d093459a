"""Write the public API of the installed TensorFlow as one JSON file.

    python tools/symbols/dump.py OUT.json [--like TF1.json]

Runs under CPython 3.7 to 3.13 and needs nothing but the TensorFlow to look at.
With TensorFlow 1 it walks `tf.*` with `tf.contrib.*`, and the private modules
that programs import.  With TensorFlow 2 it walks the native `tf.*` and
`tf.compat.v1.*`, and, of the private modules, those that the TensorFlow 1 dump
named by --like knows.  The same TensorFlow gives the same bytes.
"""

import argparse
import ast
import enum
import functools
import importlib
import importlib.util
import inspect
import io
import json
import os
import pkgutil
import re
import sys
import textwrap
import types
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")

import tensorflow as tf  # noqa: E402

#: Names that plain `import tensorflow as tf` gives.  Asked before anything else
#: is imported, because importing a sub-module can make another name appear.
TOP_LEVEL = sorted(n for n in dir(tf) + ["python", "core", "compiler", "contrib", "estimator"] if hasattr(tf, n))

from tensorflow.python.framework.dtypes import DType  # noqa: E402
from tensorflow.python.util import tf_decorator, tf_inspect  # noqa: E402

IS_TF1 = tf.__version__.startswith("1.")

#: Dunder names of the top level that are part of the API.
DUNDERS = ["__compiler_version__", "__cxx11_abi_flag__", "__git_version__", "__monolithic_build__", "__version__"]

#: Contrib modules that code names though no package exports them.
EXTRA_MODULES = [
    "tensorflow.contrib.layers.python.layers.utils",
    "tensorflow.contrib.slim.nets",
    "tensorflow.contrib.tensor_forest.client.random_forest",
    "tensorflow.contrib.tensor_forest.python.tensor_forest",
    "tensorflow.contrib.tensorboard.plugins.projector",
]

#: Modules outside contrib that `tf` hands out though they lie in tensorflow.python.
API_MODULES = ("tensorflow.python.platform.flags", "tensorflow.python.util.nest")

#: Attributes that tf_export and keras_export leave on what they export.
EXPORT_KEYS = {
    "tf1": ("_tf_api_names_v1", "_keras_api_names_v1", "_estimator_api_names_v1"),
    "v1": ("_tf_api_names_v1",),
    "tf2": ("_tf_api_names", "_keras_api_names", "_api_export_path"),
}

PLAIN = (type(None), bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)


# ---------------------------------------------------------------- modules


def loaded(module):
    """The module behind a lazy one."""
    if isinstance(module, types.ModuleType) and hasattr(type(module), "_load"):
        try:
            dir(module)  # TF2's loader of Keras knows what to load only after this
            return module._load()
        except (ImportError, AttributeError):
            # tf.compat.v1.layers of TF2 wants Keras 2: the name is there, nothing in it is.
            return types.ModuleType("unavailable")
    return module


def module_name(module):
    """`__name__` with one spelling: 1.15 keeps a part of itself as tensorflow_core."""
    return re.sub(r"^tensorflow_core\b", "tensorflow", getattr(module, "__name__", ""))


def is_api_module(module):
    """Is this one of the generated packages that make up the public API?

    By file, as tf.experimental calls itself tensorflow.experimental, and
    tf.keras.optimizers calls itself keras.optimizers.
    """
    path = (getattr(module, "__file__", None) or "").replace(os.sep, "/").rpartition("/site-packages/")[2]
    generated = "/_api/" in path or "/api/_v1/" in path
    keras = path.startswith("keras/") and not path.startswith("keras/src/")
    return generated or keras or module_name(module) in API_MODULES


def is_contrib_child(parent, attribute, name):
    """May the walk of a contrib package go into this module?

    Contrib has no generated API packages: its own sub-packages and the modules
    that it re-exports count, what it merely imported does not.
    """
    if attribute in ("python", "ops", "api") or not name.startswith("tensorflow.contrib."):
        return name == "tensorflow.python.util.nest" and parent == "tensorflow.contrib.framework"
    if name == parent + "." + attribute:
        return True
    package = ".".join(parent.split(".")[:3])
    if package == "tensorflow.contrib.slim":
        # slim is a bundle: slim.losses, slim.metrics and slim.layers are other packages' modules.
        bundled = r"slim\..*|losses|metrics|layers\.python\.layers\.(initializers|layers|regularizers|utils)"
        return parent == package and re.match(r"tensorflow\.contrib\.(%s)$" % bundled, name) is not None
    return name.startswith(package + ".") and len(parent.split(".")) <= 5


def may_hold_modules(module):
    """Are the modules in this contrib module part of it?  In a plain module they are imports."""
    return hasattr(module, "__path__") or contrib_source(getattr(module, "__file__", None), False)[1]


def attribute(owner, name):
    """`getattr`, or None where asking for it fails (some lazy names of 1.15 do)."""
    try:
        return getattr(owner, name)
    except Exception:  # noqa: B902 - whatever a lazy import raises
        return None


def public(names):
    """The names without a leading underscore, sorted."""
    return sorted(n for n in names if not n.startswith("_"))


# ---------------------------------------------------------------- the walk


@functools.lru_cache(maxsize=None)
def contrib_source(path, is_package):
    """(names that a contrib module states itself, whether it deletes all others)."""
    try:
        with io.open(path, encoding="utf-8") as handle:
            tree = ast.parse(handle.read())
    except (OSError, SyntaxError, TypeError, ValueError):
        return frozenset(), False
    cleans = any(isinstance(n, ast.Call) and call_name(n) == "remove_undocumented" for n in ast.walk(tree))
    names = set()
    # A module that defines nothing, such as contrib.summary, is there for what it imports.
    exports = is_package or not any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in tree.body)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and exports:
            names.update(a.asname or a.name for a in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(t.id for t in node.targets if isinstance(t, ast.Name))
    return frozenset(names), cleans


def home_of(value):
    """The module that defines a class or function, in the spelling without tensorflow_core."""
    value = getattr(value, "func", value)  # functools.partial
    return re.sub(r"^tensorflow_core\b", "tensorflow", getattr(unwrapped(value), "__module__", None) or "")


def is_contrib_public(module, key, value):
    """Is this a name of a contrib module, or did an import leave it there?

    Some contrib packages delete what they do not document: all that is left is
    public.  For the others: what they define or import by name, and what the
    modules of the package define.
    """
    if is_leak(value, True):
        return False
    is_package = hasattr(module, "__path__")
    stated, cleans = contrib_source(getattr(module, "__file__", None), is_package)
    if cleans or key in stated:
        return True
    name, home = module_name(module), home_of(value)
    if not is_package or not (inspect.isclass(value) or callable(value)):
        return home == name
    package = ".".join(name.split(".")[:3])
    bundle = ("layers", "losses", "metrics", "framework") if package.endswith(".slim") else ()
    return home.startswith((package + ".",) + tuple("tensorflow.contrib.%s." % b for b in bundle))


def is_leak(value, in_contrib):
    """Is this a name that a module only happens to hold?"""
    if type(value).__module__ == "__future__":
        return True
    if not in_contrib:
        return False
    home = getattr(value, "__module__", None) or ""
    if inspect.isclass(value) or inspect.isroutine(value):
        if re.match(r"tensorflow\.python\.util\.(?!nest)", re.sub("^tensorflow_core", "tensorflow", home)):
            return not exports_of(value, EXPORT_KEYS["tf1"])
        return not home.startswith(("tensorflow", "google.protobuf"))
    return not (isinstance(value, PLAIN + (DType,)) or type(value).__module__.startswith(("tensorflow", "functools")))


def is_part(parent, key, module, in_contrib):
    """Is this module a public part of the one that holds it?"""
    if not in_contrib:
        return is_api_module(module)
    return may_hold_modules(parent) and is_contrib_child(module_name(parent), key, module_name(module))


def walk(module, prefix, found, modules_seen):
    """Collect {dotted name: object} of an API package and the packages below it."""
    module = loaded(module)
    name = module_name(module)
    in_contrib = prefix.startswith("tf.contrib")
    if name in modules_seen:
        return
    modules_seen = modules_seen | {name}
    for key in public(dir(module)):
        value = attribute(module, key)
        full = prefix + "." + key
        if full in ("tf.compat.v1", "tf.compat.v2", "tf.compat.v1.compat.v1", "tf.compat.v1.compat.v2"):
            continue
        if isinstance(value, types.ModuleType):
            value = loaded(value)
            inner = module_name(value)
            if inner == "unavailable" or key == "mock":
                found[full] = value
            elif is_part(module, key, value, in_contrib):
                found[full] = value
                walk(value, full, found, modules_seen)
        elif value is not None or key == "newaxis":
            if is_contrib_public(module, key, value) if in_contrib else not is_leak(value, False):
                found[full] = value


def walk_contrib(found):
    """Collect `tf.contrib.*`: the packages that contrib imports, and those that it leaves to the user."""
    contrib = importlib.import_module("tensorflow.contrib")
    found["tf.contrib"] = contrib
    names = set(public(dir(contrib))) | {m.name for m in pkgutil.iter_modules(contrib.__path__)}
    for key in public(names):
        value = attribute(contrib, key)
        if value is None:
            value = imported("tensorflow.contrib." + key)
        if isinstance(value, types.ModuleType) and module_name(loaded(value)).startswith("tensorflow.contrib."):
            found["tf.contrib." + key] = value
            walk(value, "tf.contrib." + key, found, frozenset())
    for name in EXTRA_MODULES:
        add_extra(name, found)


def add_extra(name, found):
    """Add one private contrib module, the packages on its way, and what it defines."""
    module = imported(name)
    if module is None:
        return
    parts = name.split(".")
    for end in range(3, len(parts) + 1):
        found.setdefault("tf." + ".".join(parts[1:end]), importlib.import_module(".".join(parts[:end])))
    dotted = "tf." + ".".join(parts[1:])
    for key in public(dir(module)):
        value = attribute(module, key)
        if isinstance(value, types.ModuleType):
            if name.endswith(".nets") and ".nets." in module_name(value):
                found[dotted + "." + key] = value
                own = {k: v for k, v in vars(value).items() if getattr(v, "__module__", None) == value.__name__}
                found.update({dotted + "." + key + "." + k: own[k] for k in public(own)})
        elif value is not None and is_contrib_public(module, key, value):
            found[dotted + "." + key] = value


def imported(name):
    """Import a module, or None: many private ones need what is not installed."""
    try:
        return importlib.import_module(name)
    except BaseException:  # noqa: B902 - scripts exit, flags clash, libraries are missing
        return None


def collect():
    """{name: object} of everything public."""
    found = {}
    walk(tf, "tf", found, frozenset())
    for key in DUNDERS:
        if hasattr(tf, key):
            found["tf." + key] = getattr(tf, key)
    if IS_TF1:
        checkpoint_reader = tf.train.NewCheckpointReader
        pywrap = importlib.import_module("tensorflow.python.pywrap_tensorflow")
        found["tf.pywrap_tensorflow"] = pywrap
        # The one name of it that programs use, though it was never meant to be seen.
        found["tf.pywrap_tensorflow.NewCheckpointReader"] = checkpoint_reader
        walk_contrib(found)
    else:
        walk(tf.compat.v1, "tf.compat.v1", found, frozenset())
        found.update({"tf.compat.v1." + k: getattr(tf.compat.v1, k) for k in DUNDERS if hasattr(tf.compat.v1, k)})
    return found


# ---------------------------------------------------------------- identity and canonical names


def unwrapped(value):
    """The function under TensorFlow's decorators."""
    try:
        return tf_decorator.unwrap(value)[1]
    except Exception:  # noqa: B902 - odd objects
        return value


def has_identity(value):
    """Ints, strings and the like are equal by value: identity says nothing of them."""
    return not isinstance(value, PLAIN) or isinstance(value, enum.Enum)


def exports_of(value, keys):
    """The names under which an object was exported, preferred first."""
    names, deprecated = [], ()
    for candidate in (value, unwrapped(value)):
        own = getattr(candidate, "__dict__", {})
        deprecated = own.get("_tf_deprecated_api_names", deprecated)
        for key in keys:
            got = own.get(key, ())
            names.extend([got] if isinstance(got, str) else got)
    names = list(dict.fromkeys("tf." + n for n in names))
    return [n for n in names if n[3:] not in deprecated] + [n for n in names if n[3:] in deprecated]


def home_package(value):
    """`tf.contrib.layers` for what tensorflow/contrib/layers defines."""
    match = re.match(r"tensorflow\.contrib\.(\w+)", home_of(value))
    return "tf.contrib.%s." % match.group(1) if match else None


def preference(name, value):
    """Sort key of the names of one object: the first is canonical."""
    home = home_package(value)
    in_nets = name.startswith("tf.contrib.slim.nets.") and name.split(".")[-1] != getattr(value, "__name__", None)
    return (
        name.startswith("tf.contrib."),
        bool(home) and not name.startswith(home),
        ".python." in name,
        in_nets,
        name.startswith(("tf.compat.", "tf.raw_ops.", "tf.keras.backend.")),
        name.count("."),
        len(name),
        name,
    )


class Table:
    """The objects found, numbered, with one canonical name each."""

    def __init__(self, found):
        self.found = found
        self.numbers = {}
        self.names = {}
        self.keep = []
        for name in sorted(found):
            if has_identity(found[name]):
                self.names.setdefault(id(found[name]), []).append(name)
        self.canonical = {i: self.choose(names) for i, names in self.names.items()}

    def choose(self, names):
        """The canonical name: what the API exports first, else the nearest to the root."""
        value = self.found[names[0]]
        native = [n for n in names if not n.startswith("tf.compat.v1.")]
        if isinstance(value, DType) and "tf." + value.name in native:
            return "tf." + value.name  # not tf.half for float16
        if native and (inspect.isclass(value) or callable(value)):
            for name in exports_of(value, EXPORT_KEYS["tf1" if IS_TF1 else "tf2"]):
                if name in native:
                    return name
        return min(native or names, key=lambda n: preference(n, value))

    def number(self, value):
        """A number for this object, the same in every run."""
        self.keep.append(value)
        return self.numbers.setdefault(id(value), len(self.numbers))

    def name_of(self, value):
        """The canonical name of an object, or None."""
        return self.canonical.get(id(value)) if has_identity(value) else None


# ---------------------------------------------------------------- signatures


def show(value, table):
    """A default value as short and stable text."""
    if isinstance(value, DType):
        return "tf." + value.name
    if isinstance(value, enum.Enum):
        return "%s.%s" % (table.name_of(type(value)) or type(value).__name__, value.name)
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "size", 0) == 1:
        return repr(value.item())
    if isinstance(value, tuple) and type(value) is tuple:
        inner = ", ".join(show(v, table) for v in value)
        return "(%s,)" % inner if len(value) == 1 else "(%s)" % inner
    if type(value) is list:
        return "[%s]" % ", ".join(show(v, table) for v in value)
    if type(value) is dict:
        return "{%s}" % ", ".join("%s: %s" % (show(k, table), show(v, table)) for k, v in value.items())
    if isinstance(value, (type(None), bool, int, float, complex, str, bytes)):
        return repr(value)
    return show_object(value, table)


def show_object(value, table):
    """The public name of a class or function, else a stand-in."""
    name = table.name_of(value)
    if name:
        return name
    if inspect.isclass(value) or inspect.isroutine(value):
        home = (value.__module__ or "").split(".")[0]
        if home == "builtins":
            return value.__name__
        return "numpy." + value.__name__ if home == "numpy" else "<%s>" % value.__name__.strip("<>")
    return "<%s>" % type(value).__name__


def message_fields(cls):
    """The fields of a protocol buffer class, or None."""
    descriptor = getattr(cls, "DESCRIPTOR", None)
    fields = getattr(descriptor, "fields", None)
    return None if fields is None or not hasattr(cls, "SerializeToString") else [f.name for f in fields]


def argspec(target):
    """The argument specification, through TensorFlow's and functools' wrappers; None where there is none."""
    if isinstance(target, functools.partial):
        return partial_spec(target)
    try:
        spec = tf_inspect.getfullargspec(target)
    except Exception:  # noqa: B902 - builtins, slot wrappers
        return None
    inner = getattr(target, "__wrapped__", None)
    if not spec.args and not spec.kwonlyargs and spec.varargs and inner is not None and inner is not target:
        return argspec(inner) or spec
    return spec


def partial_spec(target):
    """The argument specification of a functools.partial."""
    try:
        parameters = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):
        return None
    plain = [p for p in parameters if p.kind <= p.POSITIONAL_OR_KEYWORD]
    named = [p for p in parameters if p.kind == p.KEYWORD_ONLY]
    return inspect.FullArgSpec(
        [p.name for p in plain],
        next((p.name for p in parameters if p.kind == p.VAR_POSITIONAL), None),
        next((p.name for p in parameters if p.kind == p.VAR_KEYWORD), None),
        tuple(p.default for p in plain if p.default is not p.empty),
        [p.name for p in named],
        {p.name: p.default for p in named if p.default is not p.empty},
        {},
    )


def constructor(cls):
    """What a call of this class runs."""
    for name in ("__init__", "__new__"):
        found = getattr(cls, name)
        if found is not getattr(object, name):
            return found
    return None


def signature(value, table):
    """`x, axis=None, *args, name=None`, or None where it cannot be known."""
    if not inspect.isclass(value):
        return text_of(argspec(value), table, bound=inspect.ismethod(value))
    if issubclass(value, enum.Enum):
        return "value"
    fields = message_fields(value)
    if fields is not None:
        return ", ".join(["*"] + ["%s=None" % f for f in fields]) if fields else ""
    target = constructor(value)
    return "" if target is None else text_of(argspec(target), table, bound=True)


def text_of(spec, table, bound=False):
    """An argument specification as text."""
    if spec is None:
        return None
    args = list(spec.args)
    defaults = dict(zip(args[len(args) - len(spec.defaults or ()) :], spec.defaults or ()))
    defaults.update(spec.kwonlydefaults or {})
    parts = [one_argument(a, defaults, table) for a in (args[1:] if bound and args else args)]
    if spec.varargs:
        parts.append("*" + spec.varargs)
    elif spec.kwonlyargs:
        parts.append("*")
    parts += [one_argument(a, defaults, table) for a in spec.kwonlyargs]
    if spec.varkw:
        parts.append("**" + spec.varkw)
    return ", ".join(parts)


def one_argument(name, defaults, table):
    """One parameter with its default."""
    return "%s=%s" % (name, show(defaults[name], table)) if name in defaults else name


# ---------------------------------------------------------------- deprecated arguments


def source_tree(value):
    """The syntax tree of a function's source, decorators included; None without source."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(unwrapped(value))))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return None


def text_values(nodes):
    """The string constants among some nodes (`ast.Str` in Python 3.7)."""
    return [v for v in (getattr(n, "s", getattr(n, "value", None)) for n in nodes) if isinstance(v, str)]


def call_name(node):
    """`f` of `a.b.f(...)`."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def argument_renames(value):
    """{old: new} as the source of a TF1 function states it."""
    target = value.__dict__.get("__init__") if inspect.isclass(value) else value
    tree = source_tree(target) if target is not None else None
    renames = {}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call):
            if call_name(node) == "deprecated_argument_lookup" and len(node.args) == 4:
                names = text_values([node.args[0], node.args[2]])
                # nn.dropout hands over 1 - keep_prob: the same meaning needs the argument itself.
                passed = getattr(node.args[3], "id", None)
                if len(names) == 2 and passed == names[1]:
                    renames.setdefault(names[1], names[0])
            elif call_name(node) == "deprecated_args":
                renames.update({o: n for o, n in advice(node).items() if o not in renames})
    return renames


def advice(node):
    """What `@deprecated_args(date, "keep_dims is deprecated, use keepdims instead", "keep_dims")` says."""
    words = " ".join(text_values(node.args[1:2]))
    olds = text_values(node.args[2:])
    match = re.match(r"\W*(\w+)\W+is deprecated\W+[Uu]se\W+(\w+)\W+instead", words)
    if not match or olds != [match.group(1)] or match.group(1) == match.group(2):
        return {}
    return {match.group(1): match.group(2)}


# ---------------------------------------------------------------- members


def is_tensorflow_class(cls):
    """Was this class written for TensorFlow (or Keras), not for Python or protobuf?"""
    return (cls.__module__ or "").startswith(("tensorflow", "keras")) and not hasattr(cls, "SerializeToString")


def raw_members(cls):
    """{name: attribute as stored in the class} of its TensorFlow bases, nearest first."""
    members = {}
    for base in cls.__mro__:
        if is_tensorflow_class(base):
            for name in public(vars(base)):
                members.setdefault(name, vars(base)[name])
    return members


def message_members(cls):
    """The fields, nested types and enum values of a protocol buffer class."""
    descriptor = cls.DESCRIPTOR
    names = set(message_fields(cls)) | set(descriptor.nested_types_by_name) | set(descriptor.enum_types_by_name)
    return sorted(names | set(descriptor.enum_values_by_name))


def members(cls, table):
    """{public member: signature without self, "" for what is not called}."""
    if message_fields(cls) is not None:
        return {name: "" for name in message_members(cls)}
    return {name: member_signature(value, table) for name, value in sorted(raw_members(cls).items())}


def member_signature(value, table):
    """The signature of one member."""
    if isinstance(value, staticmethod):
        return text_of(argspec(value.__func__), table) or ""
    if isinstance(value, classmethod):
        return text_of(argspec(value.__func__), table, bound=True) or ""
    if inspect.isfunction(value):
        return text_of(argspec(value), table, bound=True) or ""
    return ""


def class_entry(cls, table):
    """One class: its public bases, nearest first, and its members."""
    bases = [table.name_of(b) for b in cls.__mro__[1:]]
    bases = [b for b in dict.fromkeys(bases) if b and b != table.name_of(cls)]
    entry = {"bases": bases, "members": members(cls, table)}
    # A member that Python or another library gives is there all the same.
    entry["all"] = message_members(cls) if message_fields(cls) is not None else public(dir(cls))
    return entry


# ---------------------------------------------------------------- symbols


def kind_of(value):
    """module, class, function or constant."""
    if isinstance(value, types.ModuleType):
        return "module"
    if inspect.isclass(value):
        return "class"
    if inspect.isroutine(value) or isinstance(value, functools.partial):
        return "function"
    return "constant"


def symbol_entry(name, value, table):
    """What is known of one public name."""
    kind = kind_of(value)
    entry = {"kind": kind}
    if kind == "module":
        return entry
    if has_identity(value):
        entry["object"] = table.number(value)
        entry["core"] = table.number(unwrapped(value))
        entry["canonical"] = table.name_of(value)
    if kind == "constant":
        entry["value"] = show(value, table)
        entry["type"] = table.name_of(type(value)) or type(value).__name__
        if type(value).__module__.startswith(("tensorflow", "keras")):
            entry["all"] = public(dir(type(value)))
    else:
        entry["sig"] = signature(value, table)
        if IS_TF1:
            entry["renames"] = argument_renames(value)
    return {k: v for k, v in entry.items() if v not in (None, {})}


def constants():
    """{name: where the constant is defined}: the only identity that ints and strings have."""
    where = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("tensorflow") and isinstance(module, types.ModuleType):
            for key, prefix in (("_tf_api_constants", "tf."), ("_tf_api_constants_v1", "v1.")):
                for names, constant in vars(module).get(key, ()):
                    where.update({prefix + n: "%s.%s" % (module_name(module), constant) for n in names})
    return where


# ---------------------------------------------------------------- private modules


def private_module_names():
    """The private modules of TF1 that programs import, tests left out."""
    names = []
    for package in (
        "tensorflow.python",
        "tensorflow.contrib",
        "tensorflow.core.framework",
        "tensorflow.core.protobuf",
        "tensorflow.core.example",
        "tensorflow.core.util",
    ):
        for path in importlib.import_module(package).__path__:
            for info in pkgutil.walk_packages([path], package + ".", onerror=lambda name: None):
                names.append(info.name)
    skip = re.compile(r"(_test|_tests|_test_lib|_benchmark)\b|\.(tests?|testing|examples|benchmarks?|keras\.api)\b")
    return sorted(n for n in set(names) if not skip.search(n))


def star_sources(module):
    """(modules that this one star-imports, whether it only imports)."""
    try:
        with io.open(module.__file__, encoding="utf-8") as handle:
            body = ast.parse(handle.read()).body
    except (OSError, SyntaxError, TypeError, AttributeError, ValueError):
        return set(), False  # an extension module
    stars = {n.module for n in body if isinstance(n, ast.ImportFrom) and any(a.name == "*" for a in n.names)}
    only = not any(isinstance(n, (ast.FunctionDef, ast.ClassDef)) for n in body)
    return stars, only


def belongs(value, name, stars, only_imports):
    """Does a module own this object: defined there, in its generated or _impl twin, or handed on by design?"""
    home = home_of(value)
    if home == name or only_imports:
        return True
    base, home_base = name.split(".")[-1], home.split(".")[-1]
    if home_base in ("gen_" + base, base + "_impl", base + "_lib"):
        return True
    return any(home == s or home_base in ("gen_" + s.split(".")[-1], s.split(".")[-1] + "_impl") for s in stars)


def private_tf1(table):
    """{private module: {attribute: public name}} of TF1."""
    result, stars = {}, {}
    modules = {name: loaded(imported(name)) for name in private_module_names()}
    modules = {name: module for name, module in modules.items() if module is not None}
    for name, module in modules.items():
        stars[name] = star_sources(module)
    for name, module in modules.items():
        wide = all_stars(name, stars)
        result[name] = {}
        for key in public(vars(module)):
            value = attribute(module, key)
            target = table.name_of(value)
            # gen_math_ops.Abs is tf.raw_ops.Abs: nobody writes it, and there are thousands.
            raw = target == "tf.raw_ops." + key
            if (
                target
                and not raw
                and kind_of(value) in ("class", "function")
                and belongs(value, name, wide, stars[name][1])
            ):
                result[name][key] = target
    return result


def all_stars(name, stars):
    """What a module star-imports, directly and through what it star-imports."""
    seen, todo = set(), [name]
    while todo:
        for source in stars.get(todo.pop(), (set(), False))[0]:
            if source not in seen:
                seen.add(source)
                todo.append(source)
    return seen


def private_tf2(like):
    """{private module of TF1: its public names now}, of those that still exist."""
    result = {}
    for name, wanted in like.items():
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, AttributeError, ValueError):
            spec = None
        if spec is not None:
            module = loaded(imported(name)) if wanted else None  # most need not be imported
            result[name] = public(k for k in wanted if attribute(module, k) is not None)
    return result


# ---------------------------------------------------------------- the dump


def dump(like=None):
    """Everything about the installed TensorFlow, as JSON data."""
    found = collect()
    table = Table(found)
    symbols = {name: symbol_entry(name, found[name], table) for name in sorted(found)}
    classes = {}
    for name in sorted(found):
        if inspect.isclass(found[name]) and table.name_of(found[name]) == name:
            classes[name] = class_entry(found[name], table)
    data = {
        "version": tf.__version__,
        "python": "%d.%d" % sys.version_info[:2],
        "top": TOP_LEVEL,
        "constants": constants(),
        "symbols": symbols,
        "classes": classes,
    }
    if not IS_TF1:
        data["keras"] = sys.modules["keras"].__version__
    data["private"] = private_tf1(table) if IS_TF1 else private_tf2(like or {})
    return data


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--like", help="the dump of TensorFlow 1 whose private modules to look for")
    options = parser.parse_args()
    sys.argv[1:] = []  # some of the private modules parse the command line
    like = None
    if options.like:
        with io.open(options.like, encoding="utf-8") as handle:
            like = json.load(handle)["private"]
    data = dump(like)
    with io.open(options.out, "w", encoding="utf-8") as handle:
        handle.write(json.dumps(data, sort_keys=True, indent=0, separators=(",", ":")))
        handle.write("\n")
    # Some private modules of 1.15 start threads that never end.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
