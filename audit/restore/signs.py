"""The characters of a text at which damage to its bytes may show: one look-up per character, shared by the searches."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.whereabouts import fixed, where
from audit.model import Offsets, Text
from audit.restore.fluency import rarity
from audit.restore.run import MARKS

# Han characters rarer than this are strange. Clean prose has 2 to 27 of them in 1,000 characters (classical verse 60);
# of UTF-8 read as GBK and of GBK read as Big5 more than half are such.
RARE_BITS = 16.0
HAN, SIGN, LETTER, COMMA, MARK = 1, 2, 4, 8, 16
COMMA_BYTE = MARKS[","]  # of the characters that it may open only 現 is common, and 現 ends its run at once
ORDINARY = "·•×÷°±§«»“”‘’…—–‰→←↑↓∶≤≥≠√∑∏①②③④⑤⑥⑦⑧⑨⑩─│┌┐└┘├┤┬┴┼■□▲△●○★☆◆◇"


class Signs(NamedTuple):
    """Where such characters stand, ascending, and what they are; shapes (n,)."""

    at: Offsets
    kinds: NDArray[np.uint8]


def signs(text: Text) -> Signs:
    """Strange characters and the marks that may be halves of characters; computed once."""
    return cast("Signs", text.signal("byte signs", lambda whole: Signs(*where(whole, _kinds()))))


@cache
def _kinds() -> NDArray[np.uint8]:
    """What `strange` says, and the marks; shape (65536,)."""
    table = strange().copy()
    for mark, byte in MARKS.items():
        table[ord(mark)] |= COMMA if byte == COMMA_BYTE else MARK
    return fixed(table)


@cache
def strange() -> NDArray[np.uint8]:
    """What is strange about each character: `HAN` a rare one, `SIGN` of a script or area that Chinese text has not, `LETTER` of a one-byte codec."""
    found = np.zeros(65536, dtype=np.uint8)
    rare = rarity() >= RARE_BITS
    for first, last, kind in (
        (0x80, 0x24F, LETTER),
        (0x250, 0x36F, SIGN | LETTER),
        (0x370, 0x45F, LETTER),
        (0x460, 0x7FF, SIGN | LETTER),
        (0x2018, 0x203A, LETTER),
        (0x20A0, 0x22FF, LETTER),
        (0x2310, 0x25CA, LETTER),
        (0xF8FF, 0xF8FF, LETTER),
        (0xFB01, 0xFB02, LETTER),
        (0x3100, 0x312F, SIGN),
        (0xAC00, 0xD7A3, SIGN),
        (0xE000, 0xF8FE, SIGN),
        (0xFF61, 0xFF9F, SIGN),
        (0xFFFD, 0xFFFD, SIGN),
        (0x2E80, 0x2FDF, HAN),
        (0x3400, 0x9FFF, HAN),
        (0xF900, 0xFAFF, HAN),
    ):
        part = slice(first, last + 1)
        found[part] = np.where(rare[part] | (kind != HAN), kind, 0)
    for char in ORDINARY:
        found[ord(char)] = 0
    found[ord("\N{EURO SIGN}")] = SIGN | LETTER
    return found
