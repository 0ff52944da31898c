"""CSV and TSV: rows under a header; a record's number is its row below the header, its line the one where the row begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from audit.reading.decode import decode
from audit.reading.files import File
from audit.reading.formats.packed import Stream, chunks
from audit.reading.records import (
    ID_NAMES,
    MAX_TEXT,
    TEXT_NAMES,
    TITLE_NAMES,
    Block,
    Broken,
    Fields,
    Record,
    chosen,
    id_text,
    missing,
    title_text,
    untitled,
)
from audit.words import Phrase

SAMPLE = 1 << 16
Row = tuple[int, int, list[str]]  # number, line, fields


class Layout(NamedTuple):
    """The header of a file, and the places of text, id and title in it; -1 for none."""

    names: list[str]
    text: int
    id: int
    title: int


Rows = tuple[Layout, list[Row | Broken]]


def cut(file: File, fields: Fields, most: int) -> Iterator[tuple[int, Broken | Rows]]:
    """The header with rows, some megabytes at a time, and the number of the first row."""
    csv.field_size_limit(2 * MAX_TEXT)
    tabs = ".tsv" in file.name.lower()
    parts = chunks(file)
    head = next(parts, b"")  # a member of an archive can be opened once
    stream = io.BufferedReader(Stream(chain([head], parts)))
    with io.TextIOWrapper(stream, codec(head[:SAMPLE]), "surrogateescape", newline="") as text:
        held: list[str] = []
        rows = csv.reader(kept(text, held), delimiter="\t" if tabs else ",", strict=False)
        header = next(rows, None)
        if not header:
            raise ValueError(Phrase("the file is empty; a header names the columns"))
        names = [name.strip() for name in header]
        name = chosen(fields.text, TEXT_NAMES, names.__contains__)
        if name not in names:
            yield 0, Broken(0, 1, "missing-field", missing(name, names))
            return
        if fields.title and fields.title not in names:
            yield 0, untitled(fields.title, names)
        others = (
            chosen(fields.id, ID_NAMES, names.__contains__),
            chosen(fields.title, TITLE_NAMES, names.__contains__),
        )
        layout = Layout(names, *(names.index(one) if one in names else -1 for one in (name, *others)))
        for first, block in blocks(rows, layout, held, most):
            yield first, (layout, block)


def kept(lines: Iterable[str], held: list[str]) -> Iterator[str]:
    """The lines; those that were read last stay in a list until somebody empties it."""
    for line in lines:
        held.append(line)
        yield line


def blocks(rows: Any, layout: Layout, lines: list[str], most: int) -> Iterator[tuple[int, list[Row | Broken]]]:
    """The rows of a reader in blocks, with the number of the first; `lines` are those that it read, to be emptied."""
    held: list[Row | Broken] = []
    first, size, number, line = 1, 0, 0, rows.line_num + 1
    at, last = 0, list[str]()
    while True:
        last = [*lines] or last
        lines.clear()
        try:
            row = next(rows, None)
        except (csv.Error, ValueError) as error:
            yield first, held
            raise ValueError(Phrase("line {line}: {error}", line=line, error=error)) from error
        if row is None:
            break
        if row:
            number += 1
            at = line
            held += told(row, number, line, layout)
            size += sum(map(len, row))
        line = rows.line_num + 1
        if 3 * size >= most:
            yield first, held
            held, first, size = [], number + 1, 0
    if is_open([*lines] or last):
        reason = Phrase("the field that a quotation mark opens here has no end; it holds all the rest of the file")
        held.append(Broken(number, at, "open-quote", reason))
    if held:
        yield first, held


def is_open(lines: list[str]) -> bool:
    """Whether the last row of a file ends within quotation marks."""
    try:
        for _ in csv.reader(lines, strict=True):  # whatever parts the fields
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def told(row: list[str], number: int, line: int, layout: Layout) -> Iterator[Row | Broken]:
    """A row, and what is amiss with it: with a field too many or too few its text may not be the one that is meant, but it is read."""
    names, wanted = layout.names, layout.names[layout.text]
    if len(row) != len(names):
        reason = Phrase("the row has {count} fields, the header {columns}", count=len(row), columns=len(names))
        if len(row) <= layout.text:
            reason = Phrase("the row has {count} fields, none of them {name!r}", count=len(row), name=wanted)
            yield Broken(number, line, "missing-field", reason)
            return
        yield Broken(number, line, "field-count", reason)
    yield number, line, row


def codec(sample: bytes) -> str:
    """The encoding of a file by its beginning."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    whole = sample[: sample.rfind(b"\n") + 1]
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        runs = decode(whole).runs
        return max(runs, key=lambda run: run.end - run.start).encoding or "utf-8"
    return "utf-8-sig"


def read(block: Block) -> Iterator[Record | Broken]:
    """The records of a block of rows."""
    layout, rows = block.payload
    name = layout.names[layout.text]
    for row in rows:
        if isinstance(row, Broken):
            yield row
            continue
        number, line, fields = row
        key, title = (fields[at] if 0 <= at < len(fields) else "" for at in (layout.id, layout.title))
        place = {"row": number, "line": line, "column": name}
        yield Record(fields[layout.text], number, line, place, id_text(key), caption=title_text(title))


def rewrite(block: Block, decisions: Mapping[int, str | None]) -> bytes:
    """The rows of a block, the header before the first: those with a decision changed or left out. Rows without a text are gone."""
    layout, rows = block.payload
    page = io.StringIO()
    tabs = ".tsv" in block.path.lower()
    writer = csv.writer(page, delimiter="\t" if tabs else ",", lineterminator="\r\n")
    if block.first <= 1:
        writer.writerow(layout.names)
    for row in rows:
        if isinstance(row, Broken) or decisions.get(row[0], "") is None:
            continue
        fields = list(row[2])
        fields[layout.text] = decisions.get(row[0]) or fields[layout.text]
        writer.writerow(fields)
    return page.getvalue().encode("utf-8", "surrogateescape")
