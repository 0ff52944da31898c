"""The record of what `apply` changed, a row a repair, so that it can be read and taken back."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from audit.address import printable
from audit.fix import Change
from audit.model import Document, Finding
from audit.reading.records import Record
from audit.scale.rows import clean

CHANGES = pa.schema(
    {
        "path": pa.string(),
        "entry": pa.int32(),
        "id": pa.string(),
        "round": pa.int32(),
        "rule": pa.string(),
        "line": pa.int32(),
        "start": pa.int64(),
        "before": pa.string(),
        "after": pa.string(),
        "safety": pa.string(),
        "confidence": pa.float32(),
    }
)
Row = dict[str, Any]


def change_row(path: str, record: Record, document: Document, one: Finding, number: int) -> Row:
    """A change, so that it can be read and taken back."""
    return {
        "path": printable(path),
        "entry": record.number,
        "id": record.id and printable(record.id),
        "round": number,
        "rule": one.rule,
        "line": record.line,
        "start": one.start,
        "before": clean(document.body[one.start : one.end]),
        "after": clean(one.suggestion or ""),
        "safety": one.safety.value if one.safety else None,
        "confidence": one.confidence,
    }


def file_change(name: str, change: Change) -> Row:
    """A change of a text file; `start` counts bytes of its round there."""
    return {
        "path": printable(name),
        "entry": None,
        "id": None,
        "round": change.round,
        "rule": change.rule,
        "line": change.line,
        "start": change.byte_start,
        "before": clean(change.text_before),
        "after": clean(change.text_after),
        "safety": change.safety.value,
        "confidence": change.confidence,
    }
