"""A text as overlapping runs of characters: what duplicate detection compares.

Only Han characters, letters and digits count (traditional folded to simplified, width and case folded), so that glosses
taken out, punctuation, blanks and line breaks change nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from audit.language.script import fold_table
from audit.language.spots import looked_up, narrow
from audit.language.whereabouts import fixed, where
from audit.model import Offsets, Text
from audit.native import kernels

RUN = 12  # characters of a print: shorter ones are the formulas of a genre
PARAGRAPH = 40  # kept characters; shorter lines are headings, list items, lines of verse
SAMPLED = 1 << 29  # prints below are kept: one in eight, chosen by its own hash, so equal passages keep equal prints
BINS = 128
BIN_SHIFT = 32 - 7
BELOW = np.uint32((1 << BIN_SHIFT) - 1)  # of a hash: its place in its bin
OFTEN = BINS * 16  # so many hashes below a bound leave a bin empty once in a hundred thousand texts
MANY = 4 * OFTEN
PIECE = 1 << 16  # at a time, so that all arrays stay in the cache
NOTHING = np.empty(0, dtype=np.uint16)
Words = NDArray[np.uint32]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Shingles:
    """The kept characters of a text, the prints of their runs, and its paragraphs.

    `kept` are folded code points, shape (n,), `dropped` the offsets of what lies between them; `prints` are the sampled hashes of
    runs of twelve and `print_at` where they begin, counted in kept characters, shapes (prints,); `lines` are the numbers
    of the lines of at least `PARAGRAPH` kept characters and `line_hashes` a hash of each, shapes (lines,).
    """

    kept: NDArray[np.uint16]
    dropped: Offsets
    prints: Words
    print_at: Offsets
    lines: Offsets
    line_hashes: Hashes

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """The kept characters of a span of the text."""
        low, high = _kept_before(self.dropped, np.array((start, end)))
        return int(low), int(high)

    def offset(self, place: int) -> int:
        """Where a kept character stands in the text."""
        return place + bisect_right(range(len(self.dropped)), place, key=lambda n: int(self.dropped[n]) - n)

    def string(self, low: int, high: int) -> str:
        """Kept characters as a string."""
        return self.kept[low:high].astype("<u2").tobytes().decode("utf-16-le", "surrogatepass")


def shingles(text: Text) -> Shingles:
    """The shared shingles of a text, computed once."""
    return cast("Shingles", text.signal("shingles", _compute))


def _compute(text: Text) -> Shingles:
    if kernels is not None:
        return _native(text)
    folded = (values for _, values in looked_up(text, _kept_table()))
    kept = np.concatenate([NOTHING, *(values.take((values != 0).nonzero()[0]) for values in folded)])
    dropped, _ = where(text, _dropped_table())
    lines = (text.line_ends - text.line_starts >= PARAGRAPH).nonzero()[0]
    low, high = (_kept_before(dropped, offsets.take(lines)) for offsets in (text.line_starts, text.line_ends))
    long = (high - low >= PARAGRAPH).nonzero()[0]
    lines = lines.take(long)
    borders = np.stack([low.take(long), high.take(long) - RUN + 1], axis=1)  # of the runs of each paragraph, ascending
    marks = np.zeros(
        (2, len(lines)), dtype=np.uint32
    )  # of all run hashes of each paragraph: their sum, and all of them exclusive
    prints, places = [np.empty(0, dtype=np.uint32)], [np.empty(0, dtype=np.int64)]
    for start in range(0, max(len(kept) - RUN + 1, 0), PIECE):
        hashes = run_hashes(kept[start : start + PIECE + RUN - 1])
        chosen = (hashes < SAMPLED).nonzero()[0]
        prints.append(hashes.take(chosen))
        places.append(chosen + start)
        first, last = borders[:, 1].searchsorted(start, side="right"), borders[:, 0].searchsorted(start + len(hashes))
        if first < last:
            cuts = np.clip(borders[first:last].ravel() - start, 0, len(hashes))
            cuts = cuts[: len(cuts) - (cuts[-1] == len(hashes))]
            marks[0, first:last] += np.add.reduceat(hashes, cuts, dtype=np.uint32)[::2]
            marks[1, first:last] ^= np.bitwise_xor.reduceat(hashes, cuts)[::2]
    line_hashes = _line_hashes(marks, borders[:, 1] - borders[:, 0])
    return Shingles(kept, dropped, np.concatenate(prints), np.concatenate(places), lines, line_hashes)


def _line_hashes(marks: NDArray[np.uint32], runs: Offsets) -> Hashes:
    """A hash of each paragraph, of those of its runs: their sum, all of them exclusive, and how many they are."""
    return np.asarray((marks[0].astype(np.uint64) << np.uint64(32) | marks[1]) + runs.astype(np.uint64))


def _native(text: Text) -> Shingles:
    """The same by two kernels: one sifts, the other hashes."""
    codes, size = narrow(text), len(text.line_starts)
    kept, dropped = np.empty(len(codes), dtype=np.uint16), np.empty(len(codes), dtype=np.int64)
    low, high = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    count = kernels.sift(codes, _kept_table(), text.line_starts, text.line_ends, kept, dropped, low, high)  # type: ignore[union-attr]
    kept, dropped = kept[:count].copy(), dropped[: len(codes) - count].copy()
    lines = (high - low >= PARAGRAPH).nonzero()[0]
    low, high = low.take(lines), high.take(lines) - RUN + 1
    marks = np.zeros((2, len(lines)), dtype=np.uint32)
    prints, places = np.empty(count, dtype=np.uint32), np.empty(count, dtype=np.int64)
    count = kernels.run_prints(kept, _sampled(), low, high, prints, places, *marks)  # type: ignore[union-attr]
    return Shingles(kept, dropped, prints[:count].copy(), places[:count].copy(), lines, _line_hashes(marks, high - low))


@cache
def _sampled() -> Words:
    return np.array([SAMPLED], dtype=np.uint32)


@cache
def _kept_table() -> NDArray[np.uint16]:
    """What each code point below U+10000 counts as: Han folded, letters and digits narrow and small, all else 0."""
    folded = fold_table()
    table = folded.copy()
    plain = np.flatnonzero((folded >= 2) & (folded <= 3))
    narrow = np.where((plain >= 0xFF01) & (plain <= 0xFF5E), plain - 0xFEE0, plain)
    table[plain] = np.where((narrow >= 0x41) & (narrow <= 0x5A), narrow | 0x20, narrow)
    table[folded < 2] = 0
    table[0xFFFF] = 0  # what lies beyond is clipped to it
    return table


@cache
def _dropped_table() -> NDArray[np.bool_]:
    """Which code points count as nothing; shape (65536,)."""
    return fixed(_kept_table() == 0)


def _kept_before(dropped: Offsets, offsets: Offsets) -> Offsets:
    """How many kept characters stand before each offset; shape of `offsets`."""
    return np.asarray(offsets - np.searchsorted(dropped, offsets))


def run_hashes(kept: NDArray[np.uint16]) -> Words:
    """Hash of each run of twelve kept characters; shape (n - 11,)."""
    if len(kept) < RUN:
        return np.empty(0, dtype=np.uint32)
    wide = kept.astype(np.uint32)
    two = wide[:-1] * np.uint32(0x9E3779B1)
    two += wide[1:]
    four = two[:-2] * np.uint32(0x85EBCA77)
    four += two[2:]
    last = four[:-4] * np.uint32(0xC2B2AE3D)
    last += four[4:]
    last = last[:-4]
    last += four[8:] * np.uint32(0x165667B1)
    last *= np.uint32(0x27D4EB2F)
    last ^= last >> np.uint32(15)
    return np.asarray(last)


def triple_hashes(kept: NDArray[np.uint16]) -> Words:
    """Hash of each run of three kept characters; shape (n - 2,)."""
    wide = kept.astype(np.uint32)
    values = wide[:-2] * np.uint32(0x9E3779B1) + wide[1:-1] * np.uint32(0x85EBCA77) + wide[2:] * np.uint32(0xC2B2AE3D)
    values ^= values >> np.uint32(15)
    values *= np.uint32(0x85EBCA6B)
    return np.asarray(values ^ (values >> np.uint32(13)))


def signature_of(kept: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The signature of the runs of three kept characters."""
    if kernels is None:
        return signature(triple_hashes(kept))
    value, filled = np.full(BINS, np.iinfo(np.uint32).max, dtype=np.uint32), np.zeros(BINS, dtype=bool)
    kernels.triple_minima(kept, value, filled)
    return _borrowed(value, filled)


