"""The server: texts are audited when they are opened and, a moment after the last stroke, when they change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from audit.config import Config
from audit.errors import AuditError
from audit.gate.layers import load_config
from audit.lsp.diagnostics import FIX_ALL, Seen, actions, diagnostics, look

PAUSE = 0.3  # seconds after the last change


@dataclass(slots=True)
class Desk:
    """What is open: the last audit of each text, and the audits that wait; `config` is for all texts, if given."""

    server: LanguageServer
    config: Config | None = None
    seen: dict[str, Seen] = field(default_factory=dict)
    waiting: dict[str, asyncio.Task[None]] = field(default_factory=dict)


def nearest(path: str) -> Config:
    """The settings of the nearest file above a text."""
    return load_config(start=Path(path).resolve().parent)


async def audit(desk: Desk, uri: str, pause: float) -> None:
    """Audits a text after a pause and tells the editor; faulty settings are shown to the user."""
    await asyncio.sleep(pause)
    document = desk.server.workspace.get_text_document(uri)
    path = uris.to_fs_path(uri) or uri
    units = desk.server.workspace.position_encoding
    encoding = units.value if isinstance(units, types.PositionEncodingKind) else units or "utf-16"
    version = document.version
    try:
        config = await asyncio.to_thread(nearest, path) if desk.config is None else desk.config
        seen = await asyncio.to_thread(look, uri, version, document.source, path, encoding, config)
    except AuditError as error:
        desk.server.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"{error}"))
        return
    desk.seen[uri] = seen
    desk.server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri, diagnostics(seen), version=version)
    )


def soon(desk: Desk, uri: str, pause: float) -> None:
    """Audits a text after a pause, instead of an audit of it that waits."""
    if uri in desk.waiting:
        desk.waiting[uri].cancel()
    desk.waiting[uri] = asyncio.ensure_future(audit(desk, uri, pause))


def closed(desk: Desk, uri: str) -> None:
    """Forgets a text."""
    if uri in desk.waiting:
        desk.waiting.pop(uri).cancel()
    desk.seen.pop(uri, None)
    desk.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def repairs(desk: Desk, asked: types.CodeActionParams) -> list[types.CodeAction]:
    """The repairs for a place, if the text is still the one that was audited."""
    uri = asked.text_document.uri
    seen = desk.seen.get(uri)
    current = desk.server.workspace.get_text_document(uri).version
    return actions(seen, asked) if seen is not None and seen.version == current else []


def serve(config: Config | None, version: str) -> LanguageServer:
    """A server that is ready to be started."""
    server = LanguageServer("jiaokan", version)
    desk = Desk(server, config)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def _(asked: types.DidOpenTextDocumentParams) -> None:
        soon(desk, asked.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def _(asked: types.DidChangeTextDocumentParams) -> None:
        soon(desk, asked.text_document.uri, PAUSE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def _(asked: types.DidSaveTextDocumentParams) -> None:
        soon(desk, asked.text_document.uri, 0)  # what was saved may be the settings

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _(asked: types.DidCloseTextDocumentParams) -> None:
        closed(desk, asked.text_document.uri)

    kinds: list[types.CodeActionKind | str] = [types.CodeActionKind.QuickFix, FIX_ALL]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))
    def _(asked: types.CodeActionParams) -> list[types.CodeAction]:
        return repairs(desk, asked)

    return server
