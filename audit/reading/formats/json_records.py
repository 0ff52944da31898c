"""JSON Lines: one object a line; a record's number is its line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from audit.reading.decode import decode
from audit.reading.files import File
from audit.reading.formats.packed import chunks
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
    lookup,
    missing,
    place,
    title_text,
    too_large,
    wrong,
)
from audit.words import Phrase

WIDE = (b"\xff\xfe", b"\xfe\xff")
BOM = b"\xef\xbb\xbf"
Piece = TypeVar("Piece")
MAX_LINE = 2 * MAX_TEXT  # a line may hold escapes and other fields


def cut(file: File, _: Fields, most: int) -> Iterator[tuple[int, bytes | Broken]]:
    """Whole lines, some megabytes at a time, with the number of the first; a line beyond all bounds is told and passed over."""
    line, held, size = 1, list[bytes](), 0
    pieces = whole(chunks(file))
    failed = None
    while (piece := next_or_error(pieces)) is not None:
        if line == 1 and not held and isinstance(piece, bytes) and piece.startswith(WIDE):
            raise ValueError("it is UTF-16; convert it to UTF-8 first")
        if isinstance(piece, bytes):
            held.append(piece)
            size += len(piece)
        if held and (size >= most or not isinstance(piece, bytes)):
            block = b"".join(held)
            yield line, block
            line, held, size = line + block.count(b"\n"), [], 0
        if isinstance(piece, int):
            yield line, too_large(line, line, piece)
            line += 1
        if isinstance(piece, ValueError):
            failed = piece
    if held:
        yield line, b"".join(held)
    if failed:
        raise failed


def next_or_error(pieces: Iterator[Piece]) -> Piece | ValueError | None:
    """The next piece, or the error that it ends with; None at the end."""
    try:
        return next(pieces, None)
    except ValueError as error:
        return error


def whole(parts: Iterator[bytes]) -> Iterator[bytes | int]:
    """Runs of whole lines; a number for a line of so many bytes, which is too long. What is left before an error comes first."""
    held, size = list[bytes](), 0
    failed = None
    while (part := next_or_error(parts)) is not None:
        if not isinstance(part, bytes):
            failed = part
            break
        first = part.find(b"\n") + 1
        if not first:
            size += len(part)
            held = [*held, part] if size <= MAX_LINE else []
            continue
        yield b"".join([*held, part[:first]]) if size + first <= MAX_LINE else size + first
        last = part.rfind(b"\n") + 1
        if last > first:
            yield part[first:last]
        held, size = [part[last:]], len(part) - last
    if size:
        yield b"".join(held) if size <= MAX_LINE else size
    if isinstance(failed, ValueError):
        raise failed


def read(block: Block) -> Iterator[Record | Broken]:
    """The records of whole lines; blank lines count as lines and hold nothing."""
    for number, line in enumerate(block.payload.split(b"\n"), start=block.first):
        bare = line.strip(b" \t\r")
        if number == 1:
            bare = bare.removeprefix(BOM)
        if bare:
            yield record(bare, number, block.fields)


def record(line: bytes, number: int, fields: Fields) -> Record | Broken:
    """One line."""
    try:
        row = parse(line)
    except ValueError as error:
        return Broken(number, number, "invalid-json", Phrase("no JSON: {error}", error=error))
    if not isinstance(row, dict):
        return Broken(number, number, "wrong-type", Phrase("the line is no JSON object"))
    name = chosen(fields.text, TEXT_NAMES, row.__contains__)
    there, value = lookup(row, name)
    if not there:
        return Broken(number, number, "missing-field", missing(name, list(row)))
    if not isinstance(value, str):
        return Broken(number, number, *wrong(name, value))
    key = id_text(lookup(row, chosen(fields.id, ID_NAMES, row.__contains__))[1])
    title = title_text(lookup(row, chosen(fields.title, TITLE_NAMES, row.__contains__))[1])
    return Record(value, number, number, {"line": number, "field": name}, key, caption=title)


def parse(line: bytes) -> Any:
    """A line of JSON; half a surrogate pair is let through, other encodings than UTF-8 are decoded."""
    try:
        return msgspec.json.decode(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = decode(line).body
    return json.loads(text)


def rewrite(block: Block, decisions: Mapping[int, str | None]) -> bytes:
    """The lines of a block: those with a decision replaced by its text, or left out; all others as they are."""
    lines = block.payload.split(b"\n")
    kept = []
    for number, line in enumerate(lines, start=block.first):
        text = decisions.get(number, "")
        if text is None:
            continue
        kept.append(replaced(line, text, block.fields) if text else line)
    return b"\n".join(kept)


def replaced(line: bytes, text: str, fields: Fields) -> bytes:
    """A line with another text; its blanks may go, its fields stay in order."""
    row = parse(line.strip(b" \t\r").removeprefix(BOM))
    place(row, chosen(fields.text, TEXT_NAMES, row.__contains__), text)
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + (
        b"\r" if line.endswith(b"\r") else b""
    )
