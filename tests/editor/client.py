"""A client of the language server over standard input and output, for tests: pygls' own."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import AsyncIterator

from lsprotocol import types
from pygls.lsp.client import BaseLanguageClient

SECONDS = 30


class Client(BaseLanguageClient):
    """Keeps what the server published and asked for."""

    def __init__(self):
        super().__init__("test-client", "1")
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: asyncio.Queue[types.ShowMessageParams] = asyncio.Queue()
        self.registered: list[types.Registration] = []
        self.encoding = ""

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def message(params: types.ShowMessageParams) -> None:
            self.messages.put_nowait(params)

        @self.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.registered += params.registrations

    async def diagnostics(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """The next that are published for a text, or for one version of it."""
        while True:
            params = await asyncio.wait_for(self.published.get(), SECONDS)
            if params.uri == uri and version in (None, params.version):
                return list(params.diagnostics)

    async def open(self, uri: str, text: str) -> list[types.Diagnostic]:
        """Open a text; returns what is found in it."""
        item = types.TextDocumentItem(uri, "python", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.diagnostics(uri, 1)

    def change(self, uri: str, version: int, text: str, place: types.Range | None = None) -> None:
        """Replace a range of a text, or all of it."""
        change = types.TextDocumentContentChangeWholeDocument(text)
        if place is not None:
            change = types.TextDocumentContentChangePartial(place, text)
        identifier = types.VersionedTextDocumentIdentifier(version, uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))

    async def actions(
        self, uri: str, place: types.Range, only: list[str] | None = None, diagnostics: list[types.Diagnostic] = ()
    ) -> list[types.CodeAction]:
        """The actions for a range of a text."""
        context = types.CodeActionContext(list(diagnostics), only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, context)
        return list(await asyncio.wait_for(self.text_document_code_action_async(params), SECONDS))

    async def hover(self, uri: str, line: int, column: int) -> str:
        """The text for a place."""
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, column))
        found = await asyncio.wait_for(self.text_document_hover_async(params), SECONDS)
        return found.contents.value if found else ""


FULL = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
    ),
    text_document=types.TextDocumentClientCapabilities(
        code_action=types.CodeActionClientCapabilities(
            data_support=True, resolve_support=types.ClientCodeActionResolveOptions(["edit"])
        )
    ),
)
SMALL = types.ClientCapabilities()


@contextlib.asynccontextmanager
async def running(
    folder: Path, capabilities: types.ClientCapabilities = FULL, *arguments: str
) -> AsyncIterator[Client]:
    """A client of a server that has a folder open; the server has ended afterwards, without an error."""
    client = Client()
    await client.start_io(sys.executable, "-m", "flake8_tf2.cli", "lsp", *arguments)
    result = await asyncio.wait_for(
        client.initialize_async(
            types.InitializeParams(
                capabilities, workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)]
            )
        ),
        SECONDS,
    )
    client.encoding = result.capabilities.position_encoding
    client.initialized(types.InitializedParams())
    try:
        yield client
    finally:
        await asyncio.wait_for(client.shutdown_async(None), SECONDS)
        client.exit(None)
        await asyncio.wait_for(client._server.wait(), SECONDS)
        assert client._server.returncode == 0
        await client.stop()


def edited(text: str, edits: list[types.TextEdit], encoding: str = "utf-16") -> str:
    """A text with edits, whose columns are units of an encoding, as a client applies them."""
    lines = text.replace("\r\n", "\n").split("\n")
    codec = {"utf-16": "utf-16-le", "utf-8": "utf-8", "utf-32": "utf-32-le"}[encoding]
    size = {"utf-16": 2, "utf-8": 1, "utf-32": 4}[encoding]

    def offset(position: types.Position) -> int:
        line = lines[position.line].encode(codec)
        assert position.character * size <= len(line), "a column behind the end of its line"
        return sum(len(text) + 1 for text in lines[: position.line]) + len(
            line[: position.character * size].decode(codec)
        )

    text = "\n".join(lines)
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


def text_edits(edits: list[dict]) -> list[types.TextEdit]:
    """Edits as JSON has them."""
    return [
        types.TextEdit(types.Range(*(types.Position(**e["range"][end]) for end in ("start", "end"))), e["newText"])
        for e in edits
    ]
