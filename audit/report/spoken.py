"""What the formats for pipelines share: a finding's sentence and place, its path as a URI, what the audit lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from audit.model import Finding, Severity
from audit.printing import spelled
from audit.report.passage import mended
from audit.run import Audit
from audit.words import say

HOME = "https://github.com/jiaokan/jiaokan"
SUGGESTED = 60  # code points of a repair in a sentence
LEVELS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.INFO: "note",
}


def version() -> str:
    """The version of the tool."""
    from audit import __version__  # noqa: PLC0415 - the package imports this module's users

    return __version__


def page_of(rule: str, kind: str) -> str:
    """Where a rule's page stands in the manual."""
    return f"{HOME}/blob/main/docs/rules/en/{kind}.md#{rule.lower()}"


def uri(path: str) -> str:
    """A path as a URI reference, relative where the path is.

    >>> uri("稿/a b.txt"), uri("/a.txt")
    ('%E7%A8%BF/a%20b.txt', 'file:///a.txt')
    """
    root = "file://" if path.startswith("/") else ""
    return root + quote(path.replace("\\", "/").encode("utf-8", "surrogateescape"), safe="/:@!$&'()*+,;=~-._")


def sentence(finding: Finding) -> str:
    """The message, with the repair where there is one."""
    if finding.suggestion is None:
        return finding.message
    return f"{finding.message} → {mended(finding.suggestion, SUGGESTED)}"


def place(finding: Finding) -> str:
    """Path, line and column."""
    return f"{spelled(finding.path)}:{finding.line}:{finding.column}"


def lacking(audit: Audit) -> Iterator[tuple[str, str]]:
    """What keeps the audit from being complete: a path or "", and a sentence."""
    for one in audit.skipped:
        yield spelled(one.path), say("skipped", path=spelled(one.path), reason=one.reason)
    for failure in audit.failures:
        path = spelled(failure.path)
        yield path, say("failed", rule=failure.rule, path=path or "*", reason=f"{failure.reason}")
