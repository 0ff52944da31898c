"""From bytes to a document: decode, find glosses, take them out, split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audit.joined import join
from audit.language.glosses import brackets, find, strip
from audit.model import Decoded, Document, Entry, Glosses, Origin, Role, Run, Span, Text
from audit.reading.decode import decode
from audit.reading.extract import Extract, Titled
from audit.reading.records import Record
from audit.reading.split import split

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
OTHER = (".rst", ".tex", ".adoc", ".org")  # markup in which a line that begins with # is no heading

NO_GLOSSES = Glosses(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def read(path: str, raw: bytes) -> Document:
    """The document that these bytes are; `path` is only a name, nothing is opened."""
    decoded = decode(raw)
    source = Text(decoded.body)
    found = find(source)
    text = strip(source, found) if len(found.starts) else source
    name = path.lower()
    entries = split(text, markdown=name.endswith(MARKDOWN) or (False if name.endswith(OTHER) else None))
    return Document(path, raw, decoded, source, found, text, entries)


def read_records(path: str, records: Sequence[Record]) -> list[Document]:
    """The same documents as `read_record` makes one by one; brackets are sought in all at once."""
    joined = join([record.text for record in records], [False] * len(records))
    bracketed = joined.holding(brackets(joined.text).starts).tolist()
    return [read_record(path, record, bracketed=among) for record, among in zip(records, bracketed, strict=True)]


def read_record(path: str, record: Record, *, bracketed: bool = True) -> Document:
    """A record as a document of one entry: it is judged by itself, whatever stands beside it.

    `bracketed`: there may be a bracket with a reading in it.
    """
    raw = record.text.encode("utf-8", "surrogatepass")
    source = Text(record.text)
    found = find(source) if bracketed else NO_GLOSSES
    text = strip(source, found) if len(found.starts) else source
    decoded = Decoded(record.text, (Run(0, len(record.text), 0, len(raw), "utf-8", 1.0),))
    title = Span(0, seen_at(text, record.title))
    entry = Entry(text, 0, Role.ENTRY, 0, len(text.body), title, record=record.line > 0, caption=record.caption)
    origin = Origin(0, len(record.text), record.number, record.line, record.place, record.id, record.marks)
    return Document(path, raw, decoded, source, found, text, (entry,), (origin,))


def read_extract(path: str, got: Extract) -> Document:
    """A file of pages as a document: its own headings divide it where it has them, else what divides a plain text."""
    raw = got.text.encode("utf-8", "surrogatepass") if got.raw is None else got.raw
    source = Text(got.text)
    found = find(source)
    text = strip(source, found) if len(found.starts) else source
    decoded = got.decoded or Decoded(got.text, (Run(0, len(got.text), 0, len(raw), "utf-8", 1.0),))
    lines = [text.line_at(seen_at(text, heading.start)) for heading in dividing(got.headings)]
    entries = split(text, markdown=False, lines=lines)
    count = 0
    origins = []
    for entry in entries:
        count += entry.role is Role.ENTRY
        origins.append(Origin(0, len(got.text), count, 0, {}, None, got.marks))
    return Document(path, raw, decoded, source, found, text, entries, tuple(origins))


def dividing(headings: Sequence[Titled]) -> list[Titled]:
    """The headings of the highest level that has two of them, as in Markdown."""
    levels = sorted({heading.level for heading in headings})
    several = ([one for one in headings if one.level == level] for level in levels)
    return next((of_level for of_level in several if len(of_level) >= 2), [])


def seen_at(text: Text, offset: int) -> int:
    """Where a place of the source stands in the text without its glosses."""
    return offset if text.origin is None else int(np.searchsorted(text.origin[:-1], offset))
