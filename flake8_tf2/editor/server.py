"""The language server: an adapter of pygls to `Document`."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, TypeVar
from urllib.parse import unquote

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from flake8_tf2 import __version__, collector
from flake8_tf2.editor.document import FIX_ALL, Document, Part, Range, Replacement, is_asked
from flake8_tf2.editor.folders import NAMES, Folders, is_excluded
from flake8_tf2.editor.rules import Pages, hover_text
from flake8_tf2.finding import Finding, Severity
from flake8_tf2.positions import with_ends
from flake8_tf2.settings import SettingsError

_T = TypeVar("_T")

_NAME = "flake8-tf2"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.HINT: types.DiagnosticSeverity.Information,  # who asks for advice shall see it: editors hide their hints
}
_QUICK_FIX = types.CodeActionKind.QuickFix
_FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{_NAME}"
_FIX_NOTEBOOK = f"notebook.{_FIX_ALL}"

_PYTHON_CELLS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithCells(
            notebook="jupyter-notebook", cells=[types.NotebookCellLanguage(language="python")]
        )
    ]
)

# pygls takes a form feed for the end of a line, which it is neither for the protocol nor for Python.
TextDocument.lines = property(lambda self: tuple(with_ends(self.source)))


class Server(LanguageServer):
    """Looks at documents in a thread, one at a time, and always at the newest state: while one is looked at, changes of
    it are read, and only the last counts."""

    def __init__(self, pages: Pages):
        super().__init__(_NAME, __version__, notebook_document_sync=_PYTHON_CELLS)
        self.pages = pages
        self._folders = Folders()
        self._worker = ThreadPoolExecutor(1)
        self._looking = asyncio.Lock()
        self._waiting: set[str] = set()  # documents that changed since they were looked at
        self._documents: dict[str, Document] = {}
        self._told: set[str] = set()  # errors in settings

    # Documents

    def document(self, uri: str) -> Document | None:
        """The state of an open document, by its URI or that of a cell; None where there is nothing to say of it."""
        notebook = self._notebook(uri)
        key = notebook.uri if notebook else uri
        parts = self._parts(uri)
        path = os.path.normpath(to_fs_path(key)) if key.startswith("file:") else None
        folder = self._folder(path)
        try:
            settings = self._folders.settings(folder)
        except SettingsError as error:
            self._tell(f"flake8-tf2: settings of {folder}: {error}")
            return None
        if not parts or path and is_excluded(settings, path, folder):
            return None
        known = self._documents.get(key)
        if known is None or known.parts != parts or known.settings is not settings:
            name = path or "stdin"
            known = Document(name, parts, notebook is not None, settings, self.workspace.position_encoding)
            self._documents[key] = known
        return known

    def _notebook(self, uri: str) -> types.NotebookDocument | None:
        workspace = self.workspace
        return workspace.get_notebook_document(cell_uri=uri) or workspace.get_notebook_document(notebook_uri=uri)

    def _parts(self, uri: str) -> list[Part]:
        notebook = self._notebook(uri)
        if notebook is None:
            uris = [uri]
        else:
            uris = [cell.document for cell in notebook.cells if cell.kind is types.NotebookCellKind.Code]
        found = [self._opened(uri) for uri in uris]
        return [Part(document.uri, document.version, document.source) for document in found if document]

    def _opened(self, uri: str) -> TextDocument | None:
        return self.workspace.text_documents.get(unquote(uri))

    def _folder(self, path: str | None) -> str:
        """The innermost folder of the workspace that has a path; the folder of the file where none has."""
        roots = [to_fs_path(uri) for uri in self.workspace.folders] or [self.workspace.root_path]
        roots = [os.path.normpath(root) for root in roots if root]
        if path is None:
            return roots[0] if roots else os.getcwd()
        around = [root for root in roots if path.startswith(os.path.join(root, ""))]
        return max(around, key=len) if around else os.path.dirname(path)

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))

    # Diagnostics

    def look(self, uri: str) -> None:
        """Publish what is found in a document, as soon as there is time."""
        if uri not in self._waiting:
            self._waiting.add(uri)
            task = asyncio.ensure_future(self._look(uri))
            task.add_done_callback(asyncio.Task.result)

    def look_at_all(self) -> None:
        """Look at every open document: settings changed."""
        self._documents.clear()
        for document in self.workspace.text_documents.values():
            notebook = self._notebook(document.uri)
            self.look(notebook.uri if notebook else document.uri)

    async def _look(self, uri: str) -> None:
        async with self._looking:
            self._waiting.discard(uri)
            document = self.document(uri)
            if document is not None:
                published = await self.work(self._diagnostics, document)
            else:
                published = [(part, []) for part in self._parts(uri)]
        for part, diagnostics in published:
            if self._opened(part.uri):  # it may have been closed meanwhile
                self.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(part.uri, diagnostics, part.version)
                )

    def clear(self, uris: list[str]) -> None:
        """Publish that nothing is found in texts."""
        for uri in uris:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def forget(self, key: str) -> None:
        """A document was closed."""
        self._documents.pop(key, None)

    async def work(self, work: Callable[..., _T], *arguments) -> _T:
        """What a function returns that runs in the thread where documents are looked at."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, *arguments)

    def _diagnostics(self, document: Document) -> list[tuple[Part, list[types.Diagnostic]]]:
        found: dict[str, list[types.Diagnostic]] = {part.uri: [] for part in document.parts}
        for finding in document.findings:
            part, place = document.place(finding.span)
            found[part.uri].append(self._diagnostic(finding, place))
        return [(part, found[part.uri]) for part in document.parts]

    def _diagnostic(self, finding: Finding, place: Range) -> types.Diagnostic:
        return types.Diagnostic(
            _range(place),
            finding.message,
            _SEVERITIES[finding.severity],
            finding.code,
            types.CodeDescription(self.pages.url(finding.code)),
            _NAME,
        )

    # Code actions

    def actions(self, document: Document, params: types.CodeActionParams) -> list[types.CodeAction]:
        """The quick fixes of the findings that a range touches, and the action that applies all safe fixes."""
        only = params.context.only and [str(getattr(kind, "value", kind)) for kind in params.context.only]
        found = []
        if is_asked(_QUICK_FIX.value, only):
            # An editor may ask at the cursor, and name the findings that it shows in the line.
            asked = [_place(params.range), *(_place(shown.range) for shown in params.context.diagnostics)]
            for fix in document.quick_fixes(params.text_document.uri, asked):
                diagnostics = [self._diagnostic(fix.finding, fix.place)]
                edit = self.edit(fix.replacements)
                found.append(types.CodeAction(fix.title, _QUICK_FIX, diagnostics, is_preferred=fix.is_safe, edit=edit))
        for kind in (_FIX_ALL, _FIX_NOTEBOOK):
            if is_asked(kind, [_FIX_ALL] if only is None else only) and document.has_safe_fixes:
                action = types.CodeAction(FIX_ALL, kind)
                if self._resolves_edits:
                    action.data = params.text_document.uri
                else:
                    action.edit = self.edit(document.fix_all())
                found.append(action)
        return found

    def edit(self, replacements: list[Replacement]) -> types.WorkspaceEdit:
        """Replacements as the client wants edits: of versions of texts, if it knows these."""
        by_part: dict[Part, list[types.TextEdit]] = {}
        for part, place, text in replacements:
            by_part.setdefault(part, []).append(types.TextEdit(_range(place), text))
        if not self._versions_edits:
            return types.WorkspaceEdit({part.uri: edits for part, edits in by_part.items()})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(part.uri, part.version), edits)
                for part, edits in by_part.items()
            ]
        )

    @functools.cached_property
    def _versions_edits(self) -> bool:
        workspace = self.client_capabilities.workspace
        return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)

    @functools.cached_property
    def _resolves_edits(self) -> bool:
        text = self.client_capabilities.text_document
        support = text and text.code_action
        return bool(support and support.data_support and support.resolve_support
                    and "edit" in support.resolve_support.properties)  # fmt: skip

    @functools.cached_property
    def watches_files(self) -> bool:
        """Whether the client can be asked to tell of changed files."""
        workspace = self.client_capabilities.workspace
        watched = workspace and workspace.did_change_watched_files
        return bool(watched and watched.dynamic_registration)


