"""An audit of a table of records: each is judged by itself, then they stand together as the entries of one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from audit.address import printable
from audit.blocks import check_documents, packed
from audit.config import Config
from audit.engine import Batch, Failure, check_document
from audit.errors import AuditError
from audit.model import Decoded, Document, Glosses, Hit, Offsets, Run, Span, Text
from audit.reading.document import read_extract, read_records
from audit.reading.extract import extract
from audit.reading.files import File
from audit.reading.records import RECORDS, Broken, Fields, Record, cut, format_of, read, unreadable
from audit.rule import Rule
from audit.sieve import Sieve
from audit.words import Phrase

FEW = 20  # broken records of one kind are told one by one; of more, the number
ROW = np.int64(0xFFFFFFFF)
Parts = dict[tuple[str, int], list[tuple[int, Batch]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as one document with the hits in it, None if nothing in it could be read; `broken` are (place, reason) pairs."""

    document: Document | None
    batches: list[Batch]
    failures: list[Failure]
    broken: list[tuple[str, str]]


def audit_file(path: str, file: File, config: Config, rules: Sequence[Rule], sieve: Sieve) -> Table:
    """The hits in a file that is no plain text: a table or a book of records, or pages."""
    if format_of(file.name) in RECORDS:
        return audit_records(path, records_of(path, file, config), rules, sieve)
    try:
        got = extract(file)
    except (OSError, EOFError, ValueError, ArithmeticError, AuditError) as error:
        return Table(None, [], [], told(path, [unreadable(error)]))
    if got.broken and not got.text.strip():
        return Table(None, [], [], told(path, got.broken))
    document = read_extract(path, got)
    checked = check_document(document, rules, sieve)
    return Table(document, checked.batches, checked.failures, told(path, got.broken))


def records_of(name: str, file: File, config: Config) -> Iterator[Record | Broken]:
    """The records of a file as the settings say."""
    for block in cut(name, file, Fields(config.text_field, config.id_field, config.title_field)):
        yield from read(block)


def audit_records(path: str, items: Iterable[Record | Broken], rules: Sequence[Rule], sieve: Sieve) -> Table:
    """The hits in every record of a file, offsets those of the joined document."""
    documents: list[Document] = []
    found: Parts = {}
    failures: dict[Failure, None] = {}
    broken: list[Broken] = []
    ids: dict[str, int] = {}
    base = 0
    for pack in packed(items, length):
        broken += [item for item in pack if isinstance(item, Broken)]
        records = [item for item in pack if isinstance(item, Record)]
        for item in records:
            if item.id is not None and (first := ids.setdefault(item.id, item.number)) != item.number:
                broken.append(duplicate_id(item, first))
        read = read_records(path, records)
        for document, checked in zip(read, check_documents(read, rules, sieve), strict=True):
            add(found, checked.batches, base)
            failures.update(dict.fromkeys(checked.failures))
            forget(document)
            documents.append(document)
            base += len(document.body) + 1
    batches = [merged(parts) for _, parts in sorted(found.items())]
    whole = joined(path, documents) if documents or not broken else None
    return Table(whole, batches, list(failures), told(path, broken))


def add(found: Parts, batches: Iterable[Batch], base: int) -> None:
    """Adds the batches of the next record, which begins at `base`: the first of a rule to the first ones, the second to the second ones."""
    counts: dict[str, int] = {}
    for batch in batches:
        code = batch.rule.code
        found.setdefault((code, counts.get(code, 0)), []).append((base, batch))
        counts[code] = counts.get(code, 0) + 1


def in_all(documents: Sequence[Document], batches: Sequence[Sequence[Batch]]) -> list[Batch]:
    """What was found in each record as batches of the joined document."""
    found: Parts = {}
    base = 0
    for document, own in zip(documents, batches, strict=True):
        add(found, own, base)
        base += len(document.body) + 1
    return [merged(parts) for _, parts in sorted(found.items())]


