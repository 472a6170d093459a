"""python-lsp-server itself with the plugin: diagnostics by its flake8 plugin, code actions by ours."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.editor.client import edited, text_edits
from tests.editor.raw import RawClient
from tests.editor.test_editors import blocks

SOURCE = "import tensorflow as tf\n'é😀'; y = tf.log(1.0)\nz = tf.to_float(y)\n"
FIXED = SOURCE.replace("tf.log", "tf.math.log").replace("tf.to_float(y)", "tf.cast(y, tf.float32)")
#: What docs/editors.md says: of pylsp's linters flake8 only.
SETTINGS = json.loads(blocks("python-lsp-server", "json")[0])


def test_pylsp_shows_findings_and_offers_their_fixes(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    (tmp_path / "setup.cfg").write_text("[flake8]\nselect = TF\n")
    uri = (tmp_path / "a.py").as_uri()
    with RawClient([sys.executable, "-m", "pylsp"]) as client:
        client.request("initialize", {"capabilities": {}, "processId": None, "rootUri": tmp_path.as_uri()})
        client.notify("initialized", {})
        client.notify("workspace/didChangeConfiguration", {"settings": SETTINGS})
        document = {"uri": uri, "languageId": "python", "version": 1, "text": SOURCE}
        client.notify("textDocument/didOpen", {"textDocument": document})
        published = client.read(lambda m: "publish" in m.get("method", "") and m["params"]["diagnostics"])
        found = published["params"]["diagnostics"]
        second_line = {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 30}}
        asked = {"textDocument": {"uri": uri}, "range": second_line, "context": {"diagnostics": found}}
        actions = client.request("textDocument/codeAction", asked)
    assert [d["code"] for d in found] == ["TF701", "TF642"]
    fix, all_of_them = [action for action in actions if "TF701" in action["title"] or "TensorFlow" in action["title"]]
    assert [d["code"] for d in fix["diagnostics"]] == ["TF701"]
    assert edited(SOURCE, text_edits(fix["edit"]["changes"][uri])) == SOURCE.replace("tf.log", "tf.math.log")
    assert edited(SOURCE, text_edits(all_of_them["edit"]["changes"][uri])) == FIXED
