"""Faults of the caller, told so that they can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AuditError(Exception):
    """Bad use: a wrong name, path or setting. The command line prints it and ends with 2."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`"; did you mean X?"` for the known name closest to `name`, or the empty string.

    >>> nearest("selct", ["select", "ignore"])
    "; did you mean 'select'?"
    """
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
