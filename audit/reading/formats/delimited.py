"""CSV and TSV: rows under a header; a record's number is its row below the header, its line the one where the row begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from audit.reading.decode import decode
from audit.reading.files import File
from audit.reading.formats.packed import Stream, chunks
from audit.reading.records import (
    BLOCK,
    ID_NAMES,
    MAX_TEXT,
    TEXT_NAMES,
    Block,
    Broken,
    Fields,
    Record,
    chosen,
    id_text,
    missing,
)
from audit.words import Phrase

SAMPLE = 1 << 16
Row = tuple[int, int, list[str]]  # number, line, fields
Rows = tuple[list[str], int, int, list[Row | Broken]]  # header, places of text and id, rows


def cut(file: File, fields: Fields) -> Iterator[tuple[int, Broken | Rows]]:
    """The header with rows, some megabytes at a time, and the number of the first row."""
    csv.field_size_limit(2 * MAX_TEXT)
    tabs = ".tsv" in file.name.lower()
    parts = chunks(file)
    head = next(parts, b"")  # a member of an archive can be opened once
    stream = io.BufferedReader(Stream(chain([head], parts)))
    with io.TextIOWrapper(stream, codec(head[:SAMPLE]), "surrogateescape", newline="") as text:
        rows = csv.reader(text, delimiter="\t" if tabs else ",", strict=False)
        header = next(rows, None)
        if not header:
            raise ValueError(Phrase("the file is empty; a header names the columns"))
        names = [name.strip() for name in header]
        name = chosen(fields.text, TEXT_NAMES, names.__contains__)
        key = chosen(fields.id, ID_NAMES, names.__contains__)
        if name not in names:
            yield 0, Broken(0, 1, "missing-field", missing(name, names))
            return
        at, key_at = names.index(name), names.index(key) if key in names else -1
        for first, block in blocks(rows, at, name):
            yield first, (names, at, key_at, block)


def blocks(rows: Any, at: int, name: str) -> Iterator[tuple[int, list[Row | Broken]]]:
    """The rows of a reader in blocks, with the number of the first."""
    held: list[Row | Broken] = []
    first, size, number, line = 1, 0, 0, rows.line_num + 1
    while True:
        try:
            row = next(rows, None)
        except (csv.Error, ValueError) as error:
            yield first, held
            raise ValueError(Phrase("line {line}: {error}", line=line, error=error)) from error
        if row is None:
            break
        if row:
            number += 1
            if len(row) > at:
                held.append((number, line, row))
                size += len(row[at])
            else:
                reason = Phrase("the row has {count} fields, none of them {name!r}", count=len(row), name=name)
                held.append(Broken(number, line, "missing-field", reason))
        line = rows.line_num + 1
        if 3 * size >= BLOCK:
            yield first, held
            held, first, size = [], number + 1, 0
    if held:
        yield first, held


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
    names, at, key_at, rows = block.payload
    for row in rows:
        if isinstance(row, Broken):
            yield row
            continue
        number, line, fields = row
        key = fields[key_at] if 0 <= key_at < len(fields) else None
        yield Record(fields[at], number, line, {"row": number, "line": line, "column": names[at]}, id_text(key))


def rewrite(block: Block, decisions: Mapping[int, str | None]) -> bytes:
    """The rows of a block, the header before the first: those with a decision changed or left out. Rows without a text are gone."""
    names, at, _, rows = block.payload
    page = io.StringIO()
    tabs = ".tsv" in block.path.lower()
    writer = csv.writer(page, delimiter="\t" if tabs else ",", lineterminator="\r\n")
    if block.number == 0:
        writer.writerow(names)
    for row in rows:
        if isinstance(row, Broken) or decisions.get(row[0], "") is None:
            continue
        fields = list(row[2])
        fields[at] = decisions.get(row[0]) or fields[at]
        writer.writerow(fields)
    return page.getvalue().encode("utf-8", "surrogateescape")
