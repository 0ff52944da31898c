"""Punctuation marks and brackets of a text: where they stand and what they are."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.whereabouts import fixed, where
from audit.model import Offsets, Text

HALF = ",;:!?"
FULL = "，；：！？"
STOPS = "，。、；：" + ",;"
PAIRS = ("“”", "‘’", "「」", "『』", "《》", "（）", "【】", "〔〕")
ROUND = PAIRS.index("（）")
# bits of a code point; the low five say which bracket: 2 * pair + 1 opens, 2 * pair + 2 closes
BRACKET, IS_HALF, IS_FULL, IS_STOP = 31, 32, 64, 128


class Marks(NamedTuple):
    """Offsets of marks and brackets, ascending, and their bits; shapes (n,)."""

    at: Offsets
    bits: NDArray[np.uint8]


@cache
def _table() -> NDArray[np.uint8]:
    table = np.zeros(65536, dtype=np.uint8)
    for number, pair in enumerate((*PAIRS, "()")):
        first = 2 * (number if number < len(PAIRS) else ROUND) + 1
        table[[ord(bracket) for bracket in pair]] = first, first + 1
    for marks, bit in ((HALF, IS_HALF), (FULL, IS_FULL), (STOPS, IS_STOP)):
        for mark in marks:
            table[ord(mark)] |= bit
    return fixed(table)


def marks(text: Text) -> Marks:
    """The text's marks and brackets, looked up once."""
    return cast("Marks", text.signal("marks", lambda whole: Marks(*where(whole, _table()))))


def is_han(text: Text, at: Offsets) -> NDArray[np.bool_]:
    """Whether a Han character stands at each place; outside the text none does."""
    codes = text.codes.take(at, mode="clip")
    return np.asarray((at >= 0) & (at < len(text.codes)) & (codes >= 0x3400) & (codes < 0xA000))
