"""Spellings of TensorFlow that resolve, those that must not, and where references stand."""

from __future__ import annotations

import ast
import sys
import time

import pytest

from flake8_tf2.lint import lint
from tests.names.places import found_in, imports, last, text_at, uses

TF = "import tensorflow as tf\n"

SPELLINGS = [
    ("import tensorflow as tf\ntf.placeholder(x)", "tf.placeholder -> tf.placeholder", "native"),
    ("import tensorflow as T\nT.placeholder(x)", "T.placeholder -> tf.placeholder", "native"),
    ("import tensorflow\ntensorflow.placeholder(x)", "tensorflow.placeholder -> tf.placeholder", "native"),
    ("import tensorflow as tf, numpy as np\ntf.log(x)", "tf.log -> tf.log", "native"),
    ("import tensorflow.compat.v1 as tf\ntf.log(x)", "tf.log -> tf.log", "compat"),
    ("import tensorflow.compat.v1\ntensorflow.compat.v1.log(x)", "tensorflow.compat.v1.log -> tf.log", "compat"),
    ("from tensorflow.compat import v1 as tf\ntf.log(x)", "tf.log -> tf.log", "compat"),
    ("from tensorflow import compat\ncompat.v1.log(x)", "compat.v1.log -> tf.log", "compat"),
    ("from tensorflow.compat.v1 import log\nlog(x)", "log -> tf.log", "compat"),
    ("import tensorflow.compat.v1.nn as nn\nnn.moments(x, 0)", "nn.moments -> tf.nn.moments", "compat"),
    ("import tensorflow as tf\ntf.compat.v1.log(x)", "tf.compat.v1.log -> tf.log", "compat"),
    ("import tensorflow.compat.v2 as tf\ntf.compat.v1.log(x)", "tf.compat.v1.log -> tf.log", "compat"),
    ("from tensorflow import placeholder as ph\nph(x)", "ph -> tf.placeholder", "native"),
    ("from tensorflow.contrib import layers, slim\nslim.conv2d(x)", "slim.conv2d -> tf.contrib.slim.conv2d", "native"),
    ("from tensorflow.contrib import layers, slim\nlayers.flatten(x)", "layers.flatten -> tf.contrib.layers.flatten", "native"),
    ("import tensorflow.contrib.slim as slim\nslim.conv2d(x)", "slim.conv2d -> tf.contrib.slim.conv2d", "native"),
    ("import tensorflow.contrib as tc\ntc.layers.flatten(x)", "tc.layers.flatten -> tf.contrib.layers.flatten", "native"),
    ("import tensorflow.contrib.slim\ntensorflow.log(x)", "tensorflow.log -> tf.log", "native"),
    ("from tensorflow.python.ops import array_ops\narray_ops.placeholder(x)", "array_ops.placeholder -> tf.placeholder", "private"),
    ("import tensorflow.python.ops.array_ops as ao\nao.placeholder(x)", "ao.placeholder -> tf.placeholder", "private"),
    ("from tensorflow.python.framework import ops\nops.Graph()", "ops.Graph -> tf.Graph", "private"),
    ("from tensorflow import *\nplaceholder(x)", "placeholder -> tf.placeholder", "native"),
    ("from tensorflow import *\nlayers.dense(x)", "layers.dense -> tf.layers.dense", "native"),
    (TF + "layers = tf.layers\nlayers.dense(x)", "layers.dense -> tf.layers.dense", "native"),
    (TF + "layers = tf.layers\nd = layers.dense\nd(x)", "d -> tf.layers.dense", "native"),
    (TF + "Dense = tf.layers.Dense\nDense(3)", "Dense -> tf.layers.Dense", "native"),
    (TF + "tfe = tf.contrib.eager\ntfe.Variable(3)", "tfe.Variable -> tf.contrib.eager.Variable", "native"),
    (TF + "flags = tf.flags\nFLAGS = flags.FLAGS", "flags.FLAGS -> tf.flags.FLAGS", "native"),
    (TF + 'getattr(tf, "placeholder")(x)', "getattr(tf, \"placeholder\") -> tf.placeholder", "native"),
    (TF + 'getattr(tf.layers, "dense", None)', "getattr(tf.layers, \"dense\", None) -> tf.layers.dense", "native"),
    (TF + "v1 = tf.compat.v1\nv1.log(x)", "v1.log -> tf.log", "compat"),
    ("import keras.backend as K\nK.get_session()", "K.get_session -> tf.keras.backend.get_session", "keras"),
    ("from tensorflow.keras import backend as K\nK.get_session()", "K.get_session -> tf.keras.backend.get_session", "native"),
]  # fmt: skip


