"""Confusions of characters that words confirm: a second opinion, by another model than the one that found them.

What n-grams of characters call a confusion is right in half of the places where a clean text has one: they know few names and terms. A
row of words knows more of them, and where a word would be broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from audit.language.confusables import SHAPE, Confusion
from audit.model import Span, Text
from audit.restore.collate import Reading
from audit.restore.fluency import both_bits

# Bits that the exchange gains by n-grams, by n-grams and words together, and by words alone, for likeness in shape and in sound. Of characters
# exchanged by lot, one in 6,000, in 2 M characters of judgments, statutes, interfaces and answers that no table has seen 27 % are told (30 % by
# n-grams alone, from 13.5 and 16 bits), and 1.5 places in 100,000 that are as they were published (4.2), half of them misprints.
LIKELY = {True: (9.0, 14.0, 7.0), False: (11.0, 16.0, 9.0)}
# From here on it is as good as certain: of 45 such places in 12 M characters of published text that no table has seen 41 are misprints.
SURE = {True: (13.5, 17.0, 10.0), False: (16.5, 18.0, 13.0)}
CLEAR = 20.0  # bits by n-grams that are as good as those of n-grams and words together, for likeness in shape
# Of texts full of damage, one character in 200 exchanged, 33 % are told at a precision of 0.93 (35 % at 0.79 without words)
AMONG_MANY = 11.0
SOMEBODY = "某"  # behind a surname, which is like anything


class Misread(NamedTuple):
    """A confusion with the bits that its exchange gains by characters and words, and by words alone."""

    found: Confusion
    gain: float
    words: float

    def gains(self, bounds: Mapping[bool, tuple[float, float, float]]) -> bool:
        """Whether it gains as much as such bounds say."""
        least = bounds[self.found.kind == SHAPE]
        return all(own >= bound for own, bound in zip((self.found.gain, self.gain, self.words), least, strict=True))

    @property
    def likely(self) -> bool:
        """Whether it is told in a text that shows few of them."""
        return self.gains(LIKELY)

    @property
    def sure(self) -> bool:
        """Whether it is as good as certain, whatever the text."""
        clear = self.found.kind == SHAPE and self.found.gain >= CLEAR and self.words >= SURE[True][2]
        return clear or self.gains(SURE)


def misread(text: Text, found: Sequence[Confusion]) -> list[Misread]:
    """The confusions with what words say of each; none before a `某` that stands for a name."""
    rest = [one for one in found if text.body[one.at + 1 : one.at + 2] != SOMEBODY]
    if not rest:
        return []
    sides = [(Reading(text.body, Span(one.at, one.at + 1)), one.form) for one in rest]
    texts = [side.with_(said) for side, form in sides for said in (side.said, form)]
    gains = (bits[::2] - bits[1::2] for bits in both_bits(texts))
    return [Misread(one, *both) for one, *both in zip(rest, *(gain.tolist() for gain in gains), strict=True)]
