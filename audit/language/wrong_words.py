"""Words that hold one wrong character, found by the pair of characters that it makes with its neighbour.

A list is text: on each line what stands, what belongs there (two characters run together), and the words. Where a word
means something else in some contexts, a second list gives a pattern for what must be around it, <> being the word.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.language.sets import among
from audit.language.spots import narrow
from audit.model import Offsets, Text


class Word(NamedTuple):
    """Where in a word the wrong character stands, the right one, and the word with what must be around it."""

    place: int
    form: str
    seen: re.Pattern[str]


class WrongWords(NamedTuple):
    """A list made ready: which characters stand wrong, shape (65536,); the pairs they make, ascending, and which characters stand before and
    behind them in these; the words by pair.
    """

    wrong: NDArray[np.bool_]
    beside: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    pairs: NDArray[np.uint64]
    words: dict[int, list[Word]]


def _lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.split("\n") if line]


def compile_words(listed: str, contexts: str) -> WrongWords:
    """The list made ready."""
    around = {text: pattern for pattern, *words in _lines(contexts) for text in words}
    found: dict[int, list[Word]] = {}
    wrong = np.zeros(0x10000, dtype=bool)
    for exchange, *words in _lines(listed):
        wrong[ord(exchange[0])] = True
        for text in words:
            place = text.index(exchange[0])
            first = max(place - 1, 0)
            word = Word(place, exchange[1], regex(around.get(text, "<>").replace("<>", text)))
            found.setdefault(ord(text[first]) << 32 | ord(text[first + 1]), []).append(word)
    before, behind = np.zeros_like(wrong), np.zeros_like(wrong)
    before[[pair >> 32 for pair in found]] = True
    behind[[pair & 0xFFFF for pair in found]] = True
    return WrongWords(wrong, (before, behind), np.array(sorted(found), dtype=np.uint64), found)


def find(text: Text, listed: WrongWords, at: Offsets) -> dict[int, str]:
    """Where a wrong character stands in one of the words, and the one that belongs there; by offset. `at` is where such characters stand, ascending."""
    codes = narrow(text)
    found: dict[int, str] = {}
    before, behind = listed.beside
    for step, likely in ((-1, before), (0, behind)):
        other = step or 1
        first = at.take(np.flatnonzero(likely.take(codes.take(at + other, mode="clip")))) + step
        first = first[slice(np.searchsorted(first, 0), np.searchsorted(first, len(codes) - 1))]
        if not len(first):
            continue
        pair = (text.codes[first].astype(np.uint64) << np.uint64(32)) | text.codes[first + 1]
        hits = np.flatnonzero(among(pair, listed.pairs))
        for start, key in zip(first[hits].tolist(), pair[hits].tolist(), strict=True):
            for word in listed.words[key]:
                begin = start - max(word.place - 1, 0)
                if begin >= 0 and word.seen.match(text.body, begin):
                    found[begin + word.place] = word.form
    return found
