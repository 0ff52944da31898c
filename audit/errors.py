"""Faults of the caller, told so that they can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from audit.words import say


class AuditError(Exception):
    """Bad use: a wrong name, path or setting. The command line prints it and ends with 2.

    Takes an English sentence and the values that fill it; `str` gives it in the language spoken then.
    """

    def __init__(self, sentence: str, /, **values: Any) -> None:
        super().__init__(sentence)
        self.values = values

    def __str__(self) -> str:
        return say(self.args[0], **self.values)


def nearest(name: str, known: Iterable[str]) -> str:
    """`"; did you mean X?"` for the known name closest to `name`, or the empty string.

    >>> nearest("selct", ["select", "ignore"])
    "; did you mean 'select'?"
    """
    close = difflib.get_close_matches(name, list(known), n=1)
    return say("; did you mean {name!r}?", name=close[0]) if close else ""
