"""Where characters of a kind stand in a text, and how they are told."""

from __future__ import annotations

import numpy as np

from audit.language.sets import among
from audit.language.spots import one_of
from audit.language.whereabouts import where
from audit.model import Span, Text

HAN_RANGES = ((0x3400, 0x9FFF), (0x3000, 0x303F), (0xFF00, 0xFF65), (0x20000, 0x323AF), (0xF900, 0xFAFF))


def chars(*ranges: tuple[int, int]) -> str:
    """The characters of closed ranges of code points."""
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


def runs(text: Text, wanted: str) -> list[Span]:
    """Runs of the wanted characters."""
    at, _ = where(text, one_of(wanted))
    at = at[among(text.codes[at], list(map(ord, wanted)))]  # beyond the BMP the table tells none apart
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > 1)
    return [Span(int(a), int(b) + 1) for a, b in zip(at[np.r_[0, cuts + 1]], at[np.r_[cuts, len(at) - 1]], strict=True)]


def han(char: str) -> bool:
    """Whether this is a character of Chinese text, punctuation included; the edge of a line counts."""
    return char in ("", "\n", "\r") or any(first <= ord(char) <= last for first, last in HAN_RANGES)


def around(text: Text, span: Span) -> tuple[str, str]:
    """The characters beside a span, empty at the edges of the text."""
    return text.body[span.start - 1 : span.start] if span.start else "", text.body[span.end : span.end + 1]


def names(piece: str) -> str:
    """The code points of a run, spelled out: U+200B."""
    listed = list(dict.fromkeys(f"U+{ord(char):04X}" for char in piece))
    return " ".join(listed[:6]) + (" ..." if len(listed) > 6 else "")


def told(whole: Text, span: Span, **more: object) -> dict[str, object]:
    """Values and evidence of a run."""
    piece = whole.body[span.start : span.end]
    return {"names": names(piece), "count": len(piece), **more}
