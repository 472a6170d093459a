"""Imports that a file no longer needs are removed, and no others."""

from __future__ import annotations

import pytest

from flake8_tf2.fix.apply import fix_source
from flake8_tf2.options import Options


def fixed(source: str) -> str:
    return fix_source(source, "case.py", Options(), unsafe=True).source


@pytest.mark.parametrize(
    "before, after",
    [
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import log\ny = log(x)\n",
            "import tensorflow as tf\ny = tf.math.log(x)\n",
            id="alone",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import log, add\ny = add(log(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import add\ny = add(tf.math.log(x), 1)\n",
            id="first",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import add, log\ny = add(log(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import add\ny = add(tf.math.log(x), 1)\n",
            id="last",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import add, log, tanh\ny = add(log(x), tanh(x))\n",
            "import tensorflow as tf\nfrom tensorflow import add, tanh\ny = add(tf.math.log(x), tanh(x))\n",
            id="middle",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import ceil, log\ny = ceil(log(x))\n",
            "import tensorflow as tf\ny = tf.math.ceil(tf.math.log(x))\n",
            id="all",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import (\n    add,\n    log,\n)\ny = add(log(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import (\n    add,\n)\ny = add(tf.math.log(x), 1)\n",
            id="parentheses, last",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import (\n    log,\n    add,\n)\ny = add(log(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import (\n    add,\n)\ny = add(tf.math.log(x), 1)\n",
            id="parentheses, first",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import (\n    log,  # logarithm\n    add,  # sum\n)\ny = add(log(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import (\n    add,  # sum\n)\ny = add(tf.math.log(x), 1)\n",
            id="comments, first",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import (\n    add,  # sum\n    log,  # logarithm\n)\ny = add(log(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import (\n    add,  # sum\n)\ny = add(tf.math.log(x), 1)\n",
            id="comments, last",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import add, \\\n    log\ny = add(log(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import add\ny = add(tf.math.log(x), 1)\n",
            id="continued line",
        ),
        pytest.param(
            "import tensorflow as tf\nfrom tensorflow import log as ln, add\ny = add(ln(x), 1)\n",
            "import tensorflow as tf\nfrom tensorflow import add\ny = add(tf.math.log(x), 1)\n",
            id="as",
        ),
        pytest.param(
            "import tensorflow as tf\n\n\ndef f(x):\n    from tensorflow import log\n    return log(x)\n",
            "import tensorflow as tf\n\n\ndef f(x):\n    return tf.math.log(x)\n",
            id="in a function",
        ),
        pytest.param(
            "import tensorflow as tf; from tensorflow import log\ny = log(x)\n",
            "import tensorflow as tf; pass\ny = tf.math.log(x)\n",
            id="semicolon",
        ),
    ],
)
def test_goes(before, after):
    assert fixed(before) == after


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("from tensorflow.contrib import layers, slim\nnet = slim.conv2d(x, 3, 3)\n__all__ = ['layers']\n", id="__all__"),
        pytest.param("from tensorflow.contrib import slim\nf = getattr(slim, name)\n", id="getattr"),
        pytest.param("from tensorflow.contrib import slim\ndef f():\n    global slim\n", id="global"),
        pytest.param("from tensorflow.contrib import slim\nmock.patch('slim.conv2d')\n", id="patched"),
        pytest.param(
            "try:\n    from tensorflow.contrib import slim\nexcept ImportError:\n    import tf_slim as slim\n", id="guard"
        ),
    ],
)
def test_stays(source):
    assert fixed(source) == source


def test_one_of_contrib_goes_and_the_other_stays():
    before = "from tensorflow.contrib import layers, slim\nnet = slim.conv2d(x, 3, 3)\n"
    assert fixed(before) == "from tensorflow.contrib import slim\nnet = slim.conv2d(x, 3, 3)\n"
