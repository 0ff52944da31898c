"""What can be opened and read: a file, or a member of an archive that is never written to disk."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from audit.words import Phrase

MAX_WHOLE = 1 << 28  # bytes of a member that has to be read whole; an audit of so much text takes some gigabytes
INSIDE = "!/"  # between an archive and what is in it, as in `a.zip!/dir/b.txt`


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name there, its size unpacked in bytes, and how to open it.

    In a tar archive it can be opened once, before the next one is asked for. `refusal` says why it must not be read,
    `other` what it is if it is no file.
    """

    name: str
    size: int
    opener: Callable[[], BinaryIO]
    refusal: str = ""
    other: str = ""

    @property
    def suffix(self) -> str:
        """The ending of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    def open(self, mode: str = "rb") -> BinaryIO:
        """The bytes as a stream; errors of the archive are raised as ValueError."""
        assert mode == "rb", "an archive is never written to"
        return self.opener()

    def read_bytes(self) -> bytes:
        """The bytes; raises ValueError where there are too many to be held."""
        if self.size > MAX_WHOLE:
            raise ValueError(
                Phrase("{size:.0f} MB are too large to be read inside an archive; unpack it", size=self.size / 1e6)
            )
        with self.open() as stream:
            return stream.read()


File = Path | Member


class Translated(io.RawIOBase):
    """A stream whose own kinds of errors are told as ValueError, so that one reader's fault is like another's."""

    def __init__(self, stream: Any, errors: tuple[type[Exception], ...]) -> None:
        self._stream, self._errors = stream, errors

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as the stream goes."""
        try:
            data = self._stream.read(len(buffer))
        except self._errors as error:
            raise ValueError(Phrase("the archive is damaged here ({reason})", reason=error)) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Closes the stream below too."""
        self._stream.close()
        super().close()


def seekable(file: File) -> BinaryIO:
    """A file as a stream in which one can jump: a member is read into memory for that."""
    return file.open("rb") if isinstance(file, Path) else io.BytesIO(file.read_bytes())
