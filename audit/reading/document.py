"""From bytes to a document: decode, find glosses, take them out, split."""

from __future__ import annotations

from audit.language.glosses import find, strip
from audit.model import Document, Text
from audit.reading.decode import decode
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
