"""Where noqa is looked for, and whose settings count."""

from __future__ import annotations

import pytest

from flake8_tf2 import settings
from tests.benchmarks.ratios import sources

TEXTS = [
    'f("""a\nb""", 1)  # noqa\ng("""\n  # noqa\n""", tf.x)\n',
    "x = tf.a + \\\n    tf.b  # noqa\ny = tf.c  # comment \\\nz = 1  # noqa\n",
    "f(tf.a,  # noqa\n  tf.b,\n  tf.c)\n",
    "x = f'''{tf.a}\n{tf.b}\n{tf.c}'''  # noqa\n",
    'x = \\\n  """a\nb"""  # noqa\n',
    "x = (  # noqa\n",
]


@pytest.mark.parametrize("source", [*TEXTS, *(text + "x = 1  # noqa\n" for text in sources())])
def test_noqa_is_looked_for_where_flake8_does(source):
    lines = [line + "\n" for line in source.split("\n")]
    options = settings.read(["--isolated"]).flake8
    for number in range(1, len(lines) + 1):
        quick = settings._Processor("a.py", options, lines).noqa_texts({number}, source)[number]
        try:
            whole = settings._Processor("a.py", options, lines).noqa_line_for(number)
        except Exception:  # it does not parse
            whole = lines[number - 1]
        assert ("noqa" in quick) == ("noqa" in (whole or "")), number


def test_settings_of_a_folder_are_its_own(tmp_path):
    (tmp_path / "setup.cfg").write_text("[flake8]\nextend-ignore = TF101\n")
    (tmp_path / "inner").mkdir()
    assert "TF101" in settings.read([], str(tmp_path / "inner")).flake8.extend_ignore
    (tmp_path / "inner" / ".flake8").write_text("[flake8]\ntf2-hints = true\n")
    inner = settings.read([], str(tmp_path / "inner"))
    assert inner.options.hints and not inner.flake8.extend_ignore
