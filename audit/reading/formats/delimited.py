"""CSV and TSV: rows under a header; a record's number is its row below the header, its line the one where the row begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.reading.decode import decode
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

SAMPLE = 1 << 16
Row = tuple[int, int, str, str | None]  # number, line, text, id


def cut(file: Path, fields: Fields) -> Iterator[tuple[int, Broken | tuple[str, list[Row | Broken]]]]:
    """The name of the text column with rows, some megabytes at a time, and the number of the first row."""
    csv.field_size_limit(2 * MAX_TEXT)
    tabs = ".tsv" in file.name.lower()
    stream = io.BufferedReader(Stream(chunks(file)))
    with io.TextIOWrapper(stream, codec(file), "surrogateescape", newline="") as text:
        rows = csv.reader(text, delimiter="\t" if tabs else ",", strict=False)
        header = next(rows, None)
        if not header:
            raise ValueError("the file is empty; a header names the columns")
        names = [name.strip() for name in header]
        name = chosen(fields.text, TEXT_NAMES, names.__contains__)
        key = chosen(fields.id, ID_NAMES, names.__contains__)
        if name not in names:
            yield 0, Broken(0, 1, "missing-field", missing(name, names))
            return
        at, key_at = names.index(name), names.index(key) if key in names else -1
        for first, block in blocks(rows, at, key_at, name):
            yield first, (name, block)


def blocks(rows: Any, at: int, key_at: int, name: str) -> Iterator[tuple[int, list[Row | Broken]]]:
    """The rows of a reader in blocks, with the number of the first."""
    held: list[Row | Broken] = []
    first, size, number, line = 1, 0, 0, rows.line_num + 1
    while True:
        try:
            row = next(rows, None)
        except (csv.Error, ValueError) as error:
            yield first, held
            raise ValueError(f"line {line}: {error}") from error
        if row is None:
            break
        if row:
            number += 1
            if len(row) > at:
                held.append((number, line, row[at], row[key_at] if 0 <= key_at < len(row) else None))
                size += len(row[at])
            else:
                held.append(
                    Broken(number, line, "missing-field", f"the row has {len(row)} fields, none of them {name!r}")
                )
        line = rows.line_num + 1
        if 3 * size >= BLOCK:
            yield first, held
            held, first, size = [], number + 1, 0
    if held:
        yield first, held


def codec(file: Path) -> str:
    """The encoding of a file by its beginning."""
    sample = next(chunks(file), b"")[:SAMPLE]
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
    name, rows = block.payload
    for row in rows:
        if isinstance(row, Broken):
            yield row
            continue
        number, line, text, key = row
        yield Record(text, number, line, {"row": number, "line": line, "column": name}, id_text(key))
