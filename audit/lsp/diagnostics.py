"""Findings as diagnostics, and their repairs as code actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lsprotocol import types

from audit.address import printable
from audit.config import Config
from audit.fix import Wanted, choose_edits
from audit.gate.held import held
from audit.lsp.lines import Places
from audit.model import Finding, Safety, Severity, Text
from audit.report.passage import flat
from audit.report.spoken import lacking, page_of
from audit.run import audit_bytes
from audit.standing import State
from audit.words import say

SOURCE = "jiaokan"
LEVELS = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.MAJOR: types.DiagnosticSeverity.Error,
    Severity.MINOR: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
KNOWN = types.DiagnosticSeverity.Hint  # of what the baseline knows: it is there, and asks for nothing
MOST = 2_000  # diagnostics of one text; an editor's list of problems is slow beyond, and the gravest come first
FIX_ALL = "source.fixAll.jiaokan"
SHOWN = 40  # code points of a repair in the title of an action


@dataclass(frozen=True, slots=True)
class Seen:
    """A text in one version with what was found in it."""

    uri: str
    version: int | None
    places: Places
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()  # what could not be run


def look(uri: str, version: int | None, text: str, path: str, encoding: str, config: Config) -> Seen:
    """The audit of a text that is open in an editor, without what was accepted and beside what was known before.

    Raises AuditError for settings that are damaged, files of acceptances and the baseline among them.
    """
    audit = audit_bytes([(path, text.encode("utf-8", "surrogatepass"), path)], config, decided=held(config))
    if not audit.documents:
        reasons = tuple(f"{one.reason}" for one in audit.skipped)
        return Seen(uri, version, Places(Text(""), encoding), (), reasons)
    document = audit.documents[0]
    failed = tuple(words for _, words in lacking(audit))
    return Seen(uri, version, Places(document.document.source, encoding), tuple(document.findings), failed)


def diagnostics(seen: Seen) -> list[types.Diagnostic]:
    """What the editor shows: the gravest findings in order of place, and what could not be run."""
    told = seen.findings
    if len(told) > MOST:
        told = tuple(sorted(sorted(told, key=lambda one: (-one.severity, one.start))[:MOST], key=lambda one: one.start))
    top = types.Range(types.Position(0, 0), types.Position(0, 0))
    made = [types.Diagnostic(top, words, types.DiagnosticSeverity.Error, source=SOURCE) for words in seen.remarks]
    return made + [diagnostic(finding, seen.places) for finding in told]


def diagnostic(finding: Finding, places: Places) -> types.Diagnostic:
    """One finding; `data` finds it again when a repair is asked for."""
    return types.Diagnostic(
        range=places.range(finding),
        message=finding.message,
        severity=KNOWN if finding.baseline is State.UNCHANGED else LEVELS[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(page_of(finding.rule, finding.kind)),
        source=SOURCE,
        data={"fingerprint": finding.fingerprint},
    )


def actions(seen: Seen, asked: types.CodeActionParams) -> list[types.CodeAction]:
    """The repairs of the diagnostics asked about, and all safe repairs of the text as one action."""
    only = asked.context.only
    made: list[types.CodeAction] = []
    if wants(only, types.CodeActionKind.QuickFix):
        marks = {mark for one in asked.context.diagnostics if (mark := mark_of(one))}
        made += [
            quick_fix(seen, finding) for finding in seen.findings if finding.fingerprint in marks and fixable(finding)
        ]
    safe = [finding for finding in seen.findings if fixable(finding) and Wanted().takes(finding)]
    if safe and wants(only, types.CodeActionKind.SourceFixAll):
        title = say("lsp.fix.all", count=f"{len(safe):,}")
        made.append(types.CodeAction(title, kind=FIX_ALL, edit=edit(seen, choose_edits(safe))))
    return made


def wants(only: Sequence[str] | None, kind: types.CodeActionKind) -> bool:
    """Whether actions of a kind, or of one that it holds, are asked for."""
    return not only or any(
        f"{kind.value}.".startswith(f"{one}.") or f"{one}.".startswith(f"{kind.value}.") for one in only
    )


def mark_of(one: types.Diagnostic) -> str | None:
    """The fingerprint of the finding behind a diagnostic of ours."""
    if one.source != SOURCE:
        return None
    found = one.data.get("fingerprint") if isinstance(one.data, dict) else getattr(one.data, "fingerprint", None)
    return found if isinstance(found, str) else None


def fixable(finding: Finding) -> bool:
    """Whether there is a repair that can be put into the text."""
    return finding.suggestion is not None and finding.location is None


def quick_fix(seen: Seen, finding: Finding) -> types.CodeAction:
    """The repair of one finding; a safe one is preferred."""
    repair = flat(printable(finding.suggestion or ""), SHOWN)
    damage = flat(finding.excerpt, SHOWN)
    key = "lsp.replace" if repair else "lsp.delete"
    return types.CodeAction(
        say(key, damage=damage, repair=repair),
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(finding, seen.places)],
        is_preferred=finding.safety is Safety.SAFE,
        edit=edit(seen, [finding]),
    )


def edit(seen: Seen, findings: Iterable[Finding]) -> types.WorkspaceEdit:
    """Repairs as an edit of the version that was audited: an editor refuses it for any other."""
    edits: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = [
        types.TextEdit(seen.places.range(finding), finding.suggestion or "") for finding in findings
    ]
    target = types.OptionalVersionedTextDocumentIdentifier(uri=seen.uri, version=seen.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(target, edits)])