def _range(place: Range) -> types.Range:
    line, column, end_line, end_column = place
    return types.Range(types.Position(line, column), types.Position(end_line, end_column))


def _place(asked: types.Range) -> Range:
    return Range(asked.start.line, asked.start.character, asked.end.line, asked.end.character)


def make(pages: Pages) -> Server:
    """A server with all that it answers to."""
    server = Server(pages)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        if server.watches_files:
            watchers = [types.FileSystemWatcher(f"**/{name}") for name in NAMES]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = types.Registration("settings", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(types.RegistrationParams([registration]))
        await server.work(pages.write)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
        server.look(params.text_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def notebook_changed(params: types.DidOpenNotebookDocumentParams | types.DidChangeNotebookDocumentParams) -> None:
        cells = params.change.cells if isinstance(params, types.DidChangeNotebookDocumentParams) else None
        if cells and cells.structure and cells.structure.did_close:
            server.clear([cell.uri for cell in cells.structure.did_close])
        server.look(params.notebook_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)
        server.clear([params.text_document.uri])

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_closed(params: types.DidCloseNotebookDocumentParams) -> None:
        server.forget(params.notebook_document.uri)
        server.clear([cell.uri for cell in params.cell_text_documents])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def settings_changed(_) -> None:  # pygls would give the server for `object`
        server.look_at_all()

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([_QUICK_FIX, _FIX_ALL, _FIX_NOTEBOOK], resolve_provider=True),
    )
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.document(params.text_document.uri)
        return await server.work(server.actions, document, params) if document else []

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        document = server.document(action.data) if action.data else None
        if document is not None:
            action.edit = server.edit(await server.work(document.fix_all))
        return action

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        document = server.document(params.text_document.uri)
        if document is None:
            return None
        at = _place(types.Range(params.position, params.position))
        return await server.work(_hover, document, params.text_document.uri, at)

    return server


def _hover(document: Document, uri: str, at: Range) -> types.Hover | None:
    found = document.at(uri, [at])
    if not found:
        return None
    texts = [hover_text(finding, document.settings.options.rules) for finding, _ in found]
    content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(texts))
    return types.Hover(content, _range(found[0][1]))


def serve(template: str) -> None:
    """Answer a client on standard input and output until it is done. template: of the URLs of pages, as in Pages."""
    pages = Pages(template)
    gc.set_threshold(*collector.SELDOM)
    try:
        make(pages).start_io()
    finally:
        pages.close()
