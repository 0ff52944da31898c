"""Records: what a file holds that is a table of texts, and where each text stands in it.

A format is a module of `audit.reading.formats` with two functions:

    cut(file, fields, size)   the file as blocks of so many bytes, in order, without reading what is in them
    read(block)               the records of a block, and what is broken in it

Blocks are values that can be pickled, so that one process cuts and others read. A record that cannot be read is a `Broken` with its
place and reason; the others go on.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.errors import AuditError, nearest
from audit.reading.files import File
from audit.text import Marks, is_blank
from audit.words import Phrase, cause

BLOCK = 1 << 22  # bytes: small enough that thousands are in no one's way, large enough that a block costs nothing
MAX_TEXT = 1 << 25  # bytes of one text: thrice as much and a process needs more than a gigabyte
TEXT_NAMES = ("text", "content", "body", "raw_content", "正文", "内容", "內容", "文本")
TITLE_NAMES = ("title", "headline", "标题", "標題", "题目", "題目", "题名", "題名")
ID_NAMES = ("id", "_id", "uuid", "docid", "doc_id", "url")
SUFFIXES: Mapping[str, str] = {
    ".jsonl": "json_records",
    ".ndjson": "json_records",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".parquet": "parquet",
    ".epub": "epub",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".zip": "zipped",
    ".tar": "tarred",
    ".tgz": "tarred",
}
TABLES = frozenset({"json_records", "delimited", "parquet"})
RECORDS = TABLES | {"epub"}
ARCHIVES = frozenset({"zipped", "tarred"})
PACKED = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields hold the text, the id and the title; dots lead into nested ones; "" takes the first usual name that is there."""

    text: str = ""
    id: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A text with its coordinates: see `audit.model.Origin`."""

    text: str
    number: int
    line: int
    place: Mapping[str, Any]
    id: str | None = None
    marks: Marks | None = None
    title: int = 0  # code points of the heading that opens the text
    caption: str = ""  # the title, where it has a field of its own


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that could not be read, or the rest of a file: `kind` for counting, `reason` for a reader."""

    number: int
    line: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a file: `first` is the number of its first record or line, `payload` what the format needs to read it."""

    path: str
    kind: str
    number: int
    first: int
    fields: Fields
    payload: Any


def format_of(path: str) -> str | None:
    """The format module of a file by its ending, `.gz` and `.zst` aside; None for a text.

    >>> format_of("corpus/part-7.jsonl.gz"), format_of("a.zip!/b.html"), format_of("page.txt")
    ('json_records', 'html', None)
    """
    name = path.lower()
    for packed in PACKED:
        name = name.removesuffix(packed)
    return next((kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), None)


def module(kind: str) -> Any:
    """The module of a format."""
    return importlib.import_module(f"audit.reading.formats.{kind}")


def cut(name: str, file: File, fields: Fields, size: int = BLOCK) -> Iterator[Block]:
    """The blocks of a file of records, of about so many bytes; one that cannot be read ends with a block that says so."""
    kind = format_of(file.name)
    assert kind in RECORDS
    number = 0
    try:
        for first, payload in module(kind).cut(file, fields, size):
            yield Block(name, kind, number, first, fields, payload)
            number += 1
    except (OSError, EOFError, ValueError, ArithmeticError, AuditError) as error:
        yield Block(name, kind, number, 0, fields, unreadable(error, whole=not number))


def unreadable(error: Exception, *, whole: bool = True) -> Broken:
    """What is told of a file that cannot be read, or not beyond some place; a package that is missing says so itself."""
    if isinstance(error, AuditError):
        return Broken(0, 0, "missing-package", Phrase(error.args[0], **error.values))
    if whole:
        return Broken(0, 0, "unreadable", Phrase("cannot be read: {reason}", reason=cause(error)))
    return Broken(0, 0, "unreadable", Phrase("cannot be read from here on: {reason}", reason=cause(error)))


def read(block: Block) -> Iterator[Record | Broken]:
    """The records of a block in order; empty texts and texts that are too large are told as broken."""
    if isinstance(block.payload, Broken):
        yield block.payload
        return
    for item in module(block.kind).read(block):
        if isinstance(item, Record):
            yield checked(item)
        else:
            yield item


def checked(record: Record) -> Record | Broken:
    """The record, if there is something in it that can be audited."""
    if is_blank(record.text):
        return Broken(record.number, record.line, "empty", Phrase("the text is empty"))
    if len(record.text) > MAX_TEXT // 4 and len(record.text.encode("utf-8", "surrogatepass")) > MAX_TEXT:
        return too_large(record.number, record.line, len(record.text.encode("utf-8", "surrogatepass")))
    return record


def too_large(number: int, line: int, size: int) -> Broken:
    """What is told of a text that no process could hold."""
    sentence = Phrase(
        "{size:.0f} MB are too large; a text has {most} MiB at most", size=size / 1e6, most=MAX_TEXT >> 20
    )
    return Broken(number, line, "too-large", sentence)


def lookup(row: Mapping[str, Any], name: str) -> tuple[bool, Any]:
    """Whether a row has a field, and its value; a name with dots leads into nested rows and lists.

    >>> lookup({"meta": {"texts": ["甲"]}}, "meta.texts.0")
    (True, '甲')
    """
    if name in row:
        return True, row[name]
    value: Any = row
    for part in name.split("."):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False, None
    return True, value


def place(row: dict[str, Any], name: str, text: str) -> None:
    """Puts a text where `lookup` found one."""
    if name in row:
        row[name] = text
        return
    *path, last = name.split(".")
    value: Any = row
    for part in path:
        value = value[int(part)] if isinstance(value, list) else value[part]
    value[int(last) if isinstance(value, list) else last] = text


def chosen(wanted: str, usual: Sequence[str], have: Callable[[str], bool]) -> str:
    """The field that was asked for, or the first usual one that is there, or the first usual one."""
    return wanted or next((name for name in usual if have(name)), usual[0])


def missing(name: str, known: Sequence[str]) -> str:
    """What is told of a field that is not there."""
    there = ", ".join(known[:30]) or Phrase("none")
    return Phrase("no field {name!r}; the fields are: {known}{hint}", name=name, known=there, hint=nearest(name, known))


def wrong(name: str, value: Any) -> tuple[str, str]:
    """Kind and reason for a field that holds no text."""
    if value is None:
        return "null", Phrase("field {name!r} is null", name=name)
    shapes = {
        bool: Phrase("a truth value"),
        int: Phrase("a number"),
        float: Phrase("a number"),
        list: Phrase("a list"),
        dict: Phrase("an object"),
        bytes: Phrase("bytes"),
    }
    shape = shapes.get(type(value), type(value).__name__)
    return "wrong-type", Phrase("field {name!r} is {shape}, not a text", name=name, shape=shape)


def title_text(value: Any) -> str:
    """A title as text, on one line; empty where it is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def untitled(name: str, known: Sequence[str]) -> Broken:
    """What is told of a field for titles that was asked for and is not there; the texts are read all the same."""
    return Broken(0, 1, "missing-field", missing(name, known))


def id_text(value: Any) -> str | None:
    """An id as text; None where it is none."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "" else None
