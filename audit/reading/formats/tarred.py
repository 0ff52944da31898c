"""Tar archives, plain, gzip or Zstandard, read in one pass; nothing is written to disk."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from audit.reading.files import File, Member, Translated
from audit.reading.formats.limits import check_count, check_size
from audit.reading.formats.packed import Stream, chunks
from audit.words import Phrase

ERRORS = (tarfile.TarError, EOFError, OSError)
END = bytes(tarfile.BLOCKSIZE)  # a block of zeros ends an archive


def members(file: File) -> Iterator[Member]:
    """The files in an archive as they come; each has to be read before the next is asked for. Raises ValueError where it is damaged."""
    assert isinstance(file, Path), "archives in archives are not followed"
    flow = Flow(chunks(file), file.stat().st_size)
    stream = io.BufferedReader(Stream(flow.parts()))
    count = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|", errorlevel=1) as archive:
            for info in archive:
                count += 1
                check_count(count)
                if not info.isdir():
                    opener = partial(stream_of, archive, info)
                    yield Member(info.name, info.size, opener, refusal(info), other(info))
                archive.members.clear()  # type: ignore[attr-defined] # it keeps them all, for those who jump
    except ERRORS as error:
        raise ValueError(Phrase("no tar archive, or damaged ({reason})", reason=error)) from error
    while stream.read(1 << 20):  # what follows is checked as gzip does
        pass
    if not flow.tail.endswith(END):
        raise ValueError(Phrase("the archive is cut off: it has no end"))


class Flow:
    """The bytes of an archive as they pass: how many there were, and the last of them."""

    def __init__(self, chunks: Iterator[bytes], packed: int) -> None:
        self._chunks, self._packed, self._size = chunks, packed, 0
        self.tail = b""

    def parts(self) -> Iterator[bytes]:
        """The chunks; ValueError once there are more than so large a file may hold."""
        for chunk in self._chunks:
            self._size += len(chunk)
            check_size(self._size, self._packed)
            self.tail = (self.tail + chunk)[-len(END) :]
            yield chunk


def stream_of(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    """A member's bytes."""
    stream = archive.extractfile(info)
    assert stream is not None
    return io.BufferedReader(Translated(stream, ERRORS))


def refusal(info: tarfile.TarInfo) -> str:
    """Why a member must not be read; empty if it may."""
    return Phrase("a sparse file, whose gaps may be endless, is not read") if info.issparse() else ""


def other(info: tarfile.TarInfo) -> str:
    """What a member is if it is no file."""
    if info.issym() or info.islnk():
        return "link"
    return "" if info.isreg() else "no regular file"
