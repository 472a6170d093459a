"""The symbol table against the TensorFlow 2 that is installed.

The table was made from 2.16 and 2.21; with another version only what it says of
both is compared.
"""

import importlib.util
import inspect
import json
import os
import sys
import types

import pytest

tf = pytest.importorskip("tensorflow", minversion="2.0")

from tensorflow.python.util import tf_decorator  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "..", "flake8_tf2", "names", "data")
DUMP = os.path.join(HERE, "..", "..", "tools", "symbols", "dump.py")

#: The versions that the table was made from, and the Keras that each had.
RECORDED = {"2.16": "3.3", "2.21": "3.15"}

VERSION = ".".join(tf.__version__.split(".")[:2])
MISSING = object()
PLAIN = (type(None), bool, int, float, str, bytes, tuple, list, dict)

recorded = pytest.mark.skipif(VERSION not in RECORDED, reason="TensorFlow %s is not in the table" % VERSION)
newest = pytest.mark.skipif(VERSION != "2.21", reason="signatures are those of TensorFlow 2.21")


@pytest.fixture(autouse=True)
def no_arguments(monkeypatch):
    """tf.compat.v1.flags.FLAGS parses the command line when it is looked at."""
    monkeypatch.setattr(sys, "argv", sys.argv[:1])


def rows(filename):
    """The lines of one data file."""
    with open(os.path.join(DATA, filename), encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def keras_version():
    """`3.15`."""
    import keras

    return ".".join(keras.__version__.split(".")[:2])


KERAS_AS_RECORDED = RECORDED.get(VERSION) == keras_version()


def is_comparable(name):
    """Keras is installed on its own: another Keras has other names."""
    return KERAS_AS_RECORDED or not name.startswith(
        ("tf.keras", "tf.losses", "tf.metrics", "tf.optimizers", "tf.initializers")
    )


def resolve(name, root=tf):
    """What a dotted name gives, or MISSING."""
    value = root
    for part in name.split(".")[1:]:
        try:
            value = getattr(value, part)
        except (AttributeError, ImportError):
            return MISSING
    return value


def in_range(row):
    """Should this name resolve here?  None: the table does not say."""
    if "range" not in row:
        return True
    return {"<2.21": {"2.16": True, "2.21": False}, ">2.16": {"2.16": False, "2.21": True}}[row["range"]].get(VERSION)


def is_same(left, right):
    """One object, decorators looked through; plain values by value."""
    if isinstance(left, PLAIN) or isinstance(right, PLAIN):
        return left == right
    return tf_decorator.unwrap(left)[1] is tf_decorator.unwrap(right)[1]


def test_native_names_resolve():
    wrong = [
        row["name"]
        for row in rows("tf2.jsonl")
        if is_comparable(row["name"])
        and in_range(row) is not None
        and (resolve(row["name"]) is not MISSING) != in_range(row)
    ]
    assert wrong == []


@recorded
def test_targets_are_the_same_object():
    wrong = [
        (row["name"], row["target"])
        for row in rows("symbols.jsonl")
        if "target" in row and not is_same(resolve(row["name"], tf.compat.v1), resolve(row["target"]))
    ]
    assert wrong == []


@recorded
def test_compat_names_resolve():
    wrong = [
        row["name"]
        for row in rows("symbols.jsonl")
        if is_comparable(row["name"])
        and VERSION_SAYS_V1.get(row["name"], "v1" not in row)
        != (not row["name"].startswith("tf.contrib") and resolve(row["name"], tf.compat.v1) is not MISSING)
    ]
    assert wrong == []


#: `v1` is about 2.21.
VERSION_SAYS_V1 = {"tf.keras.wrappers": False} if VERSION == "2.16" else {}


@recorded
def test_classes():
    wrong = [
        (row["name"], row["class"], found)
        for row in rows("symbols.jsonl")
        if is_comparable(row["name"]) and in_range(row)
        for found in [derive(row)]
        if row["class"] not in found
    ]
    assert wrong == []


def derive(row):
    """The classes that what is installed allows for a symbol."""
    name = row["name"]
    if name.startswith("tf.contrib"):
        return {"gone"} if resolve("tf.contrib") is MISSING else set()
    native, old = resolve(name), resolve(name, tf.compat.v1)
    if native is MISSING:
        return {"gone"} if old is MISSING else {"renamed"} if has_native_name(old, name) else {"compat"}
    if isinstance(native, types.ModuleType):
        return {"same"}
    if old is not MISSING and not name.startswith("tf.keras"):
        if is_same(native, old):
            return {"same"}
        return {"signature", "other"} if VERSION != "2.21" else parameter_classes(row) - {"same"}
    # Without a TF1 object in TF2 the parameters decide; they were those of 2.21.
    return {"same", "signature", "other"} if VERSION != "2.21" or not callable(native) else parameter_classes(row)


def parameter_classes(row):
    """What the recorded signatures say (test_signatures compares them with what is installed)."""
    return {"signature"} if "tf2" in row else {"same", "other"}


_native = {}


def has_native_name(value, name):
    """Is this object exported under a native name (the table says under which)?"""
    if isinstance(value, types.ModuleType):
        return False
    if isinstance(value, PLAIN):
        return name in {row["name"] for row in rows("symbols.jsonl") if "target" in row}
    if not _native:
        for row in rows("tf2.jsonl"):
            found = resolve(row["name"])
            if found is not MISSING and not isinstance(found, PLAIN):
                _native.setdefault(id(tf_decorator.unwrap(found)[1]), row["name"])
    return id(tf_decorator.unwrap(value)[1]) in _native


@newest
def test_signatures():
    dump = load_dump()
    table = dump.Table(dump.collect())
    signatures = {row["name"]: row["sig"] for row in rows("tf2.jsonl") if "sig" in row and in_range(row)}
    for row in rows("symbols.jsonl"):
        if row["class"] in ("same", "signature", "other", "renamed") and "tf1" in row:
            signatures.setdefault(row.get("target", row["name"]), row.get("tf2", row["tf1"]))
    wrong = [
        (name, sig, dump.signature(table.found[name], table))
        for name, sig in sorted(signatures.items())
        if is_comparable(name) and dump.signature(table.found[name], table) != sig
    ]
    assert wrong == []


@newest
def test_members():
    lines = {row["name"]: row for row in rows("tf2_members.jsonl")}
    wrong = []
    for row in rows("tf2_members.jsonl"):
        value = resolve(row["name"])
        if not is_comparable(row["name"]) or not inspect.isclass(value) or hasattr(value, "SerializeToString"):
            continue
        if listed(row["name"], lines) != {n for n in dir(value) if not n.startswith("_")}:
            wrong.append(row["name"])
    assert wrong == []


def listed(name, lines):
    """All members that the table lists for a class."""
    row = lines[name]
    return set(row.get("members", ())) | (listed(row["of"], lines) if "of" in row else set())


@newest
def test_private_modules():
    wrong = []
    for row in rows("private.jsonl"):
        try:
            there = importlib.util.find_spec(row["module"]) is not None
        except (ImportError, AttributeError, ValueError):
            there = False
        if there != row.get("tf2", False):
            wrong.append(row["module"])
    assert wrong == []


def load_dump():
    """tools/symbols/dump.py as a module."""
    spec = importlib.util.spec_from_file_location("symbols_dump", DUMP)
    module = importlib.util.module_from_spec(spec)
    sys.modules["symbols_dump"] = module
    spec.loader.exec_module(module)
    return module
