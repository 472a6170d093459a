"""Names are spelled as the file does, and imports are added where they belong, or refused."""

from __future__ import annotations

import pytest

from flake8_tf2.fix.apply import fix_source
from flake8_tf2.options import Options

BEFORE = "from tensorflow import log\ny = log(x)\n"
AFTER = "import tensorflow as tf\ny = tf.math.log(x)\n"


def fixed(source: str) -> str:
    return fix_source(source, "case.py", Options(), unsafe=True).source


@pytest.mark.parametrize(
    "head, new",
    [
        pytest.param("", "", id="nothing"),
        pytest.param('"""What it does."""\n', '"""What it does."""\n', id="docstring"),
        pytest.param("#!/usr/bin/env python\n", "#!/usr/bin/env python\n", id="interpreter"),
        pytest.param("# -*- coding: utf-8 -*-\n", "# -*- coding: utf-8 -*-\n", id="encoding"),
        pytest.param("# License\n\n", "# License\n\n", id="license"),
        pytest.param("from __future__ import division\n", "from __future__ import division\n", id="future"),
        pytest.param("import os\n\n", "import os\n\n", id="standard library"),
        pytest.param("import numpy as np\n", "import numpy as np\n", id="sorted behind"),
    ],
)
def test_import_is_added(head, new):
    assert fixed(head + BEFORE) == new + AFTER


@pytest.mark.parametrize(
    "before, after",
    [
        pytest.param(
            "import tensorflow as T\nfrom tensorflow import log\ny = log(x)\n",
            "import tensorflow as T\ny = T.math.log(x)\n",
            id="its own name",
        ),
        pytest.param("import tensorflow\ny = tensorflow.log(x)\n", "import tensorflow\ny = tensorflow.math.log(x)\n", id="in full"),
        pytest.param(
            "def f(x):\n    import tensorflow as tf\n    return tf.log(x)\n",
            "def f(x):\n    import tensorflow as tf\n    return tf.math.log(x)\n",
            id="import in a function",
        ),
        pytest.param(
            "def f(x):\n    import tensorflow as tf\n    return tf.to_float(x)\n",
            "def f(x):\n    import tensorflow as tf\n    return tf.cast(x, tf.float32)\n",
            id="template, import in a function",
        ),
    ],
)
def test_spelled_as_the_file_does(before, after):
    assert fixed(before) == after


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("from tensorflow import log\ntf = 1\ny = log(x)\n", id="bound"),
        pytest.param("from tensorflow import log\ndef f(x, tf):\n    return log(x)\n", id="parameter"),
        pytest.param(
            "from tensorflow import log\ndef f(x):\n    y = log(x)\n    import tensorflow as tf\n    return y\n", id="import below"
        ),
        pytest.param("import tf\nfrom tensorflow import log\ny = log(x)\n", id="another module"),
    ],
)
def test_collision_is_refused(source):
    result = fix_source(source, "case.py", Options(), unsafe=True)
    assert result.source == source


@pytest.mark.parametrize(
    "before, after",
    [
        pytest.param("tf.nn.dropout(x, 0.8)", "tf.nn.dropout(x, rate=1 - 0.8)", id="TF1 also knows rate"),
        pytest.param(
            "tf.losses.sparse_softmax_cross_entropy(y, z)",
            "tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=z))",
            id="parameters of TF1 that are not used",
        ),
        pytest.param(
            "tf.losses.softmax_cross_entropy(y, z)",
            "tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits("
            "labels=tf.stop_gradient(tf.cast(y, z.dtype)), logits=z))",
            id="a gradient that the template stops",
        ),
        pytest.param(
            "tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z)",
            "tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z)",
            id="another gradient in TF1",
        ),
        pytest.param(
            "tf.image.resize_images(x, [3, 4], 3)", "tf.image.resize_images(x, [3, 4], 3)", id="another sampling in TF1"
        ),
    ],
)
def test_in_a_file_that_imports_compat_v1(before, after):
    """What is written has to mean the same by the names of compat.v1, as long as those are imported."""
    head, left = "import tensorflow.compat.v1 as tf\n", "reuse = tf.AUTO_REUSE\n"
    assert fixed(f"{head}{left}v = {before}\n") == f"{head}{left}v = {after}\n"
