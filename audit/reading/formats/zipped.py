"""Zip archives, member by member; nothing is written to disk, and what would unpack to more than it may is refused before."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

from audit.reading.decode import decode
from audit.reading.files import File, Member, Translated, seekable
from audit.reading.formats.limits import allowed, check_count, check_size
from audit.words import Phrase

ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
ENCRYPTED = 1  # flag of a member (APPNOTE 4.4.4)
UTF8 = 1 << 11  # flag of a name in UTF-8


@contextmanager
def opened(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """A zip archive whose members are few and small enough all together; raises ValueError for any other file."""
    try:
        archive = zipfile.ZipFile(stream)
    except (*ERRORS, ValueError, OSError) as error:
        raise ValueError(Phrase("no zip archive, or cut off ({reason})", reason=error)) from error
    with archive:
        infos = archive.infolist()
        check_count(len(infos))
        check_size(sum(info.file_size for info in infos), stream.seek(0, io.SEEK_END))
        yield archive


def members(file: File) -> Iterator[Member]:
    """The files in an archive, in the order of their names."""
    with seekable(file) as stream, opened(stream) as archive:
        named = [(name_of(info), info) for info in archive.infolist() if not info.is_dir()]
        for name, info in sorted(named, key=lambda pair: pair[0]):
            yield Member(name, info.file_size, partial(stream_of, archive, info), refusal(info), other(info))


def stream_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """A member's bytes; a zip archive says how many there are, and gives no more."""
    try:
        return io.BufferedReader(Translated(archive.open(info), ERRORS))
    except ERRORS as error:
        raise ValueError(Phrase("the archive is damaged here ({reason})", reason=error)) from error


def refusal(info: zipfile.ZipInfo) -> str:
    """Why a member must not be read; empty if it may."""
    if info.flag_bits & ENCRYPTED:
        return Phrase("it is encrypted")
    return allowed(info.file_size, info.compress_size)


def other(info: zipfile.ZipInfo) -> str:
    """What a member is if it is no file: links are kept as files whose text is their target."""
    kind = info.external_attr >> 28  # upper bits of a Unix mode
    return {0o12: "link", 0o10: "", 0: ""}.get(kind, "no regular file")


def name_of(info: zipfile.ZipInfo) -> str:
    """A member's name; where it is not said to be UTF-8, it is in the encoding of the system that packed it."""
    name = info.filename
    if not (info.flag_bits & UTF8 or name.isascii()):
        try:
            name = decode(name.encode("cp437")).body
        except UnicodeEncodeError:
            name = info.filename
    return name if "/" in name else name.replace("\\", "/")  # as some programs part folders, against the standard


def parts_of(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members of a package by name; ValueError for one that could not be held or is packed as a bomb is."""
    found = {}
    for info in archive.infolist():
        reason = allowed(info.file_size, info.compress_size)
        if reason:
            raise ValueError(Phrase("{name}: {reason}", name=info.filename, reason=reason))
        found[info.filename] = info
    return found


def part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a part of a package; ValueError where it is damaged or encrypted."""
    if info.flag_bits & ENCRYPTED:
        raise ValueError(Phrase("it is encrypted"))
    with stream_of(archive, info) as stream:
        return stream.read()
