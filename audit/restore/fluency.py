"""How well a reading reads: bits from the language model, for many short readings at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language import fold, model, steps, surprise, tokens
from audit.language.lexicon import WEIGHT, lexicon
from audit.language.spots import distinct
from audit.model import Codes
from audit.native import kernels

ALOOF = (
    0xE000,
    0xAC00,
    0x7F,
)  # what follows these is hardly known, so what is left is how common the character is by itself

SURROGATES = 0xD800, 0xDFFF


def codes_of(text: str) -> Codes:
    """Code points, shape (n,), uint32."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def folded(text: str) -> str:
    """The text in simplified characters, one to one."""
    return fold(codes_of(text)).astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def bits_each(texts: Sequence[str], skip: int = 0) -> NDArray[np.float32]:
    """Bits of each text as if it stood on a line of its own, its first `skip` characters only context; shape (n,)."""
    sizes = np.array([len(text) + 1 for text in texts])
    ends = np.cumsum(sizes)
    bits = surprise(codes_of("\n".join([*texts, ""]))).astype(np.float64)
    total = np.concatenate([[0.0], np.cumsum(bits)])
    return np.asarray(total[ends - 1] - total[ends - sizes + skip], dtype=np.float32)


def bits_of(text: str, skip: int = 0) -> float:
    """The same of one text."""
    total = surprise(codes_of(text)).cumsum(dtype=np.float64)
    return float(np.float32((total[-1] if text else 0.0) - (total[skip - 1] if skip else 0.0)))


def words_bits(texts: Sequence[str], skip: int = 0) -> NDArray[np.float64]:
    """The same by triples of characters and by words: better, and ten times slower."""
    total, _, sizes = _in_lines(texts)
    return _between(total, sizes, skip)


def both_bits(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The same, and what it is by words alone."""
    total, worded, sizes = _in_lines(texts)
    words = np.zeros(len(total))
    np.cumsum(-np.log2(worded), out=words[1:])
    return _between(total, sizes), _between(words, sizes)


def characters_bits(texts: Sequence[str]) -> list[NDArray[np.float64]]:
    """The bits of each character of each text by the same; shapes (length,)."""
    total, _, sizes = _in_lines(texts)
    return [part[1:] for part in np.split(np.diff(total), sizes.cumsum()[:-1])]


def _between(total: NDArray[np.float64], sizes: NDArray[np.int64], skip: int = 0) -> NDArray[np.float64]:
    """The bits of each text, by those up to each character."""
    ends = sizes.cumsum()
    return np.asarray(total[ends] - total[ends - sizes + 1 + skip])


def _in_lines(texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Bits of texts up to each character, each text behind a line break, shape (n + 1,), how likely words make each, and how long each text is with it."""
    codes = codes_of("".join(["\n" + text for text in texts]))
    sizes = np.array([len(text) + 1 for text in texts])
    inside = np.arange(sizes.max()) < sizes[:, None]
    rows = np.zeros(inside.shape, dtype=np.int64)
    rows[inside] = tokens(codes)
    worded = lexicon().chance(rows)[inside]
    return _running(codes, worded), worded, sizes


def crossed(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int16]:
    """Tenths of bits of each token of `right` behind each of `left`; shape (left, right)."""
    if kernels is None:
        return steps(left.repeat(len(right)), np.tile(right, len(left))).reshape(len(left), len(right))
    costs, tables = np.empty((len(left), len(right)), dtype=np.int16), model()
    kernels.cross_steps(left, right, tables.rows, tables.bigram, tables.unigram, tables.backoff, costs)
    return costs


def rows_bits(texts: Codes, skip: int = 0) -> NDArray[np.float64]:
    """The same of texts of one length; shape (n,) for code points of shape (n, length)."""
    rows, length = texts.shape
    lines = np.full((rows, length + 1), ord("\n"), dtype=np.uint32)
    lines[:, 1:] = texts
    total = _running(lines.ravel(), lexicon().chance(tokens(lines)).ravel())
    ends = total[length + 1 :: length + 1]
    return np.asarray(ends - total[1 + skip :: length + 1][:rows])


def _running(codes: Codes, worded: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bits of lines up to each character, with how likely words make it; shape (n + 1,)."""
    bits = surprise(codes, deep=True).astype(np.float64)
    total = np.zeros(len(codes) + 1)
    np.cumsum(-np.log2((1 - WEIGHT) * np.exp2(-bits) + WEIGHT * worded), out=total[1:])
    return total


@cache
def spread() -> NDArray[np.float32]:
    """Bits that the model does not tell of each character: those of one class, digits or rare Han, share its bits; shape (65536,)."""
    codes = np.arange(65536, dtype=np.uint32)
    kinds, folded = tokens(codes), fold(codes)
    kinds[(codes >= SURROGATES[0]) & (codes <= SURROGATES[1])] = 0
    members = np.bincount(distinct(kinds << 16 | folded) >> 16, minlength=int(kinds.max()) + 1)
    return np.log2(members.take(kinds)).astype(np.float32)


@cache
def rarity() -> NDArray[np.float32]:
    """Bits of each character by itself, shape (65536,)."""
    found = np.zeros(65536, dtype=np.float32)
    probe = np.empty(2 * 65536, dtype=np.uint32)
    probe[1::2] = np.arange(65536)
    for context in ALOOF:
        probe[0::2] = context
        found = np.maximum(found, surprise(probe)[1::2])
    return found
