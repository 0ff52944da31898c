"""Letters of romanisations, packed to numbers: pinyin with marks of any composition, and zhuyin.

A syllable's key holds its base letters, 7 bits each, and its tone in the lowest 3 bits, wherever the mark stands;
so `xiàng`, `xia\u0300ng`, `xiang4` have one key. Toneless pinyin has tone 0, zhuyin without a mark tone 1.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

LETTER_BITS = 7
TONE_BITS = 3
MAX_LETTERS = 7
SPECIAL = {("u", "\N{COMBINING DIAERESIS}"): 27, ("e", "\N{COMBINING CIRCUMFLEX ACCENT}"): 28}
FIRST_BOPOMOFO, LAST_BOPOMOFO = 0x3105, 0x3129
FIRST_ZHUYIN = 32
MARKS = {0x304: 1, 0x301: 2, 0x30C: 3, 0x306: 3, 0x300: 4}
ZHUYIN_TONES = {0x02C9: 1, 0x02CA: 2, 0x02C7: 3, 0x02CB: 4, 0x02D9: 5}
LOOKALIKES = {0x251: "a", 0x261: "g"}  # script a and g, from pinyin fonts and old phrase books
TABLE_SIZE = 0x3130


def _packed(code: int) -> int:
    """(base letter << 3) | tone of one code point; 0 for what no romanisation holds."""
    alone = MARKS.get(code) or ZHUYIN_TONES.get(code) or (code - ord("0") if ord("1") <= code <= ord("5") else 0)
    if alone:
        return alone
    if FIRST_BOPOMOFO <= code <= LAST_BOPOMOFO:
        return (FIRST_ZHUYIN + code - FIRST_BOPOMOFO) << TONE_BITS
    char = unicodedata.normalize("NFD", LOOKALIKES.get(code, chr(code)))
    base, marks = char[0].lower(), char[1:]
    letter, tone = ord(base) - ord("a") + 1, 0
    for mark in marks:
        if (base, mark) in SPECIAL:
            letter = SPECIAL[base, mark]
        elif ord(mark) in MARKS:
            tone = MARKS[ord(mark)]
        else:
            return 0
    return (letter << TONE_BITS) | tone if "a" <= base <= "z" else 0


@cache
def letter_table() -> NDArray[np.int64]:
    """(base letter << 3) | tone for code points below U+3130, 0 elsewhere; shape (0x3131,)."""
    used = [*range(0x31, 0x36), *range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), 0x251, 0x261]
    used += [*MARKS, *ZHUYIN_TONES, 0x1EBF, 0x1EC1, 0x1E3F, *range(FIRST_BOPOMOFO, LAST_BOPOMOFO + 1)]
    table = np.zeros(TABLE_SIZE + 1, dtype=np.int64)
    for code in used:
        table[code] = _packed(code)
    return table


def key_of(syllable: str) -> int:
    """The key of one syllable, 0 if it is none.

    >>> key_of("xiàng") == key_of("xia\u0300ng") == key_of("xiang4") != key_of("xiang")
    True
    """
    table = letter_table()
    key, tone, length = 0, 0, 0
    zhuyin = False
    for char in unicodedata.normalize("NFC", syllable):
        packed = int(table[min(ord(char), TABLE_SIZE)])
        if not packed or length >= MAX_LETTERS + 1:
            return 0
        tone += packed & 7
        if packed >> TONE_BITS:
            key = (key << LETTER_BITS) | (packed >> TONE_BITS)
            length += 1
            zhuyin = packed >> TONE_BITS >= FIRST_ZHUYIN
    if length > MAX_LETTERS or tone > 5:
        return 0
    return (key << TONE_BITS) | (tone or int(zhuyin))


def tone_of(syllable: str) -> int:
    """The tone that the syllable's letters carry, 0 for none."""
    return key_of(syllable) & 7


def bare(syllable: str) -> str:
    """The syllable without its tone.

    >>> bare("lüè"), bare("xiàng")
    ('lüe', 'xiang')
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", syllable) if ord(c) not in MARKS)
    return unicodedata.normalize("NFC", plain)
