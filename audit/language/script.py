"""Simplified and traditional: which script a character, a line and a text belong to.

Tables (built by `tools/build_tables.py`): `script_class` says of each code point whether it is written in one script only,
`script_fold` and `script_unfold` map one code point to its simplified and its usual traditional one, `script_register` tells
modern prose from classical.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.layout import line_numbers
from audit.language.spots import PIECE, kinds, narrow
from audit.language.whereabouts import fixed, where
from audit.model import Codes, Offsets, Text
from audit.native import kernels

TABLES = Path(__file__).parent / "tables"
Bytes = NDArray[np.uint8]

# bits of `script_class`
SIMPLIFIED = 1  # written so in simplified text only
TRADITIONAL = 2  # written so in traditional text only
MERGED = 4  # a member of one of `variants.FAMILIES`
KANA = 8  # kana and hangul: another language
HAN = 16
VARIANT = 32  # a member of a pair of `VARIANTS`
SILENT = 64  # a member that is looked at only where residue is the rule: common in good prose, or hardly ever wrong

VARIANTS = (
    "帳賬",
    "群羣",
    "為爲",
    "裡裏",
    "啟啓",
    "眾衆",
    "峰峯",
    "線綫",
    "床牀",
    "污汙",
)  # one word, two accepted forms

REACH = 30  # code points to either side that tell the register
WINDOWS = 50  # code points whose running sums cost as much as the window of one place
ONE_KNOWN = 1 << 15  # what a character of known register adds to the sums; the values of a window stay below half of it
MODERN = 0.0  # bits of `modernity`; of places in classical verse 0.1 % lie above -0.05, in law 0.1 % below 0.36
FOREIGN = 0.1  # kana and hangul per character from which a line is another language


COLLOQUIAL = 200  # characters to one of these; news and law of Hong Kong have one in 20,000 and more


class Scripts(NamedTuple):
    """Class bits of a text, shape (n,), and how many of its characters are written in one script only; the bit 128 is of no class."""

    bits: Bytes
    simplified: int
    traditional: int


_loaded: dict[str, NDArray[Any]] = {}


def table(name: str) -> NDArray[Any]:
    """One of the tables, mapped into memory."""
    if name not in _loaded:
        _loaded[name] = np.asarray(np.load(TABLES / f"{name}.npy", mmap_mode="r"))
    return _loaded[name]


def use(tables: Mapping[str, NDArray[Any]]) -> None:
    """Take these tables instead of the shipped ones, while they are being built."""
    _loaded.update(tables)


def class_table() -> Bytes:
    """Class bits of each code point below U+10000; shape (65536,)."""
    return table("script_class")


def fold_table() -> NDArray[np.uint16]:
    """Simplified code point of each code point below U+10000; what is no Han character falls to 0 to 3; shape (65536,)."""
    return table("script_fold")


def register_table() -> NDArray[np.int8]:
    """How much more often a character stands in modern than in classical prose, in quarter bits; shape (65536,)."""
    return table("script_register")


def classes(codes: Codes) -> Bytes:
    """Class bits of each code point; shape (n,)."""
    return class_table().take(codes, mode="clip")


def modernity(text: Text, at: Offsets) -> NDArray[np.float32]:
    """Mean of `register_table` over the Han characters within `REACH` of each place, in bits; shape (len(at),), places ascending.

    Where places are many, running sums of that piece of the text tell it, elsewhere a window of each place.
    """
    both = np.empty(len(at), dtype=np.int32)
    if kernels is not None:
        kernels.window_sums(narrow(text), _summed(), np.ascontiguousarray(at), _reach(), both)
        return _mean(both)
    pieces = at // PIECE
    crowded = np.bincount(pieces, minlength=1) * WINDOWS > PIECE
    for piece in np.flatnonzero(crowded).tolist():
        low, high = np.searchsorted(pieces, (piece, piece + 1))
        both[low:high] = _by_sums(text, at[low:high], piece * PIECE)
    few = np.flatnonzero(~crowded[pieces])
    both[few] = _by_windows(text, at[few])
    return _mean(both)


def _mean(both: NDArray[np.int32]) -> NDArray[np.float32]:
    """The mean of the known ones of such sums, in bits."""
    known = (both + (ONE_KNOWN >> 1)) // ONE_KNOWN
    return np.asarray((both - known * ONE_KNOWN) / np.maximum(known, 1) / 4, dtype=np.float32)


@cache
def _reach() -> Offsets:
    return np.array([REACH])


@cache
def _summed() -> NDArray[np.int32]:
    """Register values with `ONE_KNOWN` added to those that are known, so that one sum tells both; shape (65536,)."""
    table = register_table().astype(np.int32)
    table[table != 0] += ONE_KNOWN
    return table


def _by_sums(text: Text, at: Offsets, start: int) -> NDArray[np.int32]:
    """Sums of `_summed` around places of the piece of text that begins at `start`; shape (len(at),)."""
    first = max(start - REACH, 0)
    near = narrow(text)[first : start + PIECE + REACH + 1]
    sums = np.concatenate([[0], np.cumsum(_summed().take(near, mode="wrap"), dtype=np.int32)])
    ends, starts = np.minimum(at + REACH + 1 - first, len(near)), np.maximum(at - REACH - first, 0)
    return np.asarray(sums[ends] - sums[starts], dtype=np.int32)


def _by_windows(text: Text, at: Offsets) -> NDArray[np.int32]:
    """The same around places far apart."""
    codes, table, width = narrow(text), _summed(), 2 * REACH + 1
    sums = np.empty(len(at), dtype=np.int32)
    whole = (at >= REACH) & (at + REACH < len(codes))
    if whole.any():
        rows = np.lib.stride_tricks.sliding_window_view(codes, width)[at[whole] - REACH]
        sums[whole] = table.take(rows, mode="wrap").sum(axis=1, dtype=np.int32)
    for n in np.flatnonzero(~whole).tolist():
        sums[n] = table[codes[max(int(at[n]) - REACH, 0) : int(at[n]) + REACH + 1]].sum()
    return sums


def to_traditional(character: str) -> str:
    """The usual traditional form of a simplified character."""
    return chr(int(table("script_unfold")[ord(character)]))


def to_simplified(character: str) -> str:
    """The simplified form of a traditional character."""
    return chr(int(fold_table()[ord(character)]))


def scripts(text: Text) -> Scripts:
    """The text's class bits and script votes, counted once."""
    return cast("Scripts", text.signal("scripts", _count))


