"""The language server with a client over standard input and output."""

from __future__ import annotations

import asyncio
import functools
import subprocess
import sys
from pathlib import Path
from urllib.request import url2pathname

import pytest
from lsprotocol import types

from flake8_tf2 import cli
from flake8_tf2.lint import lint
from tests.editor.client import FULL, SMALL, edited, running

HEAD = "import tensorflow as tf\n"
SOURCE = HEAD + "y = tf.log(1.0)\nx = tf.placeholder(tf.float32)\nz = tf.to_float(y)\n"
FIXED = SOURCE.replace("tf.log", "tf.math.log").replace("tf.to_float(y)", "tf.cast(y, tf.float32)")
#: The client's offer, and the columns of `tf.log` behind a letter of two bytes and a face.
ENCODINGS = {"utf-16": 9, "utf-8": 12, "utf-32": 8}


def session(test):
    """A test that is a coroutine."""
    return functools.wraps(test)(lambda **arguments: asyncio.run(test(**arguments)))


def everywhere() -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(10_000, 0))


def at(line: int, column: int) -> types.Range:
    return types.Range(types.Position(line, column), types.Position(line, column))


def edits(edit: types.WorkspaceEdit, uri: str) -> list[types.TextEdit]:
    if edit.changes is not None:
        return list(edit.changes[uri])
    return [e for change in edit.document_changes if change.text_document.uri == uri for e in change.edits]


@session
async def test_diagnostics_of_an_unsaved_buffer(tmp_path):
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        found = await client.open(uri, SOURCE)
        assert [(d.code, d.severity, d.source, d.range.start.line, d.range.start.character) for d in found] == [
            ("TF701", types.DiagnosticSeverity.Error, "flake8-tf2", 1, 4),
            ("TF101", types.DiagnosticSeverity.Error, "flake8-tf2", 2, 4),
            ("TF642", types.DiagnosticSeverity.Error, "flake8-tf2", 3, 4),
        ]
        assert [d.message for d in found] == [f.message for f in lint(SOURCE)]
        client.change(uri, 2, HEAD + "import tensorflow.compat.v1 as tf1\ntf1.log(1.0)\n")
        found = await client.diagnostics(uri, 2)
        assert {d.severity for d in found} == {types.DiagnosticSeverity.Warning}
        client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        assert await client.diagnostics(uri) == []


@session
async def test_buffers_without_a_file_and_without_tensorflow(tmp_path):
    async with running(tmp_path) as client:
        assert len(await client.open("untitled:Untitled-1", SOURCE)) == 3
        assert await client.open((tmp_path / "b.py").as_uri(), "x = 1\n") == []
        (broken,) = await client.open((tmp_path / "c.py").as_uri(), HEAD + "x = (\n")
        assert broken.code == "TF907"


@session
async def test_names_are_as_the_client_writes_them(tmp_path):
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "setup.cfg").write_text("[flake8]\nexclude = build\n")
    async with running(tmp_path / "build") as client:
        uri = (tmp_path / "build" / "ä 100%#.py").as_uri()
        assert "%23" in uri and len(await client.open(uri, SOURCE)) == 3
        client.change(uri, 2, HEAD)
        assert await client.diagnostics(uri, 2) == []
        assert await client.open((tmp_path / "build" / "build" / "a.py").as_uri(), SOURCE) == []


@session
async def test_changes_are_applied_where_they_are(tmp_path):
    """Ranges count as the protocol does: form feeds and other separators of `str.splitlines` end no line."""
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        text = "\x0cimport tensorflow as tf\r\ns = '\u2028\x1c😀'; tf.log(1.0)\r\n\x0c\r\ny = 1\r\n"
        await client.open(uri, text)
        client.change(uri, 2, "tf.exp(", types.Range(types.Position(1, 12), types.Position(1, 19)))
        client.change(uri, 3, "tf.placeholder(y)", types.Range(types.Position(3, 4), types.Position(3, 5)))
        (found,) = await client.diagnostics(uri, 3)
        assert (found.code, found.range.start) == ("TF101", types.Position(3, 4))


