"""The tables that a scan writes, and the columns that it keeps between map and reduce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from audit.address import printable
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
        "document": NUMBER,  # of its first entry
        "collection": NUMBER,  # what it is judged with; see `audit.scale.collections`
        "argument": NUMBER,  # the same, should it be the only entry of its book
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
        "drawn": pa.uint64(),  # the digest by which an entry comes into the sample of its collection
    }
)
TEXTS = pa.schema(
    {
        "n": NUMBER,
        "start": pa.int64(),
        "title": pa.int32(),  # where it begins and ends, in the text
        "heading": pa.int32(),
        "text": pa.binary(),  # UTF-8, and halves of surrogate pairs: what cannot be decoded is kept
        "glosses": pa.list_(pa.int32()),  # starts and ends in turn
        "number": pa.int32(),  # that its heading bears
        "record": pa.bool_(),
        "caption": pa.string(),  # a title in a field of its own
        "part": pa.bool_(),  # of a document that holds more
        "before": pa.binary(),  # what stands beside it in its document, as far as a fingerprint looks
        "after": pa.binary(),
        "marks": pa.string(),  # JSON; see `audit.scale.spots`
        "accepted": pa.string(),  # JSON; see `audit.scale.suppressed`
    }
)
JUDGED = pa.schema(
    {"n": NUMBER, "rule": pa.string(), "sketch": pa.binary()}
)  # sketches that only their judges can read, pickled
SAID = pa.schema([*FINDINGS, pa.field("drop", pa.bool_())])  # of the reduce; `drop`: it says that its entry goes
MEASURED = pa.schema({"n": NUMBER, "subject": pa.int32(), "bits": pa.float64(), "far": pa.float64()})
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
KEPT_PROBLEMS = pa.schema([*PROBLEMS, pa.field("words", pa.string())])  # JSON of the reason; see `audit.scale.phrases`


def part_name(file: int, block: int) -> str:
    """The name of the part of a block."""
    return f"{file:08d}-{block:06d}"


def part_of(n: int) -> str:
    """The name of the part that a row stands in."""
    return part_name(n >> FILE_SHIFT, (n >> BLOCK_SHIFT) & ((1 << FILE_SHIFT - BLOCK_SHIFT) - 1))


def finding_row(found: Finding, n: int) -> dict[str, Any]:
    """One finding; `start` and `end` are of the record's text where there are records, else of the file's."""
    place = found.location
    return {
        "n": n,
        "path": printable(found.path),
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


def utf8(text: str) -> bytes:
    """A text as bytes, halves of surrogate pairs too."""
    return text.encode("utf-8", "surrogatepass")


def string(raw: bytes) -> str:
    """The text again."""
    return raw.decode("utf-8", "surrogatepass")


def clean(text: str) -> str:
    """The text as UTF-8 can hold it: what is half a surrogate pair or an undecodable byte becomes U+FFFD."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table."""
    return pa.Table.from_pydict({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
