"""EPUB: the chapters in the order of the spine; a record's number is its chapter, its lines are those of the chapter's file."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from audit.reading.files import File, seekable
from audit.reading.formats import html
from audit.reading.formats.xml import Element, elements
from audit.reading.formats.zipped import opened, part, parts_of
from audit.reading.records import Block, Broken, Fields, Record
from audit.words import Phrase, cause

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})  # hidden, not locked


class Chapter(NamedTuple):
    """A file of the spine: its number, its name in the package, and its bytes."""

    number: int
    name: str
    raw: bytes


def cut(file: File, _: Fields, most: int) -> Iterator[tuple[int, list[Chapter | Broken]]]:
    """The chapters, some megabytes at a time, and the number of the first."""
    with seekable(file) as stream, opened(stream) as archive:
        parts = parts_of(archive)
        names = spine(archive, parts)
        locked = encrypted(archive, parts)
        held: list[Chapter | Broken] = []
        first, size = 1, 0
        for number, name in enumerate(names, start=1):
            held.append(chapter(archive, parts, number, name, locked=name in locked))
            size += parts[name].file_size if name in parts else 0
            if size >= most:
                yield first, held
                held, first, size = [], number + 1, 0
        if held:
            yield first, held


def spine(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> list[str]:
    """The names of the chapters in reading order; the table of contents, which only repeats their titles, is none."""
    root = attribute(elements(needed(archive, parts, CONTAINER)), "rootfile", "full-path")
    package = elements(needed(archive, parts, root))
    base = posixpath.dirname(root)
    pages = {}
    for name, item in package:
        if name == "item" and item.get("media-type", "") in PAGES and "nav" not in item.get("properties", "").split():
            pages[item.get("id", "")] = posixpath.normpath(posixpath.join(base, unquote(item.get("href", ""))))
    found = [pages[item["idref"]] for name, item in package if name == "itemref" and item.get("idref") in pages]
    if not found:
        raise ValueError(Phrase("the book has no chapters: its spine is empty"))
    return found


def attribute(package: list[Element], name: str, key: str) -> str:
    """An attribute of the first such element; ValueError if there is none."""
    for found, attributes in package:
        if found == name and key in attributes:
            return attributes[key]
    raise ValueError(Phrase("no EPUB: {name!r} is missing", name=name))


def needed(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    """A part that a book cannot do without."""
    if name not in parts:
        raise ValueError(Phrase("no EPUB: {name!r} is missing", name=name))
    return part(archive, parts[name])


def encrypted(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> set[str]:
    """The parts that are locked (DRM); fonts that are only hidden are not."""
    if ENCRYPTION not in parts:
        return set()
    found, method = set(), ""
    for name, attributes in elements(part(archive, parts[ENCRYPTION])):
        if name == "EncryptedData":
            method = ""
        elif name == "EncryptionMethod":
            method = method or attributes.get("Algorithm", "")
        elif name == "CipherReference" and method not in FONTS:
            found.add(posixpath.normpath(unquote(attributes.get("URI", ""))))
    return found


def chapter(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], number: int, name: str, *, locked: bool
) -> Chapter | Broken:
    """One file of the spine."""
    if locked:
        return Broken(
            number, 0, "encrypted", Phrase("chapter {number}, {name}: it is encrypted (DRM)", number=number, name=name)
        )
    if name not in parts:
        return Broken(
            number, 0, "missing", Phrase("chapter {number}, {name}: the file is missing", number=number, name=name)
        )
    try:
        return Chapter(number, name, part(archive, parts[name]))
    except (ValueError, OSError) as error:
        reason = Phrase("chapter {number}, {name}: {reason}", number=number, name=name, reason=cause(error))
        return Broken(number, 0, "unreadable", reason)


def read(block: Block) -> Iterator[Record | Broken]:
    """The chapters of a block; those without text, as covers, are passed over."""
    for item in block.payload:
        if isinstance(item, Broken):
            yield item
            continue
        page = html.read(item.raw, xml=True)
        lost = (
            sum(run.byte_end - run.byte_start for run in page.decoded.runs if not run.encoding) if page.decoded else 0
        )
        if lost:
            reason = Phrase(
                "chapter {number}, {name}: {count} bytes are in no encoding",
                number=item.number,
                name=item.name,
                count=lost,
            )
            yield Broken(item.number, 0, "undecodable", reason)
        if page.text.strip():
            title = page.headings[0].end if page.headings and not page.headings[0].start else 0
            place = {"chapter": item.number, "file": item.name}
            yield Record(page.text, item.number, 0, place, item.name, page.marks, title)