@session
async def test_the_last_of_many_changes_counts(tmp_path):
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        await client.open(uri, SOURCE * 100)
        for version in range(2, 60):
            client.change(uri, version, HEAD + "tf.log(1)\n" * version)
        assert len(await client.diagnostics(uri, 59)) == 59


@pytest.mark.parametrize("encoding", ENCODINGS)
@session
async def test_columns_count_what_was_agreed_on(tmp_path, encoding):
    general = types.GeneralClientCapabilities(position_encodings=[encoding])
    capabilities = types.ClientCapabilities(general=general)
    source = HEAD + "'é😀' , tf.log(1.0)\n"
    async with running(tmp_path, capabilities) as client:
        assert client.encoding == encoding
        uri = (tmp_path / "a.py").as_uri()
        (found,) = await client.open(uri, source)
        column = ENCODINGS[encoding] - 1
        assert (found.range.start.character, found.range.end.character) == (column, column + 6)
        (fix, _) = await client.actions(uri, found.range)
        assert edited(source, edits(fix.edit, uri), encoding) == source.replace("tf.log", "tf.math.log")
        assert "tf.math.log" in await client.hover(uri, 1, column + 6)


@session
async def test_utf16_where_the_client_says_nothing(tmp_path):
    async with running(tmp_path, SMALL) as client:
        assert client.encoding == "utf-16"
        (found,) = await client.open((tmp_path / "a.py").as_uri(), HEAD + "'😀', tf.log(1.0)\n")
        assert found.range.start.character == 6


@session
async def test_a_quick_fix_fixes_one_finding(tmp_path):
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        (found, *_) = await client.open(uri, SOURCE)
        fix, *others = await client.actions(uri, at(1, 10))
        assert (fix.kind, fix.is_preferred, list(fix.diagnostics)) == ("quickfix", True, [found])
        assert fix.edit.document_changes[0].text_document.version == 1
        assert edited(SOURCE, edits(fix.edit, uri)) == SOURCE.replace("tf.log", "tf.math.log")
        assert [action.kind for action in others] == ["source.fixAll.flake8-tf2"]
        assert [a.kind for a in await client.actions(uri, at(1, 0))] == ["source.fixAll.flake8-tf2"], "beside it"
        shown = await client.actions(uri, at(1, 0), diagnostics=[found])
        assert [action.title for action in shown] == [fix.title, others[0].title]
        assert [a.kind for a in await client.actions(uri, at(2, 6))] == ["source.fixAll.flake8-tf2"], "by hand"
        assert len(await client.actions(uri, everywhere(), ["quickfix"])) == 2
        assert await client.actions(uri, everywhere(), ["refactor"]) == []


@session
async def test_an_unsafe_fix_says_so_and_is_not_preferred(tmp_path):
    source = HEAD + "w = tf.contrib.layers.xavier_initializer(seed=1)\n"
    assert [f.applicability.value for f in lint(source, fixes=True)] == ["unsafe"]
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        await client.open(uri, source)
        (fix,) = await client.actions(uri, everywhere())
        assert not fix.is_preferred and "(unsafe, see its page)" in fix.title


@pytest.mark.parametrize("end", ["\n", ""])
@session
async def test_fix_all_does_what_the_command_does(tmp_path, end):
    source, fixed = SOURCE[:-1] + end, FIXED[:-1] + end
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        await client.open(uri, source)
        for only in (["source"], ["source.fixAll"], ["source.fixAll.flake8-tf2"]):
            (action,) = await client.actions(uri, everywhere(), only)
            assert action.edit is None
            resolved = await client.code_action_resolve_async(action)
            assert edited(source, edits(resolved.edit, uri)) == fixed
        client.change(uri, 2, fixed)
        await client.diagnostics(uri, 2)
        assert await client.actions(uri, everywhere(), ["source.fixAll"]) == []
    (tmp_path / "a.py").write_text(source)
    cli.main(["fix", str(tmp_path / "a.py")])
    assert (tmp_path / "a.py").read_text() == fixed


@session
async def test_a_client_that_resolves_nothing_gets_the_edit_at_once(tmp_path):
    async with running(tmp_path, SMALL) as client:
        uri = (tmp_path / "a.py").as_uri()
        await client.open(uri, SOURCE)
        (action,) = await client.actions(uri, at(2, 4))
        assert edited(SOURCE, list(action.edit.changes[uri])) == FIXED


