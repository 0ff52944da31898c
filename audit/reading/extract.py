"""The text of a file that is no plain text: as a reader sees it, with where each piece of it stands in the file.

A format of such files is a module of `audit.reading.formats` with one function:

    extract(file)   what the file says, as an `Extract`; ValueError where it cannot be read at all
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from audit.errors import AuditError
from audit.reading.files import File
from audit.reading.records import Broken, format_of, module
from audit.text import Decoded, Marks
from audit.words import Phrase


class Titled(NamedTuple):
    """A heading's line: its level, 1 the highest, and where it stands in the text."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extract:
    """A text with its coordinates; `broken` are parts of the file that have none.

    `decoded` has the text's encodings and `raw` the bytes where the file itself is text, as HTML is.
    """

    text: str
    marks: Marks | None
    headings: tuple[Titled, ...] = ()
    broken: tuple[Broken, ...] = ()
    raw: bytes | None = None
    decoded: Decoded | None = None


def extract(file: File) -> Extract:
    """What a file of pages says; raises ValueError or OSError where it cannot be read, AuditError where a package is missing."""
    kind = format_of(file.name)
    assert kind is not None
    try:
        made: Extract = module(kind).extract(file)
    except (OSError, EOFError, ValueError, ArithmeticError, AuditError):
        raise
    except Exception as error:  # readers are other people's programs, and one file must not end the audit of all
        reason = f"{type(error).__name__}: {error}"
        raise ValueError(Phrase("its reader failed ({reason})", reason=reason)) from error
    return made
