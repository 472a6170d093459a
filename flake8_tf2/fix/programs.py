"""Fixes of what a program has around TensorFlow: absl's logging, flags and app, and places beside the file."""

from __future__ import annotations

import ast
import re

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill, rename
from flake8_tf2.fix.text import Refused
from flake8_tf2.match import condition_holds, literal_value, target_of

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40, "FATAL": 50}
_ABSL = {"WARN": "WARNING"}

#: Flags that absl.logging defines: no program can define them again.
_TAKEN = {
    "v", "verbosity", "log_dir", "alsologtostderr", "logtostderr", "stderrthreshold", "showprefixforinfo",
    "logger_levels",
}  # fmt: skip
#: Of TensorFlow or absl, not of a web server.
_APP_RUN = re.compile(
    r"\b(tf|tensorflow|absl)(\.compat\.v1)?\.app\.run\("
    r"|^\s*from (absl|tensorflow[\w.]*) import .*\bapp\b(?s:.*)\bapp\.run\(",
    re.M,
)
_KEYWORDS = {"flag_name": "name", "default_value": "default", "docstring": "help"}


def absl_logging(site: Site, spec: dict) -> list[Edit]:
    """A function of tf.logging as one of absl.logging, with the level that it takes translated."""
    _require_own_logger(site)
    if site.match.symbol.endswith(".get_verbosity"):
        raise Refused("absl's levels are other numbers")
    target = target_of(site.match.rule, site.use) if "target" not in spec else spec["target"]
    edits = rename(site, target)
    parameter = spec.get("parameter", "")
    if not parameter:
        return edits
    if site.use.reference.call is None:
        raise Refused("absl's levels are other numbers, and it is not called here")
    argument = site.use.arguments.bound.get(parameter)
    if argument is None:
        raise Refused("the level is not given by a constant of tf.logging; absl's levels are other numbers")
    value, known = literal_value(argument.value)
    name = next((n for n, level in _LEVELS.items() if known and type(value) is int and value == level), "")
    for level in _LEVELS:
        if condition_holds(
            site.builder.file, site.use, site.use.arguments, parameter, {"symbol": f"tf.logging.{level}"}
        ):
            name = level
    if not name:
        raise Refused("the level is no constant of tf.logging; absl's levels are other numbers")
    spelled, imports = site.spell(f"absl.logging.{_ABSL.get(name, name)}")
    start, end = site.text.range(argument.value)
    if site.text.text[start:end] != spelled:
        edits.append(site.text.edit(start, end, spelled))
    return [*edits, *imports]


def _require_own_logger(site: Site) -> None:
    if re.search(r"getLogger\(\s*(name=)?[\"']tensorflow[\"']|\bget_logger\(\)", site.text.text):
        raise Refused("the file speaks to the logger `tensorflow`, to which absl.logging does not write")


def python_level(site: Site, spec: dict) -> list[Edit]:
    """A level of tf.logging that a Python logger is set to, by its name."""
    node = site.use.reference.node
    call = site.builder.parents.get(node)
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "setLevel"):
        raise Refused("whether absl's level or Python's is meant depends on what takes it")
    start, end = site.text.range(node)
    name = site.match.symbol.rpartition(".")[2]
    return [site.text.edit(start, end, f'"{_ABSL.get(name, name)}"')]


def app_run(site: Site, spec: dict) -> list[Edit]:
    """`tf.app.run()` with the `main` of the file, which absl wants to be given."""
    bound = site.arguments.bound
    if "main" in bound and literal_value(bound["main"].value) != (None, True):
        return fill(site, "absl.app.run({main}, argv={argv?})", [])
    module = site.builder.file.references.layout.module
    if "main" not in module.bindings:
        raise Refused("absl.app.run needs `main`, which is not defined in this file")
    if site.use.reference.scope is not module:
        raise Refused("absl.app.run needs `main`; which one this runs depends on the program that calls it")
    return fill(site, "absl.app.run(main, argv={argv?})", ["main"])