@session
async def test_hover_tells_rule_and_signatures(tmp_path):
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        await client.open(uri, HEAD + "y = tf.reduce_sum(x, reduction_indices=[1])\nz = 1\n")
        text = await client.hover(uri, 1, 25)
        assert text.startswith("**TF") and "**TF2:**" in text
        assert "TF 1.15: `(input_tensor, axis=None, keepdims=None" in text
        assert "TF 2: `(input_tensor, axis=None, keepdims=False, name=None)`" in text
        assert await client.hover(uri, 2, 1) == ""


# The pages of the rules


@session
async def test_links_lead_to_pages(tmp_path):
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        found = await client.open(uri, SOURCE)
        await client.hover(uri, 0, 0)  # the pages are written before
        path = Path(url2pathname(found[0].code_description.href.removeprefix("file://")))
        assert path.read_text(encoding="utf-8").startswith("# TF701 renamed-symbol")
    assert not path.exists()


@session
async def test_links_can_be_set(tmp_path):
    async with running(tmp_path, FULL, "--pages", "https://example.org/r/{code}.html") as client:
        found = await client.open((tmp_path / "a.py").as_uri(), SOURCE)
        assert found[0].code_description.href == "https://example.org/r/TF701.html"


def test_the_documentation_of_the_package_is_used(monkeypatch):
    from flake8_tf2.editor import rules

    monkeypatch.setattr(
        rules.importlib.metadata,
        "metadata",
        lambda name: {
            "flake8-tf2": type("M", (), {"get_all": lambda self, key: ["Documentation, https://example.org/d/"]})()
        }[name],
    )
    assert rules.Pages().url("TF101") == "https://example.org/d/rules/TF101/"


# Settings


@session
async def test_settings_are_those_of_the_folder_and_read_again(tmp_path):
    (tmp_path / "setup.cfg").write_text("[flake8]\nextend-ignore = TF701\nextend-exclude = old\n")
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        assert [d.code for d in await client.open(uri, SOURCE)] == ["TF101", "TF642"]
        assert await client.open((tmp_path / "old" / "a.py").as_uri(), SOURCE) == []
        await client.hover(uri, 0, 0)
        assert [r.method for r in client.registered] == ["workspace/didChangeWatchedFiles"]
        (tmp_path / "setup.cfg").write_text("[flake8]\nper-file-ignores = a.py: TF1\n")
        event = types.FileEvent((tmp_path / "setup.cfg").as_uri(), types.FileChangeType.Changed)
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        assert [d.code for d in await client.diagnostics(uri)] == ["TF701", "TF642"]
        (action,) = await client.actions(uri, everywhere(), ["source.fixAll"])
        assert edits((await client.code_action_resolve_async(action)).edit, uri)


@session
async def test_pyproject_and_baseline_count(tmp_path):
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "pyproject.toml").write_text('[tool.flake8-tf2]\nextend-ignore = ["TF101"]\nbaseline = "known"\n')
    done = [sys.executable, "-m", "flake8_tf2.cli", "check", "--isolated", "--write-baseline", "known", "a.py"]
    subprocess.run(done, cwd=tmp_path, check=True, capture_output=True)
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        assert await client.open(uri, SOURCE) == []
        client.change(uri, 2, SOURCE + "a = tf.exp(x)\nb = tf.log(y)\n")
        (found,) = await client.diagnostics(uri, 2)
        assert (found.code, found.range.start.line) == ("TF701", 5)


@session
async def test_noqa_holds_for_findings_and_fixes(tmp_path):
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        assert await client.open(uri, HEAD + "tf.log(1.0)  # noqa: TF701\n") == []
        assert await client.actions(uri, everywhere()) == []


@session
async def test_wrong_settings_are_told_once(tmp_path):
    (tmp_path / "tox.ini").write_text("[flake8]\ntf2-target-version = 1.15\n")
    async with running(tmp_path) as client:
        uri = (tmp_path / "a.py").as_uri()
        assert await client.open(uri, SOURCE) == []
        client.change(uri, 2, SOURCE)
        await client.diagnostics(uri)
        assert "--tf2-target-version: '1.15'" in client.messages.get_nowait().message
        assert client.messages.empty()


