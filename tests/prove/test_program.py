"""Snippets are run, and what they compute is told, by TF2 and by compat.v1 as TF1 would."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from flake8_tf2.prove.program import as_compat, decode, encode, run_job
from flake8_tf2.prove.record import run


@pytest.mark.parametrize("array", [
    np.float32([0.1, float("nan"), float("-inf"), -0.0]),
    np.arange(40, dtype=np.float64).reshape(5, 8),
    np.float16([]),
    np.array([1 + 2j], np.complex64),
    np.array([True, False]),
    np.int64(2**62),
    np.array([[b"a", b""]], dtype=object),
])  # fmt: skip
def test_arrays_come_back(array):
    found = decode(encode(array))
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.tobytes() == array.tobytes() if array.dtype != object else found.tolist() == array.tolist()


@pytest.mark.parametrize("source, expected", [
    ("import tensorflow as tf", "import tensorflow.compat.v1 as tf"),
    ("  import tensorflow as T\nT.log", "  import tensorflow.compat.v1 as T\nT.log"),
    ("from tensorflow import log", "from tensorflow.compat.v1 import log"),
    ("from tensorflow.nn import relu", "from tensorflow.compat.v1.nn import relu"),
    ("import tensorflow.compat.v1 as tf", "import tensorflow.compat.v1 as tf"),
    ("from tensorflow.compat.v1 import log", "from tensorflow.compat.v1 import log"),
])  # fmt: skip
def test_names_of_compat(source, expected):
    assert as_compat(source) == expected


def job(source, observe="{it}", steps=1, printed=False, **inputs):
    found = [{"name": name, "kind": kind, **encode(np.asarray(value))} for name, (kind, value) in inputs.items()]
    observe = [observe] if isinstance(observe, str) else observe
    source = "import tensorflow as tf\n" + source
    return {"source": source, "inputs": found, "observe": observe, "steps": steps, "printed": printed}


X = np.float32([1, 2])
#: Snippets that are TF1 and TF2 alike, and what is seen of them.
ALIKE = {
    "expression": (job("tf.square(x)", x=("tensor", X)), [[[1, 4]]]),
    "assignment": (job("y = z = tf.square(x)", x=("tensor", X)), [[[1, 4]]]),
    "augmented": (job("x += 1", x=("tensor", X)), [[[2, 3]]]),
    "tuple": (job("a, b = x, 2 * x", "{it}[1]", x=("tensor", X)), [[[2, 4]]]),
    "block": (job("with tf.name_scope('s'):\n    y = x + 1", x=("tensor", X)), [[[2, 3]]]),
    "function": (job("def f(a):\n    return a + 1", "{it}(x)", x=("tensor", X)), [[[2, 3]]]),
    "placeholder": (job("x + 1", x=("placeholder", X)), [[[2, 3]]]),
    "numpy": (job("tf.constant(x + 1)", x=("numpy", X)), [[[2, 3]]]),
    "python": (job("tf.constant(x + x)", x=("python", X)), [[[1, 2, 1, 2]]]),
    "variable": (job("x + 1", x=("variable", X)), [[[2, 3]]]),
    "steps": (job("x.assign(x + 1)", ["{it}", "x"], 2, x=("variable", X)), [[[2, 3], [2, 3]], [[3, 4], [3, 4]]]),
    "observe": (job("y = x", ["tf.reduce_sum(y)", "np.float32(7)"], x=("tensor", X)), [[3, 7]]),
}


@pytest.fixture(scope="module")
def by_compat():
    pytest.importorskip("tensorflow", minversion="2.0")
    jobs = [job for job, _ in ALIKE.values()]
    answer = run(sys.executable, jobs + OTHERS, compat=True)
    return dict(zip([*ALIKE, *range(len(OTHERS))], answer["results"], strict=True))


def numbers(result):
    assert "error" not in result, result
    return [[decode(value).tolist() for value in step] for step in result["values"]]


OTHERS = [
    job("y = tf.square(x) * n", x=("tensor", X), n=("tensor", np.float32(3)), i=("tensor", np.int32(1))),
    job("tf.reshape(x, [3])", x=("tensor", X)),
    job("print(x.dtype.name, [1.5])", [], printed=True, x=("tensor", X)),
    job("y = {'a': [x, None, 3, 'b'], 'c': x.dtype, 'd': x.shape}", x=("tensor", X)),
    job("tf.SparseTensor([[0, 1]], [5.0], [2, 2])"),
    job("tf.random.uniform([4], seed=3)"),
    job("tf.nn.dropout(x, rate=0.5, seed=3)", x=("tensor", np.ones([64], np.float32))),
]


@pytest.mark.parametrize("name", ALIKE)
def test_both_see_the_same(name, by_compat):
    work, expected = ALIKE[name]
    assert numbers(run_job(work)) == expected
    assert numbers(by_compat[name]) == expected


@pytest.mark.parametrize("number", range(len(OTHERS)))
def test_both_tell_the_same(number, by_compat):
    here = run_job(OTHERS[number])
    if number == 1:
        assert "error" in here and "error" in by_compat[number]
    else:
        assert here == by_compat[number] and "error" not in here


def test_gradients(by_compat):
    found = by_compat[0]["gradients"]
    assert decode(found["x"]).tolist() == [6, 12] and decode(found["n"]).tolist() == 5 and "i" not in found


def test_prints(by_compat):
    assert by_compat[2]["printed"] == "float32 [1.5]\n"


def test_a_dropped_element_has_no_gradient(by_compat):
    """The gradient is that of the values that are told, not of another draw."""
    result = by_compat[6]
    (value,) = numbers(result)[0]
    assert value == decode(result["gradients"]["x"]).tolist()


PROGRAM = """\
import logging, sys
import tensorflow as tf
if __name__ == "__main__":
    print(sys.argv[1:], double(3))
    logging.getLogger("tensorflow").error("lost %d", 3)
    with tf.io.gfile.GFile("a.txt", "w") as f:
        f.write("x")
    sys.exit(2)
"""


def test_programs_run_with_arguments_in_a_folder_of_their_own():
    pytest.importorskip("tensorflow", minversion="2.0")
    setup = "def double(x):\n    return 2 * x"
    program = {"source": PROGRAM, "argv": ["--a", "b"], "setup": setup}
    failing = {"source": "raise KeyError('k')", "argv": []}
    found = run(sys.executable, [program, job("tf.constant(1)"), failing])["results"]
    assert found[0] == {
        "values": [], "printed": "['--a', 'b'] 6\n", "logged": [["ERROR", "lost 3"]], "status": 2, "files": {"a.txt": "x"},
    }  # fmt: skip
    assert found[1]["values"] == [[encode(np.int32(1))]]
    assert found[2] == {"error": "KeyError", "message": "'k'"}
    assert run(sys.executable, [program], compat=True)["results"] == found[:1]
