"""An output folder that takes no more: full, read-only, or gone; told as such, whoever of the libraries noticed it."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from audit.errors import AuditError
from audit.words import Phrase

REFUSED = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EROFS", "EFBIG", "EIO", "EACCES", "EPERM", "ENOTDIR")
    if hasattr(errno, name)
)  # EDQUOT is not known everywhere
SPILL = "max_temp_directory_size"  # what the database says where its spill has used up the disk


@contextlib.contextmanager
def written_to(output: str) -> Iterator[None]:
    """Raises AuditError, with the folder and the reason, for what failed since the folder could not be written."""
    try:
        yield
    except Exception as error:
        if (reason := refusal(error, output)) is None:
            raise
        raise AuditError("{output}: cannot be written ({value})", output=output, value=reason) from error


def refusal(error: Exception, output: str) -> Phrase | None:
    """Why the folder could not be written; None where something else failed."""
    if isinstance(error, OSError):
        inside = error.filename is None or Path(os.fsdecode(error.filename)).is_relative_to(output)
        if inside and (error.filename is not None or error.errno in REFUSED):
            return Phrase(os.strerror(error.errno) if error.errno else str(error))
        return None
    if not type(error).__module__.partition(".")[0].endswith("duckdb"):
        return None
    said = str(error)
    if SPILL in said:
        return Phrase(os.strerror(errno.ENOSPC))
    return next((Phrase(reason) for reason in map(os.strerror, sorted(REFUSED)) if reason in said), None)
