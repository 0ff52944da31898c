"""Reviewdog's diagnostic format: one JSON document. Lines count from 1, columns bytes of UTF-8 from 1. Source: reviewdog's rdf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from audit.address import printable
from audit.model import Document, Finding
from audit.report.json_document import indented, listed
from audit.report.spoken import HOME, LEVELS, lacking, page_of, sentence
from audit.run import Audit

SEVERITIES = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}
SOURCE = {"name": "jiaokan", "url": HOME}


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same diagnostic by diagnostic."""
    yield b'{\n "source": ' + indented(SOURCE, 1) + b',\n "severity": "WARNING",\n "diagnostics": '
    yield from listed(diagnostics(audit), 2)
    yield b"\n}\n"


def diagnostics(audit: Audit) -> Iterator[dict[str, Any]]:
    """The diagnostics of the document."""
    for audited in audit.documents:
        yield from (diagnostic(one, audited.document) for one in audited.stream())
    for path, words in lacking(audit):
        yield {"message": words, "location": {"path": path or "."}, "severity": "ERROR"}


def diagnostic(finding: Finding, document: Document) -> dict[str, Any]:
    """One finding with its repair."""
    spot = spot_of(finding, document)
    made: dict[str, Any] = {
        "message": sentence(finding),
        "location": {"path": printable(finding.path), "range": spot},
        "severity": SEVERITIES[LEVELS[finding.severity]],
        "code": {"value": finding.rule, "url": page_of(finding.rule, finding.kind)},
    }
    if finding.suggestion is not None and finding.location is None:
        made["suggestions"] = [{"range": spot, "text": finding.suggestion}]
    return made


def spot_of(finding: Finding, document: Document) -> dict[str, dict[str, int]]:
    """Start and end; a record has its line only."""
    if finding.location is not None:
        return {"start": {"line": finding.line}}
    source = document.source
    ends = ((finding.line, finding.start), (finding.end_line, finding.end))
    places = []
    for line, offset in ends:
        before = source.body[source.line_starts.item(line - 1) : offset]
        places.append({"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1})
    return {"start": places[0], "end": places[1]}
