"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


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
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        regular = target.is_file() and (follow or not target.is_symlink())
        part.chmod(target.stat().st_mode & 0o7777 if regular else 0o666 & ~current_umask())
        part.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def current_umask() -> int:
    """The process's umask; asking for it means setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