@pytest.mark.parametrize("source, expected, spelling", SPELLINGS)
def test_spelling_resolves(source, expected, spelling):
    assert expected in last(source)
    number = source.count("\n") + 1
    assert spelling in {r.spelling for r in found_in(source)[0] if r.place.line == number and r.kind != "import"}


SCOPES = [
    ("def f():\n    import tensorflow as tf\n    tf.log(x)", ["tf.log -> tf.log"]),
    ("if x:\n    import tensorflow as tf\ntf.log(x)", ["tf.log -> tf.log"]),
    ("try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\ntf.log(x)", ["tf.log -> tf.log"]),
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tensorflow as tf\ndef f(x: tf.Session): x.run(1)",
     ["tf.Session -> tf.Session", "x.run -> tf.Session.run"]),
    (TF + "class A:\n    def __init__(self): self.tf = tf\n    def f(self): self.tf.log(x)", ["self.tf.log -> tf.log"]),
    (TF + "class A:\n    tf = tf\n    def f(self): return self.tf.log(x)", ["self.tf.log -> tf.log"]),
    (TF + "class A:\n    tf = 3\n    def f(self): return tf.log(x)", ["tf.log -> tf.log"]),
    (TF + "def f():\n    global log\n    log = tf.log\ndef g(): log(x)", ["log -> tf.log"]),
    (TF + "@tf.contrib.framework.add_arg_scope\ndef f(): pass", []),
    (TF + "def f(a=tf.log(1), *b, c=tf.exp(2)): pass", ["tf.exp -> tf.exp", "tf.log -> tf.log"]),
    (TF + "[tf.log(x) for x in tf.exp(y) if tf.abs(x)]", ["tf.log -> tf.log", "tf.exp -> tf.exp", "tf.abs -> tf.abs"]),
    (TF + "f = lambda x=tf.log(1): tf.exp(x)", ["tf.log -> tf.log", "tf.exp -> tf.exp"]),
    (TF + "print(*tf.log(x), **tf.exp(y), sep=tf.abs(z))",
     ["tf.log -> tf.log", "tf.exp -> tf.exp", "tf.abs -> tf.abs"]),
    (TF + "x[tf.log(a):tf.exp(b)] = tf.abs(c)", ["tf.log -> tf.log", "tf.exp -> tf.exp", "tf.abs -> tf.abs"]),
    (TF + "async def f(): await tf.log(x)", ["tf.log -> tf.log"]),
    (TF + "del x[tf.log(3)]", ["tf.log -> tf.log"]),
    (TF + "if (log := tf.log)(x):\n    log(y)", ["log -> tf.log"]),
    (TF + "match x:\n    case tf.Session(): pass", ["tf.Session -> tf.Session"]),
    (TF + "match tf.Session():\n    case s: s.run(x)", ["s.run -> tf.Session.run"]),
]  # fmt: skip


@pytest.mark.parametrize("source, expected", SCOPES)
def test_scopes_are_those_of_python(source, expected):
    found = last(source)
    assert sorted(found) == sorted(expected)


