"""CSV: a row for each finding, with the fields of the JSON Lines finding; what is no text or number is JSON. Source: RFC 4180.

What could not be read or run has a row without a rule.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from audit.report.records import finding
from audit.report.spoken import lacking
from audit.run import Audit

PIECE = 1 << 16  # characters
COLUMNS = (
    "path",
    "entry",
    "entry_title",
    "line",
    "column",
    "end_line",
    "end_column",
    "start",
    "end",
    "byte_start",
    "byte_end",
    "rule",
    "name",
    "kind",
    "severity",
    "confidence",
    "message",
    "excerpt",
    "suggestion",
    "safety",
    "fingerprint",
    "gates",
    "baseline_state",
    "suppression",
    "location",
    "evidence",
)


def render(audit: Audit) -> bytes:
    """The table as UTF-8 with its head; an empty cell is no value, or, where `safety` has one, a repair that deletes."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same, some rows at a time."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    for row in rows(audit):
        writer.writerow(row)
        if page.tell() > PIECE:
            yield page.getvalue().encode("utf-8", "backslashreplace")
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode("utf-8", "backslashreplace")


def rows(audit: Audit) -> Iterator[Sequence[Any]]:
    """The head, the findings, and what could not be read or run."""
    yield COLUMNS
    for audited in audit.documents:
        for found in audited.stream(accepted=True):
            record = finding(found)
            yield [cell(record.get(name)) for name in COLUMNS]
    for path, words in lacking(audit):
        row = {"path": path, "name": "incomplete", "message": words}
        yield [row.get(name) for name in COLUMNS]


def cell(value: Any) -> Any:
    """A value as a cell holds it."""
    return msgspec.json.encode(value).decode("utf-8") if isinstance(value, dict | bool) else value
