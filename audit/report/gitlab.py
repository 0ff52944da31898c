"""GitLab's code quality report: one JSON list of issues. Source: GitLab's subset of the Code Climate format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from audit.address import printable
from audit.model import Finding
from audit.report.json_document import listed
from audit.report.spoken import lacking, sentence
from audit.run import Audit


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same issue by issue."""
    yield from listed(issues(audit), 1)
    yield b"\n"


def issues(audit: Audit) -> Iterator[dict[str, Any]]:
    """The issues of the list."""
    for audited in audit.documents:
        yield from map(issue, audited.stream())
    for path, words in lacking(audit):
        yield unread(path, words)


def issue(finding: Finding) -> dict[str, Any]:
    """One finding; severities have the same names there."""
    path = printable(finding.path)
    return {
        "type": "issue",
        "check_name": finding.rule,
        "description": f"{finding.rule} {sentence(finding)}",
        "categories": ["Style" if finding.severity == 0 else "Bug Risk"],
        "fingerprint": mark(path, finding.fingerprint, str(finding.location and finding.location.get("id"))),
        "severity": finding.severity.label,
        "location": {"path": path, "lines": {"begin": finding.line, "end": finding.end_line}},
    }


def unread(path: str, words: str) -> dict[str, Any]:
    """What could not be read or run."""
    return {
        "type": "issue",
        "check_name": "incomplete",
        "description": words,
        "categories": ["Bug Risk"],
        "fingerprint": mark(path, words),
        "severity": "blocker",
        "location": {"path": path or ".", "lines": {"begin": 1}},
    }


def mark(*words: str) -> str:
    """A fingerprint that no other issue of the report has: GitLab tells issues of all files apart by it alone."""
    return hashlib.blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