NOT_TENSORFLOW = [
    "import numpy as tf\ntf.log(x)  # tensorflow",
    "import mytensorflow as tf\ntf.log(x)",
    "import tensorflow_probability as tfp\ntfp.log(x)",
    "from . import tensorflow as tf\ntf.log(x)",
    "from .tensorflow import log\nlog(x)",
    TF + "def f(tf):\n    tf.log(x)",
    TF + "def f(*tf):\n    tf.log(x)",
    TF + "def f():\n    tf = 3\n    tf.log(x)",
    TF + "def f():\n    tf.log(x)\n    tf = 3",
    TF + "tf = load()\ntf.log(x)",
    TF + "[tf.log(x) for tf in y]",
    TF + "f = lambda tf: tf.log(x)",
    TF + "for tf in y:\n    tf.log(x)",
    TF + "with foo() as tf:\n    tf.log(x)",
    TF + "with foo() as (a, tf):\n    tf.log(x)",
    TF + "if (tf := foo()):\n    tf.log(x)",
    TF + "match x:\n    case [tf]: tf.log(x)",
    TF + "try: pass\nexcept E as tf: tf.log(x)",
    TF + "class A:\n    tf = 3\n    tf.log(x)",
    TF + "def tf(): pass\ntf.log(x)",
    TF + "class tf: pass\ntf.log(x)",
    TF + "del tf\ntf.log(x)",
    TF + "def f():\n    def g():\n        nonlocal tf\n        tf = 3\n    tf = 4\n    tf.log(x)",
    TF + "FLAGS = tf.flags.FLAGS\nFLAGS.batch_size",
    TF + "FLAGS = tf.flags.FLAGS\ndef f(): return FLAGS.batch_size, FLAGS",
]


@pytest.mark.parametrize("source", NOT_TENSORFLOW)
def test_another_thing_of_the_name_does_not_resolve(source):
    assert last(source) == []


@pytest.mark.parametrize("source", [
    "import tensorflow as tf\nx = tf.keras.Input(3)\ny = tf.math.log(x)\nz = tf.random.normal([3])\n",
    "import tensorflow as tf\n@tf.function\ndef f(x: tf.Tensor) -> tf.Tensor:\n    return tf.reduce_sum(x, axis=0)\n",
    "import tensorflow as tf\nfor x in tf.data.Dataset.range(3).batch(2):\n    print(x.numpy())\n",
    "from tensorflow import keras\nm = keras.Sequential([keras.layers.Dense(3)])\nm.compile('adam')\nm.fit(x, y)\n",
    "import tensorflow as tf\nopt = tf.keras.optimizers.Adam()\nopt.apply_gradients(zip(g, v))\n",
    "import tensorflow as tf\nv = tf.Variable(3)\nv.assign_add(1)\n",
])  # fmt: skip
def test_tf2_code_gives_nothing(source):
    assert lint(source) == []


def test_a_file_that_does_not_say_tensorflow_is_skipped():
    assert lint("from utils import tf\ntf.placeholder(tf.float32)\nsess.run(x, feed_dict={})\n") == []


@pytest.mark.parametrize("chain, expected", [
    ("tf.contrib.layers.xavier_initializer().foo", "tf.contrib.layers.xavier_initializer"),
    ("tf.app.flags.FLAGS.batch_size", "tf.app.flags.FLAGS"),
    ("tf.Session.run", "tf.Session.run"),
    ("tf.train.AdamOptimizer.compute_gradients(self, x)", "tf.train.Optimizer.compute_gradients"),
    ("tf.data.Dataset.from_tensor_slices(x)", "tf.data.Dataset"),
    ("tf.nothing_of_this_name.x", "tf.nothing_of_this_name"),
    ("tf.__version__.split('.')", "tf.__version__"),
])  # fmt: skip
def test_the_longest_known_prefix_wins(chain, expected):
    references, lines = found_in(TF + chain)
    (reference,) = [r for r in references if r.receiver is None]
    assert reference.symbol == expected
    assert (TF + chain).split("\n")[1].startswith(text_at(reference, lines))


@pytest.mark.parametrize("source, expected", [
    ("import tensorflow.contrib.slim as slim", [(1, "tf.contrib.slim")]),
    ("from tensorflow import (log,\n    placeholder as ph)", [(1, "tf.log"), (2, "tf.placeholder")]),
    ("def f():\n    from tensorflow.contrib import rnn", [(2, "tf.contrib.rnn")]),
    ("import tensorflow as tf", []),
    ("import tensorflow.compat.v1 as tf", []),
    ("try:\n    import tensorflow.contrib.slim as slim\nexcept ImportError:\n    import tf_slim as slim", []),
    ("try:\n    import tensorflow.contrib.slim as slim\nexcept ImportError:\n    slim = None", []),
])  # fmt: skip
def test_import_lines(source, expected):
    assert imports(source) == expected


