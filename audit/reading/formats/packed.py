"""Files that may be compressed, as bytes; whatever can be read of a damaged one comes before the error."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.errors import AuditError
from audit.words import Phrase

CHUNK = 1 << 20
DAMAGED = Phrase("the compressed file is cut off or damaged")


def chunks(file: Path) -> Iterator[bytes]:
    """The bytes of a file, unpacked if its ending says so, about a megabyte at a time.

    Raises ValueError where a compressed file is cut off or damaged, AuditError where the extra for it is missing.
    """
    ending = file.suffix.lower()
    with file.open("rb") as stream:
        if ending == ".gz":
            yield from gunzipped(stream)
        elif ending == ".zst":
            yield from unpacked(stream, file)
        else:
            yield from iter(lambda: stream.read(CHUNK), b"")


def gunzipped(stream: io.BufferedReader) -> Iterator[bytes]:
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


def unpacked(stream: io.BufferedReader, file: Path) -> Iterator[bytes]:
    """The bytes of a Zstandard stream of any number of frames."""
    try:
        import zstandard  # noqa: PLC0415 - only such a file needs it
    except ImportError as error:
        raise AuditError("{file}: .zst needs zstandard: pip install 'jiaokan[scale]'", file=file) from error
    frame: Any = None
    try:
        for packed in iter(lambda: stream.read(CHUNK // 8), b""):
            left = packed
            while left:
                frame = frame or zstandard.ZstdDecompressor().decompressobj()
                yield frame.decompress(left)
                left, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    except zstandard.ZstdError as error:
        raise ValueError(Phrase("{what} ({reason})", what=DAMAGED, reason=error)) from error
    if frame is not None:
        raise ValueError(Phrase("{what} ({reason})", what=DAMAGED, reason=Phrase("the last frame has no end")))


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
