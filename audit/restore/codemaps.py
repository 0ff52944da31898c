"""Look-up tables over the characters below U+10000: the bytes that a reading habit shows as each, and what they were.

Built on first use (3 ms a codec) by decoding every pair of bytes at once.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.restore.codecs import EURO

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint16]
CODECS = {"gbk": "gbk", "big5": "cp950", "shift_jis": "cp932", "euc_kr": "cp949", "euc_jp": "euc_jp"}

# How a pair of bytes lies on the three-byte characters of UTF-8: which byte of a character it begins with.
NO_FIT, FIRST, SECOND, THIRD, THIRD_ASCII = range(5)
NEXT = {FIRST: (THIRD,), SECOND: (FIRST, THIRD_ASCII), THIRD: (SECOND,), THIRD_ASCII: (FIRST,)}


@cache
def words(read: str) -> Words:
    """The two bytes of each character in this habit, 0 where it has none; shape (65536,)."""
    return _tables(read)[0]


@cache
def others(read: str) -> dict[str, tuple[bytes, ...]]:
    """The characters that have several pairs of bytes, and all of them."""
    return _tables(read)[1]


@cache
def _tables(read: str) -> tuple[Words, dict[str, tuple[bytes, ...]]]:
    leads = np.arange(0x81, 0xFF, dtype=np.uint16)
    trails = np.array([byte for byte in range(0x40, 0xFF) if byte != 0x7F], dtype=np.uint16)
    pairs = (leads[:, None] << 8 | trails[None, :]).ravel()
    data = np.empty((len(pairs), 3), dtype=np.uint8)
    data[:, 0], data[:, 1], data[:, 2] = pairs >> 8, pairs & 255, ord("\n")
    codes = np.frombuffer(data.tobytes().decode(CODECS[read], "replace").encode("utf-16-le"), dtype="<u2")
    ends = np.flatnonzero(codes == ord("\n"))
    shown = codes[ends - 1]
    single = (np.diff(ends, prepend=-1) == 2) & (shown != ord("\N{REPLACEMENT CHARACTER}"))
    shown, pairs = shown[single], pairs[single]
    found = np.zeros(65536, dtype=np.uint16)
    found[shown[::-1]] = pairs[::-1]  # of several pairs the first
    several: dict[str, tuple[bytes, ...]] = {}
    again = np.bincount(shown, minlength=65536)[shown] > 1
    for code, word in zip(shown[again].tolist(), pairs[again].tolist(), strict=True):
        several[chr(code)] = (*several.get(chr(code), ()), word.to_bytes(2, "big"))
    if read == "gbk":
        found[ord(EURO)] = 0
    return found, several


@cache
def chars(written: str) -> Words:
    """The character of each pair of bytes in this codec, 0 where it has none; shape (65536,)."""
    table = words(written)
    found = np.zeros(65536, dtype=np.uint16)
    found[table] = np.arange(65536, dtype=np.uint16)
    found[0] = 0
    return found


@cache
def respelled(read: str, written: str) -> Words:
    """What each character was if its two bytes were written in another codec, 0 where nothing; shape (65536,)."""
    return chars(written)[words(read)]


@cache
def phases(read: str) -> Bytes:
    """How each character's two bytes would lie on UTF-8 (`FIRST` ...); shape (65536,)."""
    table = words(read)
    first, second = table >> 8, table & 255
    goes_on = (first >= 0x80) & (first <= 0xBF)
    second_on = (second >= 0x80) & (second <= 0xBF)
    second_lead = (second >= 0xE2) & (second <= 0xEF)
    found = np.zeros(65536, dtype=np.uint8)
    found[(first >= 0xE2) & (first <= 0xEF) & second_on] = FIRST
    found[goes_on & second_on] = SECOND
    found[goes_on & second_lead] = THIRD
    found[goes_on & (second < 0x80) & (table > 0)] = THIRD_ASCII
    return found


@cache
def follows() -> NDArray[np.bool_]:
    """Which phase may follow which; shape (8, 8)."""
    found = np.zeros((8, 8), dtype=bool)
    for phase, successors in NEXT.items():
        found[phase, list(successors)] = True
    return found


@cache
def shown(read: str) -> NDArray[np.bool_]:
    """Whether a reader has a character for a byte alone or with the next; shape (256, 256)."""
    found = np.zeros((256, 256), dtype=bool)
    if read == "utf-8":
        found[0xC2:0xE0, 0x80:0xC0] = True
        return found
    table, several = _tables(read)
    found[table >> 8, table & 255] = True
    for pairs in several.values():
        for pair in pairs:
            found[pair[0], pair[1]] = True
    for byte in range(256):
        shown_alone = bytes([byte]).decode(CODECS[read], "replace")
        if shown_alone != "\N{REPLACEMENT CHARACTER}":
            found[byte, :] = True
    return found