@pytest.mark.parametrize("annotation, text", [
    ("'tf.Session'", "tf.Session"),
    ('"tf.Session"', "tf.Session"),
    ("List['tf.Session']", "tf.Session"),
    ("'Optional[tf.Session]'", "tf.Session"),
    ("'''tf.Session'''", "tf.Session"),
    ("r'tf.Session'", "tf.Session"),
    ("'tf' '.Session'", "'tf' '.Session'"),
])  # fmt: skip
def test_quoted_annotations(annotation, text):
    for source in (f"é: {annotation} = 3", f"def f(é: {annotation}): pass", f"def é() -> {annotation}: pass"):
        assert f"{text} -> tf.Session" in uses(TF + source)


F_STRINGS = """\
a = f"é {tf.log(x)} {tf.exp(x)!r:>{tf.abs(x)}}"
b = f'''
é {tf.log(x)}
  é {tf.exp(x)} {x:{tf.abs(x)}} {tf.sin(x)=}'''
c = (f"é {tf.log(x)}" "é" f"{tf.exp(x)}"
     f"{ tf.abs(x) }")
d = f"{f'{tf.log(x)}' + g(tf.exp(x))}"
"""


def test_columns_in_f_strings():
    """Python 3.12 places what stands in them exactly; before, a place is right or inside of the string."""
    source = TF + F_STRINGS
    references, lines = found_in(source)
    assert sorted(r.symbol for r in references) == sorted(
        ["tf.log", "tf.exp", "tf.abs"] * 3 + ["tf.log", "tf.exp", "tf.sin"]
    )
    for reference in references:
        assert 2 <= reference.place.line <= 8
        if sys.version_info >= (3, 12):
            assert text_at(reference, lines) == reference.symbol


def test_columns_are_characters():
    (finding,) = [f for f in lint("import tensorflow as tf\né = 'ü'; x = tf.log(é)\n") if f.symbol == "tf.log"]
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (2, 14, 20)


EXEMPT = [
    "if tf.__version__ < '2': tf.log(x)",
    "if tf.VERSION.startswith('1.'):\n    pass\nelse:\n    tf.log(x)",
    "if int(\n    tf.__version__[0]) < 2: tf.log(x)",
    "IS_TF2 = tf.__version__.startswith('2')\nif not IS_TF2: tf.log(x)",
    "major = int(tf.__version__.split('.')[0])\nif major < 2: tf.log(x)",
    "from distutils.version import LooseVersion\nif LooseVersion(tf.__version__) < LooseVersion('2'): tf.log(x)",
    "def is_tf1(): return tf.__version__[0] == '1'\nif is_tf1(): tf.log(x)",
    "if hasattr(tf, 'log'): tf.log(x)",
    "y = tf.log(x) if tf.__version__ < '2' else tf.math.log(x)",
    "try:\n    import tensorflow.contrib.slim as slim\n    y = slim.conv2d(x)\nexcept ImportError:\n    import tf_slim as slim",
]


@pytest.mark.parametrize("source", EXEMPT)
def test_version_tests_and_import_guards_are_exempt(source):
    assert [r for r in uses(TF + source) if "tf.log" in r or "slim" in r] == []


@pytest.mark.parametrize("source, expected", [
    ("import numpy as np\nif np.__version__ < '2': tf.log(x)", ["tf.log -> tf.log"]),
    ("if tf.executing_eagerly():\n    pass\nelse: tf.log(x)", ["tf.log -> tf.log"]),
    ("try:\n    import tensorflow.contrib.slim as slim\nexcept ImportError:\n    import tf_slim as slim\nslim.conv2d(x)",
     ["slim.conv2d -> tf.contrib.slim.conv2d?"]),
    ("try:\n    from tensorflow.contrib.framework import nest\nexcept ImportError:\n"
     "    from tensorflow.python.util import nest\nnest.flatten(x)",
     ["nest.flatten -> tf.contrib.framework.nest.flatten?", "nest.flatten -> tf.nest.flatten?"]),
    ("try:\n    import foo\n    tf.placeholder(3)\nexcept ImportError:\n    foo = tf.placeholder(4)",
     ["tf.placeholder -> tf.placeholder"]),
])  # fmt: skip
def test_what_is_not_exempt(source, expected):
    assert last(TF + source) == expected