def absl_flags(site: Site, spec: dict) -> list[Edit]:
    """A name of tf.flags as the one of absl.flags, in a file whose flags app.run parses before they are read."""
    reference = site.use.reference
    tree = site.builder.file.references.layout.tree
    call = reference.call
    if not _APP_RUN.search(site.text.text):
        raise Refused("absl does not parse flags at the first access as TF1 did, and the file does not call app.run")
    if _read_at_import(tree):
        raise Refused("the file reads FLAGS before app.run has parsed them, which absl refuses")
    assigned = _alias(site)
    if assigned is not None:
        start, end = site.text.range(assigned)
        return [site.text.edit(start, end, "from absl import flags")]
    head = re.match(r"\w*", site.text.text[site.text.range(reference.place)[0] :])[0]
    bound = site.builder.file.references.layout.module.bindings.get(head, ())
    if not bound or any(binding.kind != "import" for binding in bound):
        raise Refused("the name that stands for tf.flags here is fixed where it is bound")
    edits = []
    if call is not None:
        names = [k.value for k in call.keywords if k.arg in ("name", "flag_name")]
        first = next(iter([*call.args, *names]), None)
        if "DEFINE" in site.match.symbol and getattr(first, "value", None) in _TAKEN:
            raise Refused("absl's logging defines a flag of this name already")
        for keyword in call.keywords:
            if keyword.arg in _KEYWORDS:
                start = site.text.offset(keyword.lineno, keyword.col_offset)
                edits.append(site.text.edit(start, start + len(keyword.arg), _KEYWORDS[keyword.arg]))
    tail = re.sub(r"^tf\.(app\.)?flags", "", site.match.symbol)
    if _below_alias(site):
        start, end = site.text.range(reference.place)
        return [site.text.edit(start, end, "flags" + tail), *edits]
    return rename(site, "absl.flags" + tail) + edits


def _below_alias(site: Site) -> bool:
    """Whether the module says `flags = tf.flags` above the reference: this becomes the import, and gives the name."""
    layout = site.builder.file.references.layout
    bound = layout.module.bindings.get("flags", ())
    if len(bound) != 1 or any("flags" in s.bindings for s in layout.scope_of.values() if s is not layout.module):
        return False
    for node in layout.tree.body:
        if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == ["flags"]:
            own = re.fullmatch(r"\w+(\.compat\.v1)?(\.app)?\.flags", site.text.of(node.value))
            return own is not None and node.lineno < site.use.reference.node.lineno
    return False


def _alias(site: Site) -> ast.Assign | None:
    """The statement `flags = tf.flags` of the module, where it is what the reference stands in."""
    statement = site.use.reference.statement
    if not isinstance(statement, ast.Assign) or statement.value is not site.use.reference.node:
        return None
    if re.fullmatch(r"tf\.(app\.)?flags", site.match.symbol) is None:
        return None
    module = site.builder.file.references.layout.module
    target = statement.targets[0]
    own = len(statement.targets) == 1 and isinstance(target, ast.Name) and target.id == "flags"
    if own and site.use.reference.scope is module and len(module.bindings.get("flags", ())) == 1:
        return statement
    return None


def _read_at_import(tree: ast.Module) -> bool:
    """Whether a flag is read outside of every function."""
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            todo += getattr(node, "decorator_list", ())
            todo += [default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None]
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = node.value
            if getattr(owner, "id", None) == "FLAGS" or getattr(owner, "attr", None) == "FLAGS":
                return True
        todo += ast.iter_child_nodes(node)
    return False


def test_helper(site: Site, spec: dict) -> list[Edit]:
    """A name below tf.test.mock as that of unittest.mock; `tf.test.get_temp_dir()` as the method of its test case."""
    symbol = site.match.symbol
    if symbol.startswith("tf.test.mock"):
        return rename(site, "unittest.mock" + symbol.removeprefix("tf.test.mock"))
    if symbol != "tf.test.get_temp_dir":
        raise Refused(f"no fix is known for {symbol}")
    node: ast.AST | None = site.call
    functions = []
    while node is not None and not isinstance(node, ast.ClassDef):
        node = site.builder.parents.get(node)
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            functions.append(node)
    if node is None or len(functions) != 1 or not isinstance(functions[0], ast.FunctionDef):
        raise Refused("it does not stand in a method of a tf.test.TestCase")
    method = functions[0]
    if not method.args.args or method.args.args[0].arg != "self" or method.decorator_list:
        raise Refused("it does not stand in a method of a tf.test.TestCase")
    if not any(re.fullmatch(r"\w+\.test\.TestCase", site.text.of(base)) for base in node.bases):
        raise Refused("its class is not seen to be a tf.test.TestCase")
    return fill(site, "self.get_temp_dir()", [])
