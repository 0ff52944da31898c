"""Files that may be compressed, as bytes; whatever can be read of a damaged one comes before the error."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from audit.errors import AuditError
from audit.reading.files import File, Member
from audit.words import Phrase

CHUNK = 1 << 20
SIP = 1 << 12  # bytes of Zstandard that are unpacked at once: repeats make 32,000 times as much of them
DAMAGED = Phrase("the compressed file is cut off or damaged")


def chunks(file: File) -> Iterator[bytes]:
    """The bytes of a file, unpacked if its ending says so, about a megabyte at a time.

    Raises ValueError where a compressed file is cut off or damaged, AuditError where the extra for it is missing.
    """
    ending = file.suffix.lower()
    size = file.size if isinstance(file, Member) else file.stat().st_size
    if not size and ending in (".gz", ".tgz", ".zst"):  # however little one holds, it has a head
        raise ValueError(Phrase("{what} ({reason})", what=DAMAGED, reason=Phrase("there is nothing in it")))
    with file.open("rb") as stream:
        if ending in (".gz", ".tgz"):
            yield from gunzipped(stream)
        elif ending == ".zst":
            yield from gathered(unpacked(stream))
        else:
            yield from iter(lambda: stream.read(CHUNK), b"")


def gunzipped(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a gzip stream."""
    with gzip.GzipFile(fileobj=stream) as packed:
        while True:
            try:
                data = packed.read1(CHUNK)  # what there is, so that a cut loses nothing before it
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ValueError(Phrase("{what} ({reason})", what=DAMAGED, reason=error)) from error
            if not data:
                return
            yield data


def unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a Zstandard stream of any number of frames."""
    try:
        import zstandard  # noqa: PLC0415 - only such a file needs it
    except ImportError as error:
        raise needs(".zst", "zstandard", "scale") from error
    frame: Any = None
    try:
        for packed in iter(lambda: stream.read(SIP), b""):
            left = packed
            while left:
                frame = frame or zstandard.ZstdDecompressor().decompressobj()
                yield frame.decompress(left)
                left, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    except zstandard.ZstdError as error:
        raise ValueError(Phrase("{what} ({reason})", what=DAMAGED, reason=error)) from error
    if frame is not None:
        raise ValueError(Phrase("{what} ({reason})", what=DAMAGED, reason=Phrase("the last frame has no end")))


def gathered(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Small parts as chunks; what there is before an error comes first."""
    held = bytearray()
    failed = None
    while True:
        try:
            part = next(parts, None)
        except ValueError as error:
            failed, part = error, None
        if part is None:
            break
        held += part
        if len(held) >= CHUNK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
    if failed:
        raise failed


def needs(what: str, package: str, extra: str) -> AuditError:
    """What is told of a file that a package is missing for."""
    return AuditError("{what} needs {package}: pip install 'jiaokan[{extra}]'", what=what, package=package, extra=extra)


class Stream(io.RawIOBase):
    """Chunks as a stream that a text wrapper can read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as the current chunk goes."""
        while not self._left:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._left = memoryview(part)
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