def length(item: Record | Broken) -> int:
    """The code points of a record."""
    return len(item.text) if isinstance(item, Record) else 0


def forget(document: Document) -> None:
    """Lets go of the arrays of a document, which weigh thirty times as much as its text; they are made again if someone asks."""
    for text in (document.source, document.text):
        for name in set(vars(text)) - {"body", "origin"}:
            del vars(text)[name]


def duplicate_id(record: Record, first: int) -> Broken:
    """What is told of an id that stood before."""
    assert record.id is not None
    return Broken(
        record.number,
        record.line,
        "duplicate-id",
        Phrase("id {id!r} stood already at {first}", id=printable(record.id), first=first),
    )


def told(path: str, broken: Sequence[Broken]) -> list[tuple[str, str]]:
    """Places and reasons; the first of each kind one by one, the others as a number."""
    counts: dict[str, int] = {}
    lines = []
    for one in broken:
        counts[one.kind] = counts.get(one.kind, 0) + 1
        if counts[one.kind] <= FEW:
            lines.append((f"{path}:{one.line}" if one.line else path, one.reason))
    lines += [
        (path, Phrase("{count} more: {kind}", count=count - FEW, kind=Phrase(f"problem.{kind}")))
        for kind, count in counts.items()
        if count > FEW
    ]
    return lines


def merged(parts: Sequence[tuple[int, Batch]]) -> Batch:
    """One batch of a rule's hits in all records, which ascend; each part stands behind its offset."""
    makes = [batch.make for _, batch in parts]

    def make(row: int) -> Hit:
        return makes[row >> 32](row & int(ROW))

    batches = [batch for _, batch in parts]
    return replace(
        batches[0],
        starts=np.concatenate([batch.starts + base for base, batch in parts]),
        ends=np.concatenate([batch.ends + base for base, batch in parts]),
        severities=np.concatenate([batch.severities for batch in batches]),
        confidences=np.concatenate([batch.confidences for batch in batches]),
        safeties=np.concatenate([batch.safeties for batch in batches]),
        repeats=np.concatenate([batch.repeats for batch in batches]),
        rows=np.concatenate([(np.int64(number) << 32) | batch.rows for number, batch in enumerate(batches)]),
        make=make,
    )


def joined(path: str, documents: Sequence[Document]) -> Document:
    """The records as the entries of one document, a line break behind each, which is part of none."""
    text_at = source_at = 0
    maps, spans, origins, titles = [], [], [], []
    for document in documents:
        text, size = document.text, len(document.body)
        origin = np.arange(size + 1) if text.origin is None else text.origin
        maps.append(origin + source_at)
        spans.append((text_at, text_at + len(text.body)))
        origins.append(replace(document.origins[0], start=source_at, end=source_at + size))
        titles.append(document.entries[0].title)
        text_at, source_at = spans[-1][1] + 1, source_at + size + 1
    body = "".join(f"{document.body}\n" for document in documents)
    source = Text(body)
    bare = all(document.text.origin is None for document in documents)
    text = (
        source
        if bare
        else Text("".join(f"{document.text.body}\n" for document in documents), whole_map(maps, source_at))
    )
    entries = tuple(
        replace(
            document.entries[0],
            text=text,
            index=n,
            start=start,
            end=end,
            title=Span(start + title.start, start + title.end),
        )
        for n, (document, (start, end), title) in enumerate(zip(documents, spans, titles, strict=True))
    )
    none = np.empty(0, dtype=np.int64)
    decoded = Decoded(body, (Run(0, len(body), 0, 0, "utf-8", 1.0),))
    return Document(path, b"", decoded, source, Glosses(none, none), text, entries, tuple(origins))


def whole_map(maps: Sequence[Offsets], size: int) -> Offsets:
    """The offsets of the joined text in the joined body."""
    return np.concatenate([*maps, [size]]).astype(np.int64)
