"""Classes that build graphs: merged with their bases, and lifted to the module and folded back."""

from __future__ import annotations

import ast

import pytest

from flake8_tf2.convert.bases import merged
from flake8_tf2.convert.classes import Lifted
from flake8_tf2.convert.fold import plain
from flake8_tf2.convert.handed import made_within
from flake8_tf2.convert.lazy import built_at_once
from flake8_tf2.convert.nested import fed_at_once
from flake8_tf2.convert.objects import OTHER, SESSION, Objects
from flake8_tf2.convert.program import NO_PROGRAM, convert_source
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

OPTIONS = Options()
BASE = """\
import tensorflow as tf


class Base(object):
    rate = 0.1

    def __init__(self, size):
        self.x = tf.placeholder(tf.float32, [None, size])

    def run(self, sess, x):
        return sess.run(self.y, {self.x: x})

    def build(self):
        self.y = self.x


"""


def methods(source: str, name: str) -> dict[str, str]:
    node = next(n for n in ast.parse(source).body if getattr(n, "name", "") == name)
    return {n.name: ast.unparse(n) for n in node.body if isinstance(n, ast.FunctionDef)}


def test_a_class_has_the_methods_of_its_base():
    one = "class One(Base):\n    def __init__(self):\n        super(One, self).__init__(3)\n        self.build()\n"
    found = merged(BASE + one, OPTIONS)
    assert "class Base" not in found.text and "class One(object)" in found.text
    assert list(methods(found.text, "One")) == ["__init__", "run", "build", "_super_base_init"]
    assert "self._super_base_init(3)" in found.text and "rate = 0.1" in found.text


@pytest.mark.parametrize("call", ["super().build()", "super(One, self).build()", "Base.build(self)"])
def test_what_an_override_calls_of_its_base(call):
    one = f"class One(Base):\n    def build(self):\n        {call}\n        self.y += 1\n"
    found = methods(merged(BASE + one, OPTIONS).text, "One")
    assert "self._super_base_build()" in found["build"] and "_super_base_build" in found


def test_siblings_are_converted_one_by_one():
    found = merged(BASE + "class One(Base):\n    pass\n\n\nclass Two(Base):\n    pass\n", OPTIONS)
    variants = found.variants()
    assert list(variants) == ["One", "Two"]
    assert methods(variants["One"], "One") and not methods(variants["One"], "Two")
    assert found.united(variants) == found.text


def test_a_base_from_elsewhere_is_refused():
    source = "import tensorflow as tf\nimport m\n\n\nclass A(m.B):\n    def __init__(self):\n        self.x = tf.placeholder(tf.float32)\n"
    with pytest.raises(Stuck, match="has a base of its own"):
        Lifted(source, OPTIONS)


MODEL = """\
import tensorflow as tf


class Model(object):
    def __init__(self, size, sess=None):
        self.sess = sess
        self.x = tf.placeholder(tf.float32, [None, size], name="x")
        self.w = tf.Variable(tf.zeros([size, 1]))
        self.y = tf.matmul(self.x, self.w)

    def predict(self, x):
        return self.sess.run(self.y, feed_dict={self.x: x})


sess = tf.Session()
model = Model(3, sess)
sess.run(tf.global_variables_initializer())
print(model.predict([[1., 2., 3.]]))
"""


def test_attributes_are_names_while_a_class_is_lifted():
    lifted = Lifted(MODEL, OPTIONS)
    assert "class Model" not in lifted.text and "self" not in lifted.text
    assert lifted.classes[0].graph >= {"x", "w", "y"}
    assert lifted.classes[0].sessions["__init__"] == ["sess"]
    ast.parse(lifted.text)
    assert "model = Model(3)" in lifted.text and "predict(" in plain(lifted.text)


def test_a_class_comes_back():
    converted = convert_source(MODEL)
    assert converted.reason == ""
    found = methods(converted.source, "Model")
    assert "sess" not in converted.source
    assert list(found) == ["__init__", "compute_y", "predict"]
    assert "self.compute_y(x=x).numpy()" in found["predict"]


