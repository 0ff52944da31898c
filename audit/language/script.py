"""Simplified and traditional: which script a character, a line and a text belong to.

Tables (built by `tools/build_tables.py`): `script_class` says of each code point whether it is written in one script only,
`script_fold` and `script_unfold` map one code point to its simplified and its usual traditional one, `script_register` tells
modern prose from classical.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.spots import look_up, looked_up, where
from audit.model import Codes, Offsets, Text

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
WINDOWS = 150  # code points whose running sums cost as much as the window of one place
ONE_KNOWN = 1 << 15  # what a character of known register adds to the sums; the values of a window stay below half of it
MODERN = 0.0  # bits of `modernity`; of places in classical verse 0.1 % lie above -0.05, in law 0.1 % below 0.36
FOREIGN = 0.1  # kana and hangul per character from which a line is another language


class Scripts(NamedTuple):
    """Class bits of a text, and its characters that are written in one script only: where, which, and how many of each.

    `bits` has shape (n,); `at` ascends, `is_traditional` says of each of them which script it is, shapes (one-sided,).
    """

    bits: Bytes
    at: Offsets
    is_traditional: NDArray[np.bool_]
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
    """Mean of `register_table` over the Han characters within `REACH` of each place, in bits; shape (len(at),)."""
    codes = text.codes
    if len(at) * WINDOWS > len(codes):
        sums = cast("NDArray[np.int32]", text.signal("register", _register_sums))
        both = sums[np.minimum(at + REACH + 1, len(codes))] - sums[np.maximum(at - REACH, 0)]
        known = (both + (ONE_KNOWN >> 1)) // ONE_KNOWN
        mean = (both - known * ONE_KNOWN) / np.maximum(known, 1)
    else:
        window = at[:, None] + np.arange(-REACH, REACH + 1)
        value = register_table().take(codes.take(window, mode="clip"), mode="clip")
        value[(window < 0) | (window >= len(codes))] = 0
        mean = value.sum(axis=1, dtype=np.int32) / np.maximum((value != 0).sum(axis=1), 1)
    return np.asarray(mean / 4, dtype=np.float32)


def _register_sums(text: Text) -> NDArray[np.int32]:
    """Register values before each code point, each with `ONE_KNOWN` added; they wrap, differences of windows do not; shape (n + 1,)."""
    table = register_table().astype(np.int32)
    table[table != 0] += ONE_KNOWN
    sums = np.zeros(len(text.codes) + 1, dtype=np.int32)
    for start, values in looked_up(text, table):
        values[0] += sums[start]
        np.cumsum(values, out=sums[start + 1 : start + 1 + len(values)])
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
    bits = look_up(text, class_table())
    at = np.flatnonzero((bits & (SIMPLIFIED | TRADITIONAL)) != 0)
    is_traditional = (bits[at] & TRADITIONAL) != 0
    traditional = int(np.count_nonzero(is_traditional))
    return Scripts(bits, at, is_traditional, len(at) - traditional, traditional)


def line_votes(text: Text) -> tuple[Offsets, Offsets]:
    """How many simplified and how many traditional characters each line has; shapes (lines,)."""
    return cast("tuple[Offsets, Offsets]", text.signal("line scripts", _line_votes))


def _line_votes(text: Text) -> tuple[Offsets, Offsets]:
    found = scripts(text)
    bounds = np.append(np.searchsorted(found.at, text.line_starts), len(found.at))
    before = np.cumsum(found.is_traditional, dtype=np.int32)
    traditional = np.diff(np.where(bounds > 0, before[bounds - 1], 0)) if len(before) else np.diff(bounds)
    return np.diff(bounds) - traditional, traditional


def line_numbers(text: Text, at: Offsets) -> Offsets:
    """0-based number of the line that holds each place."""
    return np.asarray(np.searchsorted(text.line_starts, at, side="right") - 1)


def count_between(places: Offsets, starts: Offsets, ends: Offsets) -> Offsets:
    """How many of the ascending `places` lie in each stretch."""
    return np.asarray(np.searchsorted(places, ends) - np.searchsorted(places, starts))


def foreign(text: Text, at: Offsets) -> NDArray[np.bool_]:
    """Whether each place is in a line of Japanese or Korean."""
    kana, _ = where(text, class_table() & KANA)
    if not len(kana):
        return np.zeros(len(at), dtype=bool)
    if len(kana) > FOREIGN * len(text.codes):  # headings of such a text have no kana
        return np.ones(len(at), dtype=bool)
    lines = line_numbers(text, at)
    starts, ends = text.line_starts[lines], text.line_ends[lines]
    return np.asarray(count_between(kana, starts, ends) > FOREIGN * np.maximum(ends - starts, 1))
