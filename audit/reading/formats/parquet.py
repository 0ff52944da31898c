"""Parquet: a column of texts; a record's number is its row in the file, and so is its line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from audit.reading.files import File, seekable
from audit.reading.formats.packed import needs
from audit.reading.records import (
    ID_NAMES,
    TEXT_NAMES,
    TITLE_NAMES,
    Block,
    Broken,
    Fields,
    Record,
    chosen,
    id_text,
    lookup,
    missing,
    place,
    title_text,
    untitled,
    wrong,
)
from audit.words import Phrase, cause

ROWS, HELD = 256, 1 << 24  # rows read at a time, and their bytes: 256 texts of 50 MB are more than memory holds
BUFFER = 1 << 20
Row = tuple[Any, Any, Any]  # text, id, title
Decided = Iterator[tuple[int, Mapping[int, str | None]]]


def cut(file: File, fields: Fields, most: int) -> Iterator[tuple[int, Broken | tuple[str, list[Row]]]]:
    """The name of the text column with rows, some megabytes at a time, and the number of the first row."""
    try:
        from pyarrow import types  # noqa: PLC0415 - only such a file needs it
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415
    except ImportError as error:
        raise needs("Parquet", "pyarrow", "scale") from error
    with seekable(file) as stream, ParquetFile(stream, buffer_size=BUFFER, pre_buffer=False) as table:
        schema = table.schema_arrow
        known = [
            column.path.replace(".list.element", "") for column in map(table.schema.column, range(len(table.schema)))
        ]
        names = list(dict.fromkeys([*schema.names, *known]))
        name = chosen(fields.text, TEXT_NAMES, names.__contains__)
        key = chosen(fields.id, ID_NAMES, names.__contains__)
        if name not in names:
            yield 0, Broken(0, 1, "missing-field", missing(name, names))
            return
        if name in schema.names:
            kind = schema.field(name).type
            kind = kind.value_type if types.is_dictionary(kind) else kind
            if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
                yield (
                    0,
                    Broken(
                        0, 1, "wrong-type", Phrase("column {name!r} holds {shape}, not texts", name=name, shape=kind)
                    ),
                )
                return
        title = chosen(fields.title, TITLE_NAMES, names.__contains__)
        if fields.title and title not in names:
            yield 0, untitled(title, names)
        wanted = list(dict.fromkeys([name, *(one for one in (key, title) if one in names)]))
        for first, rows in blocks(table, wanted, (name, key, title), most):
            yield first, rows if isinstance(rows, Broken) else (name, rows)


def blocks(
    table: Any, wanted: list[str], names: tuple[str, str, str], most: int
) -> Iterator[tuple[int, list[Row] | Broken]]:
    """Rows in blocks, with the number of the first; what cannot be read of a group of rows is told, and the next one read."""
    held: list[Row] = []
    first, size, behind = 1, 0, 0
    for group in range(table.num_row_groups):
        behind += table.metadata.row_group(group).num_rows
        try:
            for batch in table.iter_batches(at_a_time(table, group), row_groups=[group], columns=wanted):
                for row in batch.to_pylist():
                    text, key, title = (lookup(row, name)[1] for name in names)
                    held.append((text, key, title))
                    size += len(text) if isinstance(text, str) else 0
                    if 3 * size >= most:
                        yield first, held
                        held, first, size = [], first + len(held), 0
        except (OSError, ValueError) as error:
            if held:
                yield first, held
            lost = first + len(held)
            reason = Phrase(
                "rows {first} to {last} cannot be read: {reason}",
                first=lost,
                last=behind,
                reason=" ".join(cause(error).split()),
            )
            yield 0, Broken(lost, lost, "unreadable", reason)
            held, first, size = [], behind + 1, 0
    if held:
        yield first, held


def at_a_time(table: Any, group: int) -> int:
    """How many rows of a group are read at once, by what they weigh unpacked."""
    found = table.metadata.row_group(group)
    return max(min(ROWS, int(HELD * found.num_rows // max(found.total_byte_size, 1))), 1)


def read(block: Block) -> Iterator[Record | Broken]:
    """The records of a block of rows."""
    name, rows = block.payload
    for number, (text, key, title) in enumerate(rows, start=block.first):
        if isinstance(text, str):
            place = {"row": number, "column": name}
            yield Record(text, number, number, place, id_text(key), caption=title_text(title))
        else:
            yield Broken(number, number, *wrong(name, text))


def readable(table: Any) -> Iterator[tuple[Any, int]]:
    """The batches of a file that can be read, with how many rows stand before each."""
    before = 0
    for group in range(table.num_row_groups):
        number = before
        with contextlib.suppress(OSError, ValueError):  # the scan told it
            for batch in table.iter_batches(at_a_time(table, group), row_groups=[group]):
                yield batch, number
                number += batch.num_rows
        before += table.metadata.row_group(group).num_rows


def rewrite_file(source: Path, target: Path, fields: Fields, decisions: Decided) -> None:
    """A file with all its columns: rows with a decision changed or left out.

    The decisions come block by block, each with the last row that it is about.
    """
    from pyarrow import RecordBatch, array  # noqa: PLC0415 - as above
    from pyarrow.parquet import ParquetFile, ParquetWriter  # noqa: PLC0415

    with ParquetFile(source, buffer_size=BUFFER, pre_buffer=False) as table:
        schema = table.schema_arrow
        names = schema.names
        name = chosen(fields.text, TEXT_NAMES, names.__contains__)
        top = name if name in names else name.split(".", maxsplit=1)[0]
        known: dict[int, str | None] = {}
        covered = 0
        with ParquetWriter(target, schema, compression="zstd") as writer:
            for batch, number in readable(table):
                numbers = range(number + 1, number + 1 + batch.num_rows)
                while covered < numbers.stop - 1:
                    covered, more = next(decisions, (numbers.stop, {}))
                    known.update(more)
                changed = {row: known.pop(row) for row in numbers if row in known}
                if any(text for text in changed.values()):
                    rows = batch.select([top]).to_pylist()
                    for row, text in changed.items():
                        if text:
                            place(rows[row - numbers.start], name, text)
                    at = names.index(top)
                    column = array([row[top] for row in rows], schema.field(top).type)
                    columns = [column if index == at else batch.column(index) for index in range(len(names))]
                    batch = RecordBatch.from_arrays(columns, schema=schema)  # noqa: PLW2901 - the same rows, mended
                mask = array([changed.get(row, "") is not None for row in numbers])
                writer.write_batch(batch.filter(mask))