DEEP = {
    "sum": "x = " + " + ".join(["tf.log(y)"] * 900) + "\nx.eval()\n",
    "sum too deep for the parser": "x = " + " + ".join(["tf.log(y)"] * 3000) + "\n",
    "elif": "if a: pass\n" + "".join(f"elif a == {i}: tf.log({i})\n" for i in range(900)),
    "elif too deep for the parser": "if a: pass\n" + "".join(f"elif a == {i}: tf.log({i})\n" for i in range(3000)),
    "calls": "d = tf.data.Dataset.range(tf.log(3))" + ".map(f)" * 500 + "\nd.make_one_shot_iterator()\n",
    "unknown calls": "d = tf.log(x)" + ".get_shape(3)" * 500 + "\n",
    "lambdas": "f = " + "lambda x: " * 80 + "tf.log(x)\n",
    "comprehensions": "f = " + "[" * 40 + "tf.log(x)" + " for x in y]" * 40 + "\n",
    "conditional": "f = " + "tf.log(0) if a else " * 500 + " tf.log(3)\n",
    "or": "f = " + " or ".join(["tf.log(0)"] * 3000) + "\n",
    "functions": "".join("    " * i + f"def f{i}():\n" for i in range(90)) + "    " * 90 + "tf.log(x)\n",
    "calls in calls": "x = " + "tf.log(" * 80 + "3" + ")" * 80 + "\n",
    "signs": "x = " + "-" * 500 + "tf.log(3)\nx.eval()\n",
    "items": "x = tf.log(3)" + "[0]" * 500 + "\nx.eval()\n",
    "aliases": "x0 = tf.nn\nx0.l(tf.log(3))\n" + "".join(f"x{i} = x{i - 1}\n" for i in range(1, 3000)),
    "rebinding": "ds = tf.log(3)\nfor i in y:\n" + "".join(f"    if c{i}: ds = ds.map(f)\n" for i in range(1000)) + "ds.eval()\n",
    "functions that call each other": "tf.log(3)\n"
    + "".join(f"def f{i}(): return f{(i + 1) % 300}() or f{(i + 7) % 300}()\n" for i in range(300))
    + "f0().eval(session=3)\n",
    "classes derived from each other": "tf.log(3)\n"
    + "".join(f"class A{i}(A{(i + 1) % 300}, A{(i + 3) % 300}): pass\n" for i in range(300))
    + "A0().x.eval(session=3)\nA0().minimize(global_step=3)\n",
    "containers in containers": "tf.log(3)\n"
    + "".join(f"a{i} = zip(a{i + 1}, a{i + 1})\n" for i in range(60))
    + "a60 = [tf.Session()]\nfor x in a0: x.run(feed_dict=3)\n",
    "attributes": "tf.log(3)\nclass A:\n"
    + "".join(f"    def f{i}(self): self.x{i} = self.x{(i + 1) % 200} + self.x{(i + 7) % 200}; self.x{i}.eval()\n" for i in range(200)),
}  # fmt: skip


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_depth_neither_breaks_nor_hangs(source):
    start = time.monotonic()
    findings = lint(TF + source)
    assert time.monotonic() - start < 5
    assert "tf.log" in {f.symbol for f in findings} or [f.code[:3] for f in findings] == ["TF9"]


@pytest.mark.parametrize("name", ["sum", "elif"])
def test_a_deep_tree_that_was_handed_over(name):
    source = TF + DEEP[f"{name} too deep for the parser"]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        tree = ast.parse(source)
    except RecursionError:
        pytest.skip("this Python cannot parse it")
    finally:
        sys.setrecursionlimit(limit)
    assert len(lint(source, tree=tree)) == 3000


def test_an_unknown_name_that_was_imported_is_told_bare():
    source = "from tensorflow import no_such_thing\nuse(no_such_thing)"
    assert uses(source) == ["no_such_thing -> tf.no_such_thing"]


def test_what_the_file_sets_on_the_module_is_its_own():
    source = "import tensorflow as tf\ntf.model = tf.keras.Sequential()\ntf.model.add(3)\ntf.other.add(3)"
    assert uses(source) == ["tf.keras.Sequential -> tf.keras.Sequential", "tf.other -> tf.other"]