def signature(triples: Words) -> NDArray[np.uint16]:
    """One-permutation MinHash of a set of hashes, shape (128,): the smallest of each bin, empty bins borrow from the right.

    The share of equal places of two signatures estimates the Jaccard similarity of the sets.
    """
    value = np.full(BINS, np.iinfo(np.uint32).max, dtype=np.uint32)
    filled = np.zeros(BINS, dtype=bool)
    if len(triples) >= MANY:  # the smallest of each bin are nearly always among these
        small = triples.take(np.flatnonzero((triples & BELOW) < BELOW // (len(triples) // OFTEN)))
        filled[small >> np.uint32(BIN_SHIFT)] = True
        np.minimum.at(value, small >> np.uint32(BIN_SHIFT), small)
    if not filled.all():
        bins = triples >> np.uint32(BIN_SHIFT)
        filled[bins] = True
        np.minimum.at(value, bins, triples)
    return _borrowed(value, filled)


def _borrowed(value: Words, filled: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """The smallest of each bin in 16 bits, those of empty bins borrowed."""
    out = ((value >> np.uint32(9)) & np.uint32(0xFFFF)).astype(np.uint16)
    if not filled.all():
        full = np.flatnonzero(filled)
        donor = full[np.searchsorted(full, np.arange(BINS)) % len(full)]
        distance = (donor - np.arange(BINS)) % BINS
        out = out[donor] + (distance * 0x9E37).astype(np.uint16)
    return out
