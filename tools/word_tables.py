"""A word list packed to the tables that `audit.language.lexicon` reads."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from audit.language.lexicon import LONGEST, NEVER, SLOTS, STEP, longer, places_of

Floats = NDArray[np.float64]
LENGTH = 1.65  # characters of a word in prose
RARE = 20  # added to the frequency of each single character, so that any may stand for itself
FIRST_HAN, LAST_HAN = "\u4e00", "\u9fff"


def packed(
    words: Iterable[tuple[str, int]], tokens: NDArray[np.uint16], single: Floats
) -> dict[str, NDArray[np.generic]]:
    """The tables of words by frequency; `single` is the probability of each token by itself."""
    chars = np.unique(tokens[ord(FIRST_HAN) : ord(LAST_HAN) + 1])
    counts: dict[tuple[int, ...], float] = {(int(char),): float(RARE) for char in chars}
    for word, frequency in words:
        if len(word) <= LONGEST and all(FIRST_HAN <= char <= LAST_HAN for char in word):
            row = tuple(int(tokens[ord(char)]) for char in word)
            counts[row] = counts.get(row, 0.0) + frequency + 1
    other = single.copy()
    other[chars] = 0
    of_words = (1 - other.sum()) / LENGTH  # for each character of text
    mass = of_words / (of_words + other.sum())
    scale = mass / sum(counts.values())
    begins: dict[tuple[int, ...], float] = {}
    for row, count in counts.items():
        for start in list(accumulate(row, lambda one, more: (*one, more), initial=()))[1:-1]:
            begins[start] = begins.get(start, 0.0) + count * scale
    singles = np.full((3, len(single)), NEVER, dtype=np.uint8)
    for char in chars.tolist():
        singles[:2, char] = steps(counts[char,] * scale), steps(begins.get((char,), 0.0))
    outside = np.flatnonzero(other > 0)
    singles[2, outside] = [steps(one) for one in (other[outside] / other.sum() * (1 - mass)).tolist()]
    rows = sorted(
        {row for row in (*counts, *begins) if len(row) > 1},
        key=lambda row: (-counts.get(row, 0.0) - begins.get(row, 0.0) / scale, row),
    )
    entries = [steps(counts.get(row, 0.0) * scale) << 8 | steps(begins.get(row, 0.0)) for row in rows]
    return {"words": placed(rows, np.array(entries, dtype=np.uint32)), "words_single": singles}


def steps(chance: float) -> int:
    """A probability in steps of bits."""
    return NEVER if chance <= 0 else min(round(-np.log2(chance) / STEP), NEVER - 1)


def placed(rows: list[tuple[int, ...]], entries: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The table; where there is no room for all the first ones stay."""
    keys = np.zeros(len(rows), dtype=np.uint64)
    sizes = np.array([len(row) for row in rows])
    for at in range(LONGEST):
        some = np.flatnonzero(sizes > at)
        keys[some] = longer(keys[some], np.array([rows[n][at] for n in some.tolist()], dtype=np.int64))
    first, second, check = places_of(keys)
    table = np.zeros(SLOTS, dtype=np.uint32)
    left = np.ones(len(rows), dtype=bool)
    for slots in (first, second):
        fits = np.flatnonzero(left & (table[slots] == 0))
        some = fits[np.unique(slots[fits], return_index=True)[1]]
        table[slots[some]] = check[some] << 16 | entries[some]
        left[some] = False
    return table
