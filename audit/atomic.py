"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_atomically(path: Path, data: bytes, *, follow: bool = True) -> None:
    """Puts `data` at `path` in one step: a reader sees the old file or the new one, and a failure leaves the old.

    The mode of an existing file is kept. A link stays a link if `follow`, else it is replaced. What is no regular file, a
    terminal or a pipe, is written to as it is. Raises OSError as writing does.
    """
    if follow and path.exists() and not path.is_file():
        with path.open("wb") as stream:
            stream.write(data)
        return
    target = Path(os.path.realpath(path) if follow else os.path.abspath(path))  # noqa: PTH100 - it must not follow the link
    with part_of(target) as (part, stream):
        stream.write(data)
        to_disk(stream)
        part.chmod(mode_of(target))
        part.replace(target)


def mode_of(target: Path) -> int:
    """The mode of a regular file, no link; the one a new file gets where there is none, or no longer: others may remove it."""
    with contextlib.suppress(FileNotFoundError):
        status = target.lstat()
        if stat.S_ISREG(status.st_mode):
            return stat.S_IMODE(status.st_mode)
    return 0o666 & ~current_umask()


@contextlib.contextmanager
def part_of(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file beside the target, gone in the end unless it took the target's place."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield Path(name), stream
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()


def to_disk(stream: BinaryIO) -> None:
    """All bytes written so far, on the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def current_umask() -> int:
    """The process's umask; asking for it means setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
