"""What the tool knows of the language: n-gram surprise, script folding, readings. Tables load on first use."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audit.language.sounds import characters, readings, reads, same_sound, syllable_ids, syllable_name, syllables, usual
from audit.language.store import shipped

if TYPE_CHECKING:
    from audit.language.surprisal import Counts, Model

__all__ = [
    "adapt",
    "behind",
    "characters",
    "checked_surprise",
    "fold",
    "model",
    "rarity",
    "readings",
    "reads",
    "same_sound",
    "steps",
    "steps_at",
    "surprise",
    "syllable_ids",
    "syllable_name",
    "syllables",
    "tokens",
    "usual",
]


@cache
def model() -> Model:
    """The tables of the language as arrays."""
    from audit.language.surprisal import Model  # noqa: PLC0415  (the face stays light)

    return Model(shipped())


def fold(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Traditional to simplified, one code point to one; shape (n,). Others, widths too, are left alone."""
    folded = shipped().array("fold").take(codes, mode="clip").astype(np.uint32)
    beyond = codes > 0xFFFF
    if beyond.any():
        folded[beyond] = codes[beyond]
    return folded


def rarity(codes: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Bits of each code point by itself, shape (n,): 9 to 11 for the commonest 800 Han, above 14.5 behind rank 3,500."""
    tables = shipped()
    steps = tables.array("unigram").take(tables.array("tokens").take(codes, mode="clip"))
    return steps.astype(np.float32) * np.float32(0.1)


def surprise(codes: NDArray[np.uint32], adapt: Counts | None = None, *, deep: bool = False) -> NDArray[np.float32]:
    """Bits of each code point, shape (n,), float32: how unlikely it is after the one before it.

    With `deep` after the two before it: better (0.2 to 0.5 bits a character) and three times slower, for short stretches
    and for ranking repairs. With `adapt` the other lines of the collection have their say.
    """
    return model().surprise(codes, adapt, deep=deep)


def checked_surprise(codes: NDArray[np.uint32]) -> NDArray[np.float32]:
    """As `surprise` with `deep`, but no pair or triple passes for another that a table holds in its place; shape (n,).

    Running text loses nothing by such mistakes. The likeliest of a thousand guesses is made by them: one triple in 400 that was
    never seen passes for a frequent one.
    """
    return model().checked(codes)


def tokens(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """What the model takes each code point for, shape of `codes`; `behind` judges these."""
    return model().tokens.take(codes, mode="clip").astype(np.int64)


def behind(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float32]:
    """Bits of each token behind its own left neighbour, shape (n,): `surprise` for many short texts at once."""
    return model().behind(left, right)


def steps(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int16]:
    """The same in tenths of bits."""
    return model().steps(left, right)


def steps_at(codes: NDArray[np.uint16], places: NDArray[np.int64], reach: int) -> NDArray[np.int32]:
    """Tenths of bits of the code point at each place and of the `reach` behind it, each behind its left neighbour, added up; shape of `places`.

    `codes` are those of the text in 16 bits; line breaks stand outside of it.
    """
    return model().steps_at(codes, places, reach)


def adapt(texts: Iterable[NDArray[np.uint32]]) -> Counts:
    """A collection's own n-grams, for `surprise`."""
    return model().adapt(texts)
