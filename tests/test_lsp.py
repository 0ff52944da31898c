"""The language server, spoken to by a real client over the protocol: diagnostics as a text is written, repairs that fit it."""

from __future__ import annotations

import asyncio
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls", reason="the extra `lsp` brings pygls")

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from audit import audit_paths
from audit.config import Config
from audit.errors import AuditError
from audit.gate.baseline import dump
from audit.gate.known import snapshot
from audit.gate.values import BASELINE, SIDECAR
from audit.lsp.diagnostics import diagnostics, look
from audit.lsp.lines import Places
from audit.text import Text

TEXT = (
    "本單位𠀀于20xx年度总结\r\n鄉(xiāng)鎮(zhèn)工會工作總結(jié)，目的.明確。\r\n"
    + "鄉(xiāng)鎮(zhèn)總結(jié)，發(fā)現(xiàn)問題，學(xué)習(xí)經驗。\r\n" * 8
)
WAIT = 20.0


class Client(LanguageClient):
    """A client that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__("test", "1")
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.shown: asyncio.Queue[types.ShowMessageParams] = asyncio.Queue()

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(told: types.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(told)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def _(shown: types.ShowMessageParams) -> None:
            self.shown.put_nowait(shown)

    async def diagnostics(self) -> list[types.Diagnostic]:
        """What is told next."""
        return list((await asyncio.wait_for(self.told.get(), WAIT)).diagnostics)


def apply(text: str, edits: Any, places: Places) -> str:
    """The text with edits in UTF-16 positions."""
    starts = places.text.line_starts.tolist()

    def offset(position: types.Position) -> int:
        line = text[starts[position.line] :].encode("utf-16-le")
        return int(starts[position.line] + len(line[: 2 * position.character].decode("utf-16-le")))

    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


async def session(folder: Path) -> None:
    program = Path(sys.executable).with_name("jiaokan")
    client = Client()
    await client.start_io(str(program), "lsp")
    capabilities = types.ClientCapabilities()
    asked = types.InitializeParams(capabilities=capabilities, root_uri=folder.as_uri(), process_id=None)
    offered = await asyncio.wait_for(client.initialize_async(asked), WAIT)
    assert offered.capabilities.code_action_provider
    client.initialized(types.InitializedParams())
    uri = (folder / "稿 子.txt").as_uri()
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "plaintext", 1, TEXT)))
    found = await client.diagnostics()
    codes = {one.code for one in found}
    assert {"PLC001", "GLS001"} <= codes
    mask = next(one for one in found if one.code == "PLC001")
    assert (mask.range.start.line, mask.range.start.character) == (0, len("本單位𠀀于".encode("utf-16-le")) // 2)

    glosses = [one for one in found if one.code == "GLS001"]
    everywhere = types.Range(types.Position(0, 0), types.Position(99, 0))
    context = types.CodeActionContext(diagnostics=glosses[:1])
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), everywhere, context)
    offers = await asyncio.wait_for(client.text_document_code_action_async(params), WAIT)
    assert [one.kind for one in offers] == ["quickfix", "source.fixAll.jiaokan"]
    assert offers[0].is_preferred
    edited = offers[1].edit.document_changes[0]
    assert edited.text_document.version == 1
    mended = apply(TEXT, edited.edits, Places(Text(TEXT)))
    assert "(xiāng)" not in mended
    assert mended.startswith("本單位𠀀于20xx年度总结\r\n鄉鎮工會工作總結")

    whole = types.TextDocumentContentChangeWholeDocument(mended)
    version = types.VersionedTextDocumentIdentifier(version=2, uri=uri)
    client.text_document_did_change(types.DidChangeTextDocumentParams(version, [whole]))
    assert not await asyncio.wait_for(client.text_document_code_action_async(params), WAIT)  # of another version
    again = await client.diagnostics()
    assert "GLS001" not in {one.code for one in again}
    assert "PLC001" in {one.code for one in again}

    (folder / "jiaokan.toml").write_bytes(b'select = ["GLS"]\n')
    client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert await client.diagnostics() == []
    (folder / "jiaokan.toml").write_bytes(b'sellect = ["GLS"]\n')
    client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
    shown = await asyncio.wait_for(client.shown.get(), WAIT)
    assert "select" in shown.message

    client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert await client.diagnostics() == []
    await asyncio.wait_for(client.shutdown_async(None), WAIT)
    client.exit(None)
    await asyncio.wait_for(client.stop(), WAIT)


@pytest.mark.filterwarnings("default")
def test_a_session(tmp_path: Path) -> None:
    assert shutil.which(str(Path(sys.executable).with_name("jiaokan")))
    with ThreadPoolExecutor(1) as thread:  # the browser's driver leaves a loop in the main one
        thread.submit(lambda: asyncio.run(session(tmp_path))).result()


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 7), ("utf-16", 3), ("utf-32", 2)])
def test_positions_are_in_the_units_of_the_client(encoding: str, column: int) -> None:
    assert Places(Text("a\r\n𠀀乙丙"), encoding).position(5) == types.Position(1, column)


def test_what_was_accepted_or_known_asks_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = "今年以来，我镇开展了大排查，20xx年共检查企业三十余家，某某同志作了发言。"
    path.write_bytes(text.encode("utf-8"))
    config = Config(root=str(tmp_path), select=("PLC",))

    def levels() -> dict[object, object]:
        seen = look("file:///a.txt", 1, text, str(path), "utf-16", config)
        return {one.code: one.severity for one in diagnostics(seen)}

    first = levels()
    assert set(first.values()) == {types.DiagnosticSeverity.Warning}
    assert len(first) == 2
    finding = audit_paths([str(path)], config).findings[0]
    sidecar = f'[[suppress]]\nfingerprint = "{finding.fingerprint}"\nreason = "so it was"\n'
    (tmp_path / SIDECAR).write_bytes(sidecar.encode())
    assert finding.rule not in levels()
    audit = audit_paths([str(path)], config)
    known = snapshot([(one.document, one.batches) for one in audit.documents], tmp_path)
    (tmp_path / BASELINE).write_bytes(dump(known))
    assert set(levels().values()) == {types.DiagnosticSeverity.Hint}
    (tmp_path / BASELINE).write_bytes(b"broken")
    with pytest.raises(AuditError, match="baseline"):
        levels()


def test_text_that_cannot_be_audited_says_so() -> None:
    seen = look("file:///a.txt", 1, "\x00\x01\x02" * 500, "/a.txt", "utf-16", Config())
    assert seen.findings or seen.remarks
