"""The records of the machine formats: header, finding, summary; schema version 1 (`audit/schema.json`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from audit.address import printable
from audit.gate.values import Against
from audit.gate.verdict import reasons
from audit.grade import Graded
from audit.model import Finding, Grade, Severity
from audit.report.outline import promise_of
from audit.run import Audit, Audited

SCHEMA_VERSION = 1


def header(audit: Audit) -> dict[str, Any]:
    """The first record: what ran."""
    from audit import __version__  # noqa: PLC0415 - the package imports this module's users

    return {
        "record": "header",
        "tool": "jiaokan",
        "version": __version__,
        "schema_version": SCHEMA_VERSION,
        "min_confidence": audit.config.min_confidence,
        "min_severity": audit.config.min_severity,
        "rules": [rule.code for rule in audit.rules],
        "failures": [
            {"rule": one.rule, "path": printable(one.path), "reason": f"{one.reason}"} for one in audit.failures
        ],
    }


def finding(found: Finding) -> dict[str, Any]:
    """One finding; in a record its offsets are those of the record's text, and `location` has the format's coordinates."""
    place = found.location
    return {
        "record": "finding",
        "rule": found.rule,
        "name": found.name,
        "kind": found.kind,
        "severity": found.severity.label,
        "confidence": found.confidence,
        "path": printable(found.path),
        "entry": found.entry,
        "entry_title": found.entry_title,
        "line": found.line,
        "column": found.column,
        "end_line": found.end_line,
        "end_column": found.end_column,
        "start": found.start if place is None else place["start"],
        "end": found.end if place is None else place["end"],
        "byte_start": found.byte_start,
        "byte_end": found.byte_end,
        "excerpt": found.excerpt,
        "message": found.message,
        "suggestion": found.suggestion,
        "safety": found.safety.value if found.safety else None,
        "evidence": found.evidence,
        "fingerprint": found.fingerprint,
        "gates": found.gates,
        "baseline_state": found.baseline.value if found.baseline else None,
        "suppression": None if found.suppression is None else asdict(found.suppression),
        **({} if place is None else {"location": place}),
    }


def grade(graded: Graded) -> dict[str, Any]:
    """Grades, action and costs of a stretch of text."""

    def one(value: Grade) -> dict[str, Any]:
        return {"score": value.score, "grade": value.letter, "effort": dict(value.costs)}

    return {
        "as_it_stands": one(graded.now),
        "after_safe_repairs": one(graded.after),
        "action": graded.action.value,
        "characters": graded.size,
        "findings": graded.counts,
    }


def document(audited: Audited) -> dict[str, Any]:
    """The grades of a document and its entries."""
    promise = promise_of(audited)
    return {
        "path": printable(audited.document.path),
        **grade(audited.graded),
        "promised": promise.promised,
        "found": promise.found,
        "folded": audited.folded,
        "entries": [
            {
                "entry": one.number,
                "heading_number": one.entry.number,
                "title": printable(one.entry.caption or one.entry.title_text),
                **grade(one.graded),
            }
            for one in audited.entries
        ],
    }


def summary(audit: Audit) -> dict[str, Any]:
    """The last record: grades, counts, what was skipped."""
    by_severity = dict.fromkeys((severity.label for severity in Severity), 0)
    for audited in audit.documents:
        for batch in audited.batches:
            for severity in Severity:
                by_severity[severity.label] += int((batch.severities == severity).sum())
    return {
        "record": "summary",
        "complete": audit.complete,
        **grade(audit.graded),
        "severities": by_severity,
        "documents": [document(audited) for audited in audit.documents],
        "passed_over": audit.passed_over,
        "skipped": [{"path": printable(one.path), "reason": f"{one.reason}"} for one in audit.skipped],
        "failures": [
            {"rule": one.rule, "path": printable(one.path), "reason": f"{one.reason}"} for one in audit.failures
        ],
        "gate": gate(audit),
        "suppressed": sum(len(batch) for audited in audit.documents for batch in audited.suppressed),
        "baseline": None if audit.baseline is None else beside(audit.baseline),
        "remarks": [
            {"path": printable(one.path), "line": one.line, "message": f"{one.words}"} for one in audit.remarks
        ],
    }


def gate(audit: Audit) -> dict[str, Any]:
    """Whether the gate is open, and what closed it."""
    closed = reasons(audit)
    return {
        "passed": not closed,
        "reasons": [
            {"kind": one.kind, "path": printable(one.path) or None, "count": one.count, "message": f"{one.words}"}
            for one in closed
        ],
    }


def beside(against: Against) -> dict[str, Any]:
    """What the comparison with a baseline came to."""
    gone = [
        {"path": printable(one.path), "line": one.line, "rule": one.mark.rule, "excerpt": one.excerpt}
        for one in against.absent
    ]
    return {"file": against.name, "new": against.new, "unchanged": against.unchanged, "absent": gone}


def records(audit: Audit) -> Iterator[dict[str, Any]]:
    """All records in order; findings are made as they are asked for."""
    yield header(audit)
    for audited in audit.documents:
        yield from map(finding, audited.stream(accepted=True))
    yield summary(audit)
