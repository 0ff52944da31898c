"""From bytes to a document: decode, find glosses, take them out, split."""

from __future__ import annotations

from audit.language.glosses import find, strip
from audit.model import Decoded, Document, Entry, Origin, Role, Run, Span, Text
from audit.reading.decode import decode
from audit.reading.records import Record
from audit.reading.split import split

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
OTHER = (".rst", ".tex", ".adoc", ".org")  # markup in which a line that begins with # is no heading


def read(path: str, raw: bytes) -> Document:
    """The document that these bytes are; `path` is only a name, nothing is opened."""
    decoded = decode(raw)
    source = Text(decoded.body)
    found = find(source)
    text = strip(source, found) if len(found.starts) else source
    name = path.lower()
    entries = split(text, markdown=name.endswith(MARKDOWN) or (False if name.endswith(OTHER) else None))
    return Document(path, raw, decoded, source, found, text, entries)


def read_record(path: str, record: Record) -> Document:
    """A record as a document of one entry: it is judged by itself, whatever stands beside it."""
    raw = record.text.encode("utf-8", "surrogatepass")
    source = Text(record.text)
    found = find(source)
    text = strip(source, found) if len(found.starts) else source
    decoded = Decoded(record.text, (Run(0, len(record.text), 0, len(raw), "utf-8", 1.0),))
    entry = Entry(text, 0, Role.ENTRY, 0, len(text.body), Span(0, 0))
    origin = Origin(0, len(record.text), record.number, record.line, record.place, record.id, record.marks)
    return Document(path, raw, decoded, source, found, text, (entry,), (origin,))