def _count(text: Text) -> Scripts:
    simplified, traditional = (int(votes.sum()) for votes in line_votes(text))
    return Scripts(kinds(text), simplified, traditional)


def line_votes(text: Text) -> tuple[Offsets, Offsets]:
    """How many simplified and how many traditional characters each line has; shapes (lines,)."""
    return cast("tuple[Offsets, Offsets]", text.signal("line scripts", _line_votes))


def _line_votes(text: Text) -> tuple[Offsets, Offsets]:
    bits = kinds(text)
    counts = np.zeros((2, len(text.line_starts)), dtype=np.int64)
    if kernels is not None:
        kernels.line_counts(bits, text.line_starts, _one_sided(), *counts)
        return counts[0], counts[1]
    for begin in range(0, len(bits), PIECE):
        piece = bits[begin : begin + PIECE]
        first, last = text.line_at(begin), text.line_at(begin + len(piece) - 1) + 1
        cuts = np.maximum(text.line_starts[first:last] - begin, 0)
        for row, kind in zip(counts, (SIMPLIFIED, TRADITIONAL), strict=True):
            row[first:last] += np.add.reduceat(((piece & kind) != 0).astype(np.int32), cuts, dtype=np.int32)
    return counts[0], counts[1]


@cache
def _one_sided() -> Bytes:
    return np.array((SIMPLIFIED, TRADITIONAL), dtype=np.uint8)


def count_between(places: Offsets, starts: Offsets, ends: Offsets) -> Offsets:
    """How many of the ascending `places` lie in each stretch."""
    return np.asarray(np.searchsorted(places, ends) - np.searchsorted(places, starts))


def cantonese(text: Text) -> bool:
    """Whether a text is written Cantonese, which has characters and uses of its own (`睇吓`, `佢係邊個`)."""
    return cast("bool", text.signal("script.cantonese", _cantonese))


def _cantonese(text: Text) -> bool:
    from audit.language.flags import CANTONESE, members  # noqa: PLC0415 - they are of words whose rules ask for the script

    return len(members(text, CANTONESE)) * COLLOQUIAL > len(text.body)


def foreign(text: Text, at: Offsets) -> NDArray[np.bool_]:
    """Whether each place is in a line of Japanese or Korean."""
    kana, _ = where(text, _kana())
    if not len(kana):
        return np.zeros(len(at), dtype=bool)
    if len(kana) > FOREIGN * len(text.codes):  # headings of such a text have no kana
        return np.ones(len(at), dtype=bool)
    lines = line_numbers(text, at)
    starts, ends = text.line_starts[lines], text.line_ends[lines]
    return np.asarray(count_between(kana, starts, ends) > FOREIGN * np.maximum(ends - starts, 1))


@cache
def _kana() -> NDArray[np.uint8]:
    """Which code points are kana or hangul; shape (65536,)."""
    return fixed(class_table() & KANA)