# Notebooks


def cell(number: int, text: str) -> tuple[types.NotebookCell, types.TextDocumentItem]:
    uri = f"notebook-cell:a.ipynb#W{number}%3D%3D"  # as VS Code writes them
    return types.NotebookCell(types.NotebookCellKind.Code, uri), types.TextDocumentItem(uri, "python", 1, text)


@session
async def test_names_are_resolved_across_cells(tmp_path):
    async with running(tmp_path) as client:
        texts = ["%matplotlib inline\n" + HEAD[:-1], "!ls\ny = tf.log(1.0)", "print 'a'", "z = tf.to_float(y)"]
        cells = [cell(number, text) for number, text in enumerate(texts)]
        uri = (tmp_path / "a.ipynb").as_uri()
        notebook = types.NotebookDocument(uri, "jupyter-notebook", 1, [c for c, _ in cells])
        client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, [item for _, item in cells]))
        found = [await client.diagnostics(item.uri) for _, item in cells]
        assert [[(d.code, d.range.start.line) for d in part] for part in found] == [
            [], [("TF701", 1)], [("TF908", 0)], [("TF642", 0)],
        ]  # fmt: skip
        uris = [item.uri for _, item in cells]
        fix, action = await client.actions(uris[1], at(1, 5))
        assert edited(texts[1], edits(fix.edit, uris[1])) == "!ls\ny = tf.math.log(1.0)"
        resolved = await client.code_action_resolve_async(action)
        new = [edited(text, edits(resolved.edit, uri)) for text, uri in zip(texts, uris)]
        assert new == [texts[0], "!ls\ny = tf.math.log(1.0)", texts[2], "z = tf.cast(y, tf.float32)"]
        (action,) = await client.actions(uris[1], everywhere(), ["notebook.source.fixAll"])
        assert action.kind == "notebook.source.fixAll.flake8-tf2"
        assert "tf.to_float" in await client.hover(uris[3], 0, 6)

        changed = types.NotebookDocumentCellContentChanges(
            types.VersionedTextDocumentIdentifier(2, uris[0]),
            [types.TextDocumentContentChangePartial(types.Range(types.Position(1, 7), types.Position(1, 17)), "numpy")],
        )
        client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                types.VersionedNotebookDocumentIdentifier(2, uri),
                types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(text_content=[changed])),
            )
        )
        assert await client.diagnostics(uris[1]) == []

        last = types.NotebookCellArrayChange(start=2, delete_count=2)
        structure = types.NotebookDocumentCellChangeStructure(
            last, did_close=[types.TextDocumentIdentifier(u) for u in uris[2:]]
        )
        client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                types.VersionedNotebookDocumentIdentifier(3, uri),
                types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(structure)),
            )
        )
        assert await client.diagnostics(uris[3]) == [], "a cell that is gone has no findings"
        assert await client.diagnostics(uris[1], 1) == []


@session
async def test_an_edit_of_a_cell_stays_in_it(tmp_path):
    """The last line of a cell goes with the line end before it: there is none behind it."""
    async with running(tmp_path) as client:
        texts = [HEAD + "x = 1\ntf.enable_eager_execution()", "y = tf.log(1.0)"]
        cells = [cell(number, text) for number, text in enumerate(texts)]
        notebook = types.NotebookDocument((tmp_path / "a.ipynb").as_uri(), "jupyter-notebook", 1, [c for c, _ in cells])
        client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, [item for _, item in cells]))
        uri = cells[0][1].uri
        (found,) = await client.diagnostics(uri)
        fix, _ = await client.actions(uri, found.range)
        assert edited(texts[0], edits(fix.edit, uri)) == HEAD + "x = 1"


def test_the_extra_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "flake8_tf2.editor.server", None)
    assert cli.main(["lsp"]) == 2
    assert "pip install 'flake8-tf2[lsp]'" in capsys.readouterr().err
    assert cli.main(["lsp", "--pages", "https://example.org"]) == 2
    assert "{code}" in capsys.readouterr().err
