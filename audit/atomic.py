"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Puts `data` at `path` in one step: a reader sees the old file or the new one, and a failure leaves the old.

    The mode of an existing file is kept. Raises OSError as writing does.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~current_umask())
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
