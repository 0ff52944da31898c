"""Words as evidence: how likely each character is where text is a row of words, all ways to cut it taken together.

A word list knows far more words than the n-grams of any training text have seen, and where words begin. The model is of single
words; each character's probability is that of all words and beginnings of words that end with it, given the same one character
before. Mixed with n-grams of characters it takes a fifth of a bit from each character of genres that neither has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.store import Tables, shipped
from audit.native import kernels

SLOTS = 540_000
LONGEST = 8  # characters of a word
STEP = 0.125  # bits
NEVER = 255  # steps; stands for what is no word, or begins none
WEIGHT = 0.35  # of words beside n-grams; a tenth more or less costs 0.01 bits
LEAST = 1e-6  # of a place's probability, that a word begins there
MORE = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
HALF = np.uint64(32)
CHECKS = np.uint64(0xFFFF)
Tokens = NDArray[np.int64]
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]


def longer(keys: Keys, tokens: Tokens) -> Keys:
    """The keys of words that go on with these tokens; that of no token is 0."""
    found: Keys = keys * MORE + tokens.astype(np.uint64) + np.uint64(1)
    return found


def places_of(keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """The two slots of each key and its check, never 0; shapes of `keys`."""
    mixed = (keys ^ (keys >> HALF)) * FIRST
    mixed ^= mixed >> np.uint64(29)
    first, second = (((one >> HALF) * np.uint64(SLOTS) >> HALF).astype(np.int64) for one in (mixed, mixed * SECOND))
    return first, second, (mixed % CHECKS + np.uint64(1)).astype(np.uint32)


def chances() -> Floats:
    """The probability of each number of steps; shape (256,)."""
    found: Floats = np.exp2(np.arange(NEVER + 1) * -STEP)
    found[NEVER] = 0.0
    return found


class Singles(NamedTuple):
    """Of each token: its probability as a word, that it begins a longer one, its probability if it is no character of words."""

    word: Floats
    begins: Floats
    other: Floats


class Lexicon:
    """The tables as arrays ready for look-up."""

    def __init__(self, tables: Tables) -> None:
        self.words = tables.array("words")
        self.chances = chances()
        self.singles = Singles(*self.chances.take(tables.array("words_single")))

    def chance(self, tokens: Tokens) -> Floats:
        """The probability of each token behind those before it in its row; shape (rows, length) like `tokens`."""
        rows, length = tokens.shape
        told = np.empty((rows, length))
        if kernels is not None:
            kernels.word_chances(tokens, self.words, self.chances, *self.singles, told)
            return told
        ends, goes_on = self._spans(tokens)
        other = self.singles.other.take(tokens)
        began = np.zeros((rows, LONGEST))  # how likely a word begins 1, 2, ... characters back, of what is known so far
        began[:, 0] = 1.0
        for at in range(length):
            new = _added(began * ends[:, at]) + began[:, 0] * other[:, at]
            whole = new + _added(began * goes_on[:, at])
            told[:, at] = whole
            began[:, 1:] = began[:, :-1] / whole[:, None]
            began[:, 0] = np.maximum(new / whole, LEAST)
        return told

    def knows(self, tokens: Tokens) -> NDArray[np.bool_]:
        """Which rows of two or more tokens are words of the list; shape (rows,) for `tokens` of shape (rows, length)."""
        return self.knows_each([tokens])[0]

    def knows_each(self, several: Sequence[Tokens]) -> list[NDArray[np.bool_]]:
        """The same of several arrays of as many rows each: a look-up costs as much for few rows as for many."""
        keys = np.zeros((len(several), len(several[0])), dtype=np.uint64)
        for number, tokens in enumerate(several):
            for column in tokens.T:
                keys[number] = longer(keys[number], column)
        return list(self._look_up(keys)[0] > 0)

    def _spans(self, tokens: Tokens) -> tuple[Floats, Floats]:
        """Of the words of 1, 2, ... characters that end at each place: how likely each is, and longer ones that begin so.

        Shapes (rows, length, LONGEST).
        """
        rows, length = tokens.shape
        ends, goes_on = np.zeros((2, rows, length, LONGEST))
        ends[:, :, 0], goes_on[:, :, 0] = self.singles.word.take(tokens), self.singles.begins.take(tokens)
        keys = longer(np.zeros((rows, length), dtype=np.uint64), tokens)
        alive = goes_on[:, :, 0] > 0
        for size in range(1, min(LONGEST, length)):
            keys = longer(keys[:, :-1], tokens[:, size:])
            row, at = np.nonzero(alive[:, :-1])
            word, begins = self._look_up(keys[row, at])
            ends[row, at + size, size], goes_on[row, at + size, size] = word, begins
            alive = np.zeros(keys.shape, dtype=bool)
            alive[row, at] = begins > 0
        return ends, goes_on

    def _look_up(self, keys: Keys) -> tuple[Floats, Floats]:
        first, second, check = places_of(keys)
        one, two = self.words.take(first), self.words.take(second)
        entry = np.where(one >> 16 == check, one, np.where(two >> 16 == check, two, 0xFFFF))
        return self.chances.take(entry >> 8 & 0xFF), self.chances.take(entry & 0xFF)


def _added(parts: Floats) -> Floats:
    """The sum of each row, from its first to its last, as the kernel adds."""
    added: Floats = parts.cumsum(axis=1)[:, -1]
    return added


@cache
def lexicon() -> Lexicon:
    """That of the package."""
    return Lexicon(shipped())
