"""Texts of entries as they are kept between map and reduce, and the entries that they give back: what a judge sees is what it sees in `check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from audit.fingerprints import REACH
from audit.language.glosses import strip
from audit.model import Decoded, Document, Entry, Glosses, Origin, Role, Run, Span, Text
from audit.reading.document import NO_GLOSSES, seen_at
from audit.records import joined
from audit.scale.rows import clean, string, utf8
from audit.scale.spots import marks_of
from audit.scale.suppressed import Areas, areas_in

Row = Mapping[str, Any]


def text_row(document: Document, entry: Entry, n: int, areas: Areas = (), *, piece: bool) -> dict[str, Any]:
    """The text of an entry as a row of the table of texts; `piece`: it is a record or a chapter, whatever stands beside it."""
    to_origin, body = document.text.to_origin, document.body
    span = to_origin(entry.start, entry.end)
    titled = entry.title.end > entry.title.start
    title = to_origin(*entry.title) if titled else Span(span.start, span.start)
    low, high = 0, len(body)
    if document.origins:
        low, high = document.origins[entry.index].start, document.origins[entry.index].end
    return {
        "n": n,
        "start": span.start - low,
        "title": title.start - span.start,
        "heading": title.end - span.start,
        "text": utf8(body[span.start : span.end]),
        "glosses": glosses_in(document, span),
        "number": entry.number,
        "record": entry.record,
        "caption": clean(entry.caption) or None,
        "part": piece or entry.start > 0 or entry.end < len(entry.text.body),
        "before": utf8(body[max(span.start - REACH, low) : span.start]),
        "after": utf8(body[span.end : min(span.end + REACH, high)]),
        "marks": marks_of(document, entry.index, span),
        "accepted": areas_in(areas, span),
    }


def glosses_in(document: Document, span: Span) -> list[int] | None:
    """Starts and ends in turn of what a reader does not see of a span; None for nothing."""
    if document.text.origin is None:
        return None
    seen = document.text.origin
    low, high = np.searchsorted(seen[:-1], [span.start, span.end])
    kept = seen[low:high] - span.start
    bounds = np.concatenate([[-1], kept, [span.end - span.start]])
    gaps = np.flatnonzero(np.diff(bounds) > 1)
    found = np.stack([bounds[gaps] + 1, bounds[gaps + 1]], axis=1).ravel().tolist()
    return found or None


def document_of(row: Row) -> Document:
    """An entry as a document of its own; `row` as `text_row` made it."""
    body = string(row["text"])
    source = Text(body)
    bounds = row["glosses"] or ()
    starts, ends = (np.array(bounds[side::2], dtype=np.int64) for side in (0, 1))
    glosses = Glosses(starts, ends) if bounds else NO_GLOSSES
    text = strip(source, glosses) if bounds else source
    title = Span(seen_at(text, row["title"]), seen_at(text, row["heading"]))
    entry = Entry(text, 0, Role.ENTRY, 0, len(text.body), title, row["number"], row["record"], row["caption"] or "")
    decoded = Decoded(body, (Run(0, len(body), 0, len(row["text"]), "utf-8", 1.0),))
    return Document("", row["text"], decoded, source, glosses, text, (entry,), (Origin(0, len(body), 1, 0, {}),))


def entry_of(row: Row) -> Entry:
    """An entry by itself; of a document that held more, a line break stands behind it."""
    document = document_of(row)
    return joined("", [document]).entries[0] if row["part"] else document.entries[0]


def entries_of(rows: Sequence[Row]) -> tuple[list[Entry], list[int]]:
    """Entries in one text, so that what is computed of all is computed once; and where the source of each begins in that text's source."""
    whole = joined("", [document_of(row) for row in rows])
    return list(whole.entries), [origin.start for origin in whole.origins]


def span_in(row: Row, start: int, end: int) -> Span:
    """Where a stretch of an entry as a reader sees it stands in the entry's text."""
    return document_of(row).text.to_origin(start, end) if row["glosses"] else Span(start, end)


def whole(row: Row) -> Span:
    """An entry from its heading to its last word."""
    if not row["glosses"]:
        return Span(0, len(string(row["text"]).rstrip()))
    text = document_of(row).text
    return text.to_origin(0, len(text.body.rstrip()))
