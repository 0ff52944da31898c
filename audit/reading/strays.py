"""Single bytes among ASCII letters in a file of UTF-8: an accent or a quotation mark, hardly ever half of a Han character."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.candidates import LETTER
from audit.reading.units import Units

WESTERN = "cp1252"
NONE, ACCENT, LOSS = 0, 1, 2
SMALL_LETTER = 0xE0  # two bytes from there on are two letters of windows-1252, as in `cr\xe9\xe9e`
SIGNS = (0xA0, 0xBF)
DIGITS = (0x30, 0x39)  # second byte of a character of four bytes in GB18030
LEAST_TRAIL = 0x40


def strays(units: Units) -> NDArray[np.int8]:
    r"""What each unit is, shape (units,): ACCENT or LOSS where all its bytes outside ASCII are stray ones, else NONE.

    Stray is one byte behind a letter, before two letters, or before what is never part of a character, or one that windows-1252 has
    for a sign behind a digit, as in `20\xb0C`; or two between letters, which are lost unless they are letters themselves.
    """
    found = np.full(len(units.ends), ACCENT, dtype=np.int8)
    if kernels:
        kernels.find_strays(units.joined, found)
        return found
    raw = np.frombuffer(b"\n" + units.joined + b"\n\n", dtype=np.uint8)
    high = raw >= 0x80
    first = np.flatnonzero(high[1:] & ~high[:-1]) + 1
    last = np.flatnonzero(high[:-1] & ~high[1:])
    letter = LETTER.take(np.minimum(raw, 0x80))
    behind, before, follows = letter[first - 1], letter[last + 1], raw[last + 1]
    apart = (follows < LEAST_TRAIL) & ((follows < DIGITS[0]) | (follows > DIGITS[1]))
    sign = (raw[first] > SIGNS[0]) & (raw[first] <= SIGNS[1]) & before
    counted = (raw[first - 1] >= DIGITS[0]) & (raw[first - 1] <= DIGITS[1])
    one = (last == first) & (behind | apart | (before & letter[last + 2]) | (sign & counted))
    two = (last == first + 1) & behind & before
    lost = two & (np.minimum(raw[first], raw[last]) < SMALL_LETTER)
    owner = np.searchsorted(units.ends, first - 1)
    found[owner[lost]] = LOSS
    found[owner[~(one | two)]] = NONE
    return found
