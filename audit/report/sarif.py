"""SARIF 2.1.0: what code hosts and editors read.

Columns count code points. Of more than LIMIT results, which is what code hosts take, the gravest are kept; the rest is
counted by severity in a notification and in the run's properties. Source: the OASIS standard, errata 01.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import numpy as np

from audit.address import printable
from audit.engine import Batch
from audit.model import Document, Finding, Severity
from audit.pages import page, title
from audit.report.spoken import HOME, LEVELS, lacking, page_of, sentence, uri, version
from audit.rule import Rule
from audit.run import Audit
from audit.words import label, listing, say

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LIMIT = 25_000  # results of a run
FINGERPRINT = "jiaokan/v1"


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run(audit)]}
    return msgspec.json.format(msgspec.json.encode(log), indent=1) + b"\n"


def run(audit: Audit) -> dict[str, Any]:
    """The one run of a log."""
    documents = [audited.document for audited in audit.documents]
    kept = gravest(
        (number, finding) for number, audited in enumerate(audit.documents) for finding in audited.stream(accepted=True)
    )
    batches = [batch for audited in audit.documents for batch in (*audited.batches, *audited.suppressed)]
    spoken = {batch.rule.code for batch in batches}
    rules = [rule for rule in audit.rules if rule.code in spoken]
    index = {rule.code: number for number, rule in enumerate(rules)}
    left_out = remainder(batches, kept)
    made: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "jiaokan",
                "version": version(),
                "informationUri": HOME,
                "rules": [descriptor(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "artifacts": [{"location": {"uri": uri(one.path)}} for one in documents],
        "invocations": [{"executionSuccessful": audit.complete, "toolExecutionNotifications": notes(audit, left_out)}],
        "results": [result(finding, number, documents[number], index) for number, finding in kept],
        "properties": {"grade": audit.graded.now.letter, "score": audit.graded.now.score},
    }
    if left_out:
        made["properties"]["leftOut"] = left_out
    return made


def gravest(found: Iterable[tuple[int, Finding]]) -> list[tuple[int, Finding]]:
    """As many results as a log may hold, the gravest and surest, in their order."""
    ranked = ((-pair[1].severity, -pair[1].confidence, at, pair) for at, pair in enumerate(found))
    kept = heapq.nsmallest(LIMIT, ranked)
    return [pair for _, _, _, pair in sorted(kept, key=lambda row: row[2])]


def remainder(batches: Iterable[Batch], kept: Iterable[tuple[int, Finding]]) -> dict[str, int]:
    """How many results of each severity were left out."""
    left = np.zeros(len(Severity), dtype=np.int64)
    for batch in batches:
        left += np.bincount(batch.severities, minlength=len(Severity))
    for _, finding in kept:
        left[finding.severity] -= 1
    return {severity.label: count for severity in reversed(Severity) if (count := left.item(severity))}


def notes(audit: Audit, left_out: Mapping[str, int]) -> list[dict[str, Any]]:
    """What was not read or run, and what was left out."""
    made: list[dict[str, Any]] = []
    for path, words in lacking(audit):
        note: dict[str, Any] = {"level": "error", "message": {"text": words}}
        if path:
            note["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}]
        made.append(note)
    if left_out:
        counts = listing(f"{label('severity', name)} {count:,}" for name, count in left_out.items())
        made.append({"level": "warning", "message": {"text": say("sarif.left.out", limit=f"{LIMIT:,}", counts=counts)}})
    return made


def descriptor(rule: Rule) -> dict[str, Any]:
    """A rule with its page."""
    told = page(rule)
    sections = [say(f"page.{name}", words=words) for name, words in told.sections.items()]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": title(rule)},
        "fullDescription": {"text": told.what},
        "help": {
            "text": "\n".join([told.what, *sections]),
            "markdown": "\n".join([told.what, "", *(f"- {words}" for words in sections)]),
        },
        "helpUri": page_of(rule.code, rule.kind),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.kind], "severity": rule.severity.label},
    }


def result(finding: Finding, number: int, document: Document, index: Mapping[str, int]) -> dict[str, Any]:
    """One finding of the document with this number."""
    artifact = {"uri": uri(document.path), "index": number}
    spot = region(finding)
    made: dict[str, Any] = {
        "ruleId": finding.rule,
        **({"ruleIndex": index[finding.rule]} if finding.rule in index else {}),
        "level": LEVELS[finding.severity],
        "message": {"text": sentence(finding)},
        "rank": round(finding.confidence * 100, 1),
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": spot}, **logical(finding)}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": properties(finding),
        **known(finding),
    }
    if finding.suggestion is not None and finding.location is None:
        replacement = {"deletedRegion": place(finding), "insertedContent": {"text": finding.suggestion}}
        made["fixes"] = [
            {
                "description": {"text": say(f"repair.{finding.safety.value}") if finding.safety else ""},
                "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
            }
        ]
    return made


def known(finding: Finding) -> dict[str, Any]:
    """What was decided before: the state beside the baseline, and who accepted the finding."""
    made: dict[str, Any] = {} if finding.baseline is None else {"baselineState": finding.baseline.value}
    if finding.suppression is not None:
        reason = finding.suppression.reason or finding.suppression.place
        made["suppressions"] = [{"kind": finding.suppression.kind, "justification": reason}]
    return made


def place(finding: Finding) -> dict[str, int]:
    """A region in lines and columns, in code points of the text, and in bytes of the file; records have lines only."""
    if finding.location is not None:
        return {"startLine": max(finding.line, 1)}
    lines = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": max(finding.end_column, 1),
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
    }
    if finding.byte_start is None or finding.byte_end is None:
        return lines
    return lines | {"byteOffset": finding.byte_start, "byteLength": finding.byte_end - finding.byte_start}


def region(finding: Finding) -> dict[str, Any]:
    """The region with the damaged text."""
    return {**place(finding), "snippet": {"text": finding.excerpt}}


def logical(finding: Finding) -> dict[str, Any]:
    """The entry and the format's own coordinates."""
    names = (
        [] if finding.entry is None else [f"{finding.entry}", *([finding.entry_title] if finding.entry_title else [])]
    )
    if not names:
        return {}
    return {"logicalLocations": [{"name": names[-1], "fullyQualifiedName": "/".join(names), "kind": "entry"}]}


def properties(finding: Finding) -> dict[str, Any]:
    """What SARIF has no word for."""
    return {
        "kind": finding.kind,
        "severity": finding.severity.label,
        "gates": finding.gates,
        "confidence": finding.confidence,
        "safety": finding.safety.value if finding.safety else None,
        **({} if finding.location is None else {"location": {k: printed(v) for k, v in finding.location.items()}}),
    }


def printed(value: Any) -> Any:
    """A coordinate as JSON can hold it."""
    return printable(value) if isinstance(value, str) else value
