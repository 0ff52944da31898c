"""TAP 14, the test anything protocol: a point for each finding, not ok where it closes the gate, and one for each file without any."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from audit.model import Finding
from audit.printing import spelled
from audit.report.passage import flat
from audit.report.spoken import lacking, place, sentence
from audit.run import Audit
from audit.words import say


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same point by point."""
    said = sum(sum(map(len, one.batches)) or 1 for one in audit.documents) + len([*lacking(audit)])
    yield f"TAP version 14\n1..{said}\n".encode()
    for number, (good, words, more) in enumerate(points(audit), 1):
        lines = [f"{'ok' if good else 'not ok'} {number} - {escaped(words)}", *more]
        yield "".join(f"{line}\n" for line in lines).encode("utf-8")


def points(audit: Audit) -> Iterator[tuple[bool, str, list[str]]]:
    """Whether a point is good, what it says, and its diagnostics."""
    for audited in audit.documents:
        for finding in audited.stream():
            words = f"{place(finding)} {finding.rule} {finding.name}: {sentence(finding)}"
            yield not finding.gates, words, diagnostics(finding)
        if not audited.batches:
            yield True, f"{spelled(audited.document.path)}: {say('html.nothing')}", []
    for _, words in lacking(audit):
        yield False, words, []


def diagnostics(finding: Finding) -> list[str]:
    """Severity, confidence and text as a YAML block; JSON strings are YAML strings."""
    values = {"severity": finding.severity.label, "confidence": finding.confidence, "excerpt": finding.excerpt}
    return ["  ---", *(f"  {name}: {msgspec.json.encode(value).decode()}" for name, value in values.items()), "  ..."]


def escaped(words: str) -> str:
    """Words on one line that no directive starts in."""
    return flat(words, len(words)).replace("\\", "\\\\").replace("#", "\\#")