@pytest.mark.parametrize(
    "change, reason",
    [
        (("    def predict", "    @property\n    def predict"), "is decorated"),
        (("        self.y =", "        print(self)\n        self.y ="), "the object itself is handed on"),
        (("        self.y = tf", "        if size:\n            return\n        self.y = tf"), ", which builds the graph, returns something"),
        (("class Model(object):", "class Model(dict):"), "has a base of its own"),
    ],
)
def test_what_is_refused(change, reason):
    source = MODEL.replace(*change)
    assert source != MODEL
    converted = convert_source(source)
    assert reason in converted.reason and converted.source == source


def test_a_static_method_stays_one():
    source = MODEL.replace(
        "        self.y = tf.matmul(self.x, self.w)\n",
        "        self.y = self.double(tf.matmul(self.x, self.w))\n\n    @staticmethod\n    def double(x):\n        return x * 2\n",
    )
    converted = convert_source(source)
    assert converted.reason == ""
    assert methods(converted.source, "Model")["double"].startswith("@staticmethod\ndef double(x)")


def test_a_method_of_another_class_keeps_what_it_is_given():
    source = BASE.replace("self.y = self.x", "self.y = 2 * self.x") + """\
class Runner(object):
    def __init__(self):
        self.base = Base(3)
        self.base.build()

    def run(self, times):
        with tf.Session() as sess:
            for _ in range(times):
                print(self.base.run(sess, [[1.0, 2.0, 3.0]]))


Runner().run(2)
"""
    converted = convert_source(source)
    assert not converted.reason
    assert converted.source.endswith("print(self.base.run([[1.0, 2.0, 3.0]]))\n\n\nRunner().run(2)\n")


def test_an_optimizer_may_be_an_argument():
    source = MODEL.replace("size, sess=None", "size, sess=None, optimizer=None").replace(
        "    def predict", "        self.step = optimizer.minimize(tf.reduce_sum(self.y))\n\n    def train(self, x):\n"
        "        self.sess.run(self.step, {self.x: x})\n\n    def predict",
    ).replace("Model(3, sess)", "Model(3, sess, tf.train.GradientDescentOptimizer(0.5))")  # fmt: skip
    converted = convert_source(source + "model.train([[1., 2., 3.]])\n")
    assert converted.reason == ""
    assert "Model(3, tf.keras.optimizers.SGD(0.5))" in converted.source
    assert "self.optimizer = optimizer" in methods(converted.source, "Model")["__init__"]


# What stands before it: other ways to say the same

LAZY = """\
import functools
import tensorflow as tf


def lazy(function):
    name = "_" + function.__name__

    @property
    @functools.wraps(function)
    def decorated(self):
        if not hasattr(self, name):
            setattr(self, name, function(self))
        return getattr(self, name)

    return decorated


class Model(object):
    def __init__(self, x):
        self.x = x
        self.loss

    @lazy
    def y(self):
        return self.x * 2

    @lazy
    def loss(self):
        return tf.reduce_sum(self.y)
"""


def test_lazy_properties_are_built_in_the_order_in_which_they_are_read():
    found = built_at_once(LAZY, OPTIONS)
    assert "def lazy" not in found
    init = methods(found, "Model")["__init__"]
    assert init.index("self.y = self._y()") < init.index("self.loss = self._loss()")


def test_a_scope_within_the_scope_of_another_is_refused():
    source = LAZY.replace(
        "            setattr", "            with tf.variable_scope(function.__name__):\n                setattr"
    )
    with pytest.raises(Stuck, match="y is built within the scope of loss"):
        built_at_once(source, OPTIONS)


HANDED = """\
import tensorflow as tf


class Model(object):
    def __init__(self, x, size):
        self.data = x
        self.y = self.data * size


x = tf.placeholder(tf.float32, [None, 2])
model = Model(x, 3)
print(tf.Session().run(model.y, {x: [[1., 2.]]}))
"""


