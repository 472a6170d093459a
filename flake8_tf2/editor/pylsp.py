"""The plugin for python-lsp-server: code actions. Its diagnostics come from its own flake8 plugin, which runs ours."""

from __future__ import annotations

import logging
import os

from pylsp import hookimpl

from flake8_tf2.editor.document import FIX_ALL, Document, Part, Range, Replacement, is_asked
from flake8_tf2.editor.folders import Folders, is_excluded
from flake8_tf2.settings import SettingsError

_LOG = logging.getLogger(__name__)
_FOLDERS = Folders()


@hookimpl
def pylsp_code_actions(workspace, document, range, context) -> list[dict]:
    """The quick fixes of the findings that a range touches, and the action that applies all safe fixes."""
    found = _document(workspace, document)
    if found is None:
        return []
    only = context.get("only")
    actions = []
    if is_asked("quickfix", only):
        for fix in found.quick_fixes(document.uri, [_place(range)]):
            told = [d for d in context.get("diagnostics", ()) if _is_of(d, fix.finding.code, fix.place.line)]
            edit = _edit(fix.replacements)
            actions.append(
                {"title": fix.title, "kind": "quickfix", "diagnostics": told, "isPreferred": fix.is_safe, "edit": edit}
            )
    if is_asked("source.fixAll", only) and found.has_safe_fixes:
        actions.append({"title": FIX_ALL, "kind": "source.fixAll", "edit": _edit(found.fix_all())})
    return actions


def _document(workspace, document) -> Document | None:
    """The state of a document; None where flake8 would not look at it."""
    folder = workspace.root_path or os.path.dirname(document.path)
    try:
        settings = _FOLDERS.settings(folder)
    except SettingsError as error:
        _LOG.error("flake8-tf2: settings of %s: %s", folder, error)
        return None
    if is_excluded(settings, document.path, folder):
        return None
    return Document(document.path, [Part(document.uri, document.version, document.source)], False, settings)


def _place(asked: dict) -> Range:
    start, end = asked["start"], asked["end"]
    return Range(start["line"], start["character"], end["line"], end["character"])


def _is_of(diagnostic: dict, code: str, line: int) -> bool:
    return diagnostic.get("code") == code and diagnostic["range"]["start"]["line"] == line


def _edit(replacements: list[Replacement]) -> dict:
    """Replacements as a WorkspaceEdit of the protocol."""
    changes: dict[str, list[dict]] = {}
    for part, place, text in replacements:
        start, end = (
            {"line": place.line, "character": place.column},
            {"line": place.end_line, "character": place.end_column},
        )
        changes.setdefault(part.uri, []).append({"range": {"start": start, "end": end}, "newText": text})
    return {"changes": changes}
