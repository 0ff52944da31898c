"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows: nothing is swept
    fcntl = None

PART = ".jiaokan.part"
NAMED = 40  # characters of the target's name in that of its part; a name may have 255 bytes
_swept: set[Path] = set()


def write_atomically(
    path: Path, data: bytes | Iterable[bytes], *, follow: bool = True, still: Callable[[], None] = lambda: None
) -> None:
    """Puts `data`, whole or in pieces, at `path` in one step: a reader sees the old file or the new one, and a failure leaves the old.

    Owner, mode and attributes of an existing file are kept. A link stays a link if `follow`, else it is replaced. What is no regular
    file, a terminal or a pipe, is written to as it is. `still` is called when all is on the disk and only the last step is left; it
    raises to prevent that. Raises OSError as writing does.
    """
    pieces = [data] if isinstance(data, bytes) else data
    if follow and path.exists() and not path.is_file():
        with path.open("wb") as stream:
            stream.writelines(pieces)
        return
    target = Path(os.path.realpath(path) if follow else os.path.abspath(path))  # noqa: PTH100 - it must not follow the link
    with part_of(target) as (part, stream):
        stream.writelines(pieces)
        to_disk(stream)
        inherit(part, target)
        still()
        part.replace(target)


def inherit(part: Path, target: Path) -> None:
    """Gives a part what the regular file whose place it takes has, as far as this user may: owner, mode, extended attributes.

    Without such a file it gets the mode of a new one.
    """
    with contextlib.suppress(FileNotFoundError):  # others may remove it
        status = target.lstat()
        if stat.S_ISREG(status.st_mode):
            kept = _given_to(part, status)
            shutil.copystat(target, part)
            if not kept:
                part.chmod(stat.S_IMODE(status.st_mode) & ~(stat.S_ISUID | stat.S_ISGID))
            os.utime(part)
            return
    part.chmod(mode_of(target))


def _given_to(part: Path, status: os.stat_result) -> bool:
    """Whether the part belongs to the owner and group of `status` now."""
    if not hasattr(os, "chown"):  # Windows
        return True
    own = part.stat()
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        for owner in (status.st_uid, -1):  # the group at least: its members may read the file
            with contextlib.suppress(OSError):
                os.chown(part, owner, status.st_gid)
                return owner != -1
        return False
    return True


def mode_of(target: Path) -> int:
    """The mode of a regular file, no link; the one a new file gets where there is none, or no longer: others may remove it."""
    with contextlib.suppress(FileNotFoundError):
        status = target.lstat()
        if stat.S_ISREG(status.st_mode):
            return stat.S_IMODE(status.st_mode)
    return 0o666 & ~current_umask()


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Other processes wait here meanwhile: for files of a folder that belong together. Where there are no locks, nobody waits."""
    with contextlib.ExitStack() as stack:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                handle = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, handle)
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def part_of(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file beside the target, gone in the end unless it took the target's place."""
    sweep(target.parent)
    handle, name = _new_part(target)
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield Path(name), stream
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()


def sweep(folder: Path) -> None:
    """Removes, once for each folder, what processes left there that were killed while they wrote: their locks are gone with them."""
    if folder in _swept or fcntl is None:
        return
    _swept.add(folder)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") and entry.name.endswith(PART) and entry.is_file(follow_symlinks=False):
                _remove_if_left(entry.path)


def _remove_if_left(name: str) -> None:
    """Unlinks a part that no process holds."""
    with contextlib.suppress(OSError):
        handle = os.open(name, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Path(name).unlink()
        finally:
            os.close(handle)


def _new_part(target: Path) -> tuple[int, str]:
    """A part that is held by this process, and its name."""
    while True:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:NAMED]}.", suffix=PART)
        if fcntl is None:
            return handle, name
        with contextlib.suppress(OSError):  # some file systems have no locks, so nothing is swept there either
            fcntl.flock(handle, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(name)):  # noqa: PTH116 - beside the other
                return handle, name
        os.close(handle)  # another process took it for one that was left, before it was held


def to_disk(stream: BinaryIO) -> None:
    """All bytes written so far, on the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def current_umask() -> int:
    """The process's umask; asking for it means setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