def test_a_placeholder_that_is_handed_over_is_made_by_the_class():
    found = made_within(HANDED, OPTIONS)
    assert "self.data = tf.placeholder(tf.float32, [None, 2])" in found
    assert "Model(3)" in found and "{model.data: [[1., 2.]]}" in found and "\nx = " not in found


@pytest.mark.parametrize(
    "change", [("print", "z = x + 1\nprint"), ("self.data * size", "x * size"), ("print", "Model(x, 4)\nprint")]
)
def test_a_placeholder_that_is_used_otherwise_stays(change):
    source = HANDED.replace(*change)
    assert made_within(source, OPTIONS) == source


@pytest.mark.parametrize(
    "loop",
    [
        "for i, (c, h) in enumerate(model.state):\n    feed[c] = state[i].c\n    feed[h] = state[i].h\n",
        "for i, (c, h) in enumerate(model.state):\n    feed[h] = state[i][1]\n    feed[c] = state[i][0]\n",
        "for (c, h), s in zip(model.state, state):\n    feed[c] = s.c\n    feed[h] = s.h\n",
    ],
)
def test_the_parts_of_a_state_are_fed_at_once(loop):
    assert fed_at_once(loop, OPTIONS) == "feed[model.state] = state\n"


@pytest.mark.parametrize(
    "loop",
    [
        "for i, (c, h) in enumerate(model.state):\n    feed[c] = state[i].h\n    feed[h] = state[i].c\n",
        "for i, (c, h) in enumerate(model.state):\n    feed[c] = state[i].c\n",
        "for i, (c, h) in enumerate(model.state):\n    feed[c] = state[i].c\n    other[h] = state[i].h\n",
    ],
)
def test_other_loops_stay(loop):
    assert fed_at_once(loop, OPTIONS) == loop


# Objects


def classes_of(source: str, text: str):
    file = Source(source, OPTIONS)
    found = [n for n in ast.walk(file.tree) if isinstance(n, ast.expr) and file.of(n) == text]
    return Objects(file).of(max(found, key=lambda node: node.lineno))


AB = "import tensorflow as tf\n\n\nclass A:\n    pass\n\n\nclass B:\n    def __init__(self, a):\n        self.a = a\n\n\n"


@pytest.mark.parametrize(
    "source, text, found",
    [
        ("a = A()\nprint(a)", "a", {"A"}),
        ("def f(a):\n    print(a)\n\n\nf(A())", "a", {"A"}),
        ("b = B(A())\nprint(b.a)", "b.a", {"A"}),
        ("b = B(1)\nprint(b.a)", "b.a", {OTHER}),
        ("a = A() if 1 else B(2)\nprint(a)", "a", {"A", "B"}),
        ("many = []\nfor i in range(2):\n    many.append(A())\nfor a in many:\n    print(a)", "a", {"A"}),
        ("for i, a in enumerate([A(), A()]):\n    print(a)", "a", {"A"}),
        ("TABLE = {'a': A}\na = TABLE['a']()\nprint(a)", "a", {"A"}),
        ("def f():\n    return A()\n\n\nprint(f())", "f()", {"A"}),
        ("with tf.Session() as s:\n    print(s)", "s", {SESSION}),
        ("def f(s):\n    print(s)\n\n\nf(tf.Session())", "s", {SESSION}),
        ("def f(a):\n    print(a)", "a", None),
        ("print(unknown)", "unknown", None),
    ],
)
def test_objects(source, text, found):
    assert classes_of(f"{AB}{source}\n", text) == found


def test_classes_within_classes_and_of_their_own_name():
    """Found in public code, and by fuzzing: nothing is converted, and nothing raised."""
    nested = "class Test(object):\n    class Tester(object):\n        def make(self):\n            return self.x\n\n"
    own = "class A(object):\n    pass\n\n\nclass A(A):\n    def run(self, sess):\n        return sess.run(self.x)\n\n"
    for classes in (nested, own):
        source = f"import tensorflow as tf\n\n{classes}\nsess = tf.Session()\nprint(sess.run(tf.constant(2)), A())\n"
        assert convert_source(source).reason != NO_PROGRAM
