"""The tables that a scan writes, and the columns that it keeps between map and reduce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from audit.model import Finding

NUMBER = pa.int64()  # (file << 40) + (block << 20) + row: ascends with path and place, whoever wrote the row
FILE_SHIFT, BLOCK_SHIFT = 40, 20
COUNTS = pa.map_(pa.string(), pa.int32())
FIGURES = pa.map_(pa.string(), pa.float32())

FINDINGS = pa.schema(
    {
        "n": NUMBER,
        "path": pa.string(),
        "entry": pa.int32(),
        "id": pa.string(),
        "line": pa.int32(),
        "column": pa.int32(),
        "end_line": pa.int32(),
        "end_column": pa.int32(),
        "start": pa.int64(),
        "end": pa.int64(),
        "rule": pa.string(),
        "name": pa.string(),
        "kind": pa.string(),
        "severity": pa.string(),
        "confidence": pa.float32(),
        "excerpt": pa.string(),
        "message": pa.string(),
        "suggestion": pa.string(),
        "safety": pa.string(),
        "evidence": pa.string(),  # JSON
        "location": pa.string(),  # JSON
        "fingerprint": pa.string(),
    }
)
ENTRIES = pa.schema(
    {
        "n": NUMBER,
        "path": pa.string(),
        "entry": pa.int32(),
        "id": pa.string(),
        "title": pa.string(),
        "line": pa.int32(),
        "location": pa.string(),  # JSON, of records
        "characters": pa.int32(),
        "score": pa.float32(),
        "grade": pa.string(),
        "score_after": pa.float32(),
        "grade_after": pa.string(),
        "action": pa.string(),
        "findings": COUNTS,
        "effort": FIGURES,
        "effort_after": pa.float32(),
        "critical": pa.int32(),
        "signals": FIGURES,
    }
)
VERDICT = pa.schema(
    {
        "cluster": pa.string(),
        "cluster_size": pa.int32(),
        "kept": pa.bool_(),
        "subject": pa.int32(),
        "belonging": pa.float32(),
    }
)
SKETCHES = pa.schema(
    {
        "n": NUMBER,
        "document": NUMBER,  # of its first entry; entries of one document were compared where it was read
        "alone": pa.bool_(),  # the only entry of its document: the whole input is its collection
        "digest": pa.uint64(),
        "size": pa.int32(),
        "bands": pa.list_(pa.uint64()),
        "prints": pa.list_(pa.uint32()),
        "paragraphs": pa.list_(pa.uint64()),
        "paragraph_starts": pa.list_(pa.int32()),
        "paragraph_ends": pa.list_(pa.int32()),
        "buckets": pa.list_(pa.uint16()),
        "counts": pa.list_(pa.uint8()),
        "title_buckets": pa.list_(pa.uint16()),
        "han": pa.bool_(),
    }
)
TEXTS = pa.schema(
    {
        "n": NUMBER,
        "start": pa.int64(),
        "heading": pa.int32(),
        "text": pa.string(),
        "marks": pa.string(),  # JSON; see `audit.scale.spots`
    }
)
PROBLEMS = pa.schema(
    {
        "n": NUMBER,
        "path": pa.string(),
        "entry": pa.int32(),
        "line": pa.int32(),
        "kind": pa.string(),
        "reason": pa.string(),
    }
)


def finding_row(found: Finding, n: int) -> dict[str, Any]:
    """One finding; `start` and `end` are of the record's text where there are records, else of the file's."""
    place = found.location
    return {
        "n": n,
        "path": found.path,
        "entry": found.entry,
        "id": place["id"] if place else None,
        "line": found.line,
        "column": found.column,
        "end_line": found.end_line,
        "end_column": found.end_column,
        "start": place["start"] if place else found.start,
        "end": place["end"] if place else found.end,
        "rule": found.rule,
        "name": found.name,
        "kind": found.kind,
        "severity": found.severity.label,
        "confidence": found.confidence,
        "excerpt": found.excerpt,
        "message": found.message,
        "suggestion": None if found.suggestion is None else clean(found.suggestion),
        "safety": found.safety.value if found.safety else None,
        "evidence": packed(found.evidence),
        "location": packed(place) if place else None,
        "fingerprint": found.fingerprint,
    }


def packed(value: Mapping[str, Any] | None) -> str | None:
    """A mapping as JSON, keys sorted; None for an empty one."""
    return msgspec.json.encode(value, order="sorted").decode("utf-8") if value else None


def clean(text: str) -> str:
    """The text as UTF-8 can hold it: what is half a surrogate pair or an undecodable byte becomes U+FFFD."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table."""
    return pa.Table.from_pydict({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
