"""What `spots` tells characters apart by: tables over the code points of the BMP."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language.store import shipped

SPOT = 128  # bit of `kinds`: what `spots` lists; the lower ones are those of `script_class`
SLOTS = 256
LISTED = "　、。《》「」『』【】〔〕！（），．：；？％～·—‘’“”…×○●■◆★※①"  # beside ASCII
BEYOND = 0xFFFF  # a noncharacter stands for all code points that no set holds
EVERYDAY = 14.0  # bits of a Han character by itself; above lie 2 in 100 of those in prose
HAN = slice(0x4E00, 0xA000)


@cache
def kind_table() -> NDArray[np.uint8]:
    """`kinds` of each code point; shape (65536,)."""
    table = np.array(shipped().array("script_class"))
    table[~everyday()] |= SPOT
    return table


@cache
def everyday() -> NDArray[np.bool_]:
    """Which code points `spots` leaves out: the Han characters that make up four fifths of prose; shape (65536,)."""
    tables = shipped()
    bits = tables.array("unigram").take(tables.array("tokens")[HAN]) * 0.1
    common = np.zeros(BEYOND + 1, dtype=bool)
    common[HAN] = bits < EVERYDAY
    return common


@cache
def everyday_codes() -> NDArray[np.intp]:
    """The same as code points, ascending; shape (n,)."""
    return np.flatnonzero(everyday())


@cache
def mark_slots() -> NDArray[np.uint8]:
    """A number for each character that `places` is fast at: ASCII, and what stands oftenest in CJK and general punctuation.

    0 stands for all others; sorting by 8 bits takes half the time of sorting by 16. Shape (65536,).
    """
    table = np.zeros(BEYOND + 1, dtype=np.uint8)
    for number, code in enumerate((*range(1, 0x7F), *map(ord, LISTED)), 1):
        table[code] = number
    return table


@cache
def spot_bit() -> NDArray[np.uint8]:
    """`SPOT` as a kernel takes it; shape (1,)."""
    """`SPOT` as a kernel takes it; shape (1,)."""
    return np.array([SPOT], dtype=np.uint8)
