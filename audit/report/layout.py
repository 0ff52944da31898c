"""Text laid out for a terminal: lines of a width in cells, Chinese broken between characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

WIDE = frozenset("WF")
NEVER_FIRST = frozenset("，。、；：？！）》」』】〉％…—”’·,.;:?!)]%")  # such marks hang on what stands before them
NEVER_LAST = frozenset("（《「『【〈“‘([")


def cells(text: str) -> int:
    """How many columns a text takes.

    >>> cells("ab中")
    4
    """
    return sum(
        (unicodedata.east_asian_width(char) in WIDE or char in "“”‘’…—↵") + 1 for char in text if char.isprintable()
    )


def padded(text: str, width: int) -> str:
    """The text, filled with blanks to so many columns."""
    return text + " " * max(width - cells(text), 0)


def pieces(text: str) -> Iterator[str]:
    """What a line may not be broken inside of: Latin words with the blank behind, single Han with the marks that hang on."""
    piece = ""
    for char in text:
        broken = piece and (piece[-1] == " " or ((wide(char) or wide(piece[-1])) and char != " "))
        if broken and char not in NEVER_FIRST and piece[-1] not in NEVER_LAST:
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def wide(char: str) -> bool:
    """Whether a line may be broken beside this character."""
    return unicodedata.east_asian_width(char) in WIDE


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most so many columns; its own line breaks stay.

    >>> wrapped("一二三，四五", 7)
    ['一二', '三，四', '五']
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in pieces(paragraph):
            if line and cells(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return lines


def indented(text: str, width: int, indent: str) -> list[str]:
    """The text in lines behind an indent, `width` columns in all."""
    return [f"{indent}{line}" if line else "" for line in wrapped(text, width - cells(indent))]
