"""CSV: a row for each finding, with the fields of the JSON Lines finding; what is no text or number is JSON. Source: RFC 4180.

What could not be read or run has a row without a rule.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from audit.report.records import finding
from audit.report.spoken import lacking
from audit.run import Audit

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
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    writer.writerow(COLUMNS)
    for audited in audit.documents:
        for found in audited.all_findings:
            record = finding(found)
            writer.writerow([cell(record.get(name)) for name in COLUMNS])
    for path, words in lacking(audit):
        row = {"path": path, "name": "incomplete", "message": words}
        writer.writerow([row.get(name) for name in COLUMNS])
    return page.getvalue().encode("utf-8", "backslashreplace")


def cell(value: Any) -> Any:
    """A value as a cell holds it."""
    return msgspec.json.encode(value).decode("utf-8") if isinstance(value, dict | bool) else value
