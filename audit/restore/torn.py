"""Halves of characters that a reader dropped: bytes shown as pairs, read anew with a dropped byte between some of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import tokens
from audit.language.script import class_table
from audit.model import Codes
from audit.restore.codemaps import chars, shown
from audit.restore.fluency import codes_of, crossed, rarity, spread
from audit.restore.page import Script

STEP = 0.1  # bits
MOST = 12  # beginnings that are kept
COMMONEST = 96  # characters that may stand in one place
UNTOLD_BITS = 6.0  # that the model may leave untold of a character: those of more are rare
ENDS = -1  # nothing follows, so that a byte left alone is dropped
FIRST_WIDE, LAST_WIDE = 0x2010, 0xFFEF  # of characters that UTF-8 writes in three bytes and that may be proposed
FIRST_LEAD, LAST_LEAD = 0xE2, 0xEF  # of such characters
PRIVATE = 0xD800, 0xF8FF
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Reader(NamedTuple):
    """How bytes were written and read, and the script that was written."""

    written: str
    read: str
    script: Script


class Some(NamedTuple):
    """Characters of which one may stand somewhere: their tokens, and the bits of what ends so; shapes (n,)."""

    tokens: Ints
    bits: Floats
    codes: Codes


NONE = Some(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.uint32))


class _Ways(NamedTuple):
    """Texts that the bytes up to a place spell: as they are shown, and with some dropped; of either those behind which a byte waits."""

    plain: Some
    torn: Some
    waiting_plain: Some
    waiting_torn: Some


def torn_bits(units: Sequence[bytes], reader: Reader, beside: tuple[str, str]) -> tuple[float, float]:
    """Bits of the text that the bytes of shown characters spell, and of the best with single bytes dropped between them; infinite
    where there is none. `beside` is what stands before and behind.
    """
    ways, waiting = _Ways(_of(beside[0][-1:] or "\n"), NONE, NONE, NONE), ENDS
    for unit in units:
        ways = _dropped(ways, reader, waiting, unit[0])
        for number, byte in enumerate(unit):
            ways = _read(ways, reader, waiting, byte, first=not number)
            waiting = byte
    ways = _dropped(ways, reader, waiting, ENDS)
    last = _of(beside[1][:1] or "\n")
    plain, torn = (float(_behind(some, last).bits.min(initial=inf)) for some in (ways.plain, ways.torn))
    return plain, torn


def _dropped(ways: _Ways, reader: Reader, waiting: int, follower: int) -> _Ways:
    """The same with the byte that ends a waiting one dropped before the follower."""
    both = _either(ways.waiting_plain, ways.waiting_torn)
    if not len(both.bits):
        return ways
    return ways._replace(torn=_either(ways.torn, _behind(both, _ending(reader, waiting, follower))))


def _read(ways: _Ways, reader: Reader, waiting: int, byte: int, *, first: bool) -> _Ways:
    """The same with a further byte; before the first of a shown character another may have been dropped."""
    lent = _behind(_either(ways.plain, ways.torn), _beginning(reader, byte)) if first else NONE
    pair = waiting << 8 | byte
    plain = _behind(ways.waiting_plain, _one(reader._replace(script=Script.EITHER), pair))
    torn = _either(_behind(ways.waiting_torn, _one(reader, pair)), lent)
    if byte >= 0x80:
        return _Ways(plain, torn, ways.plain, ways.torn)
    alone = _one(reader, byte)
    return _Ways(_either(plain, _behind(ways.plain, alone)), _either(torn, _behind(ways.torn, alone)), NONE, NONE)


def _either(one: Some, other: Some) -> Some:
    """Both, or the likeliest of them."""
    if not len(one.bits) or not len(other.bits):
        return one if len(one.bits) else other
    both = Some(
        np.concatenate([one.tokens, other.tokens]),
        np.concatenate([one.bits, other.bits]),
        np.concatenate([one.codes, other.codes]),
    )
    if len(both.bits) <= MOST:
        return both
    return _kept(both, both.bits, MOST)


def _kept(some: Some, bits: NDArray[np.floating[Any]], most: int) -> Some:
    """Those that have the fewest bits."""
    keep = np.argsort(bits, kind="stable")[:most]
    return Some(some.tokens[keep], some.bits[keep], some.codes[keep])


def _behind(before: Some, some: Some) -> Some:
    """Some characters behind the best beginnings."""
    left, right = len(before.bits), len(some.bits)
    if not left or not right:
        return NONE
    bits = before.bits[:, None] + STEP * crossed(before.tokens, some.tokens)
    return Some(some.tokens, bits.min(axis=0) + some.bits, some.codes)


def _of(char: str) -> Some:
    return _chosen(codes_of(char), Script.EITHER)


def _chosen(codes: NDArray[Any], script: Script) -> Some:
    """Those of some characters that a text of this script may hold, with the bits that the model does not tell."""
    own = codes[(codes > 0) & ((class_table().take(codes, mode="clip") & script.value) == 0)].astype(np.uint32)
    return Some(tokens(own).astype(np.int64), spread().take(own, mode="clip").astype(np.float64), own)


def _likely(codes: NDArray[Any], script: Script) -> Some:
    """The commonest of them."""
    own = _chosen(codes[spread().take(codes, mode="clip") <= UNTOLD_BITS], script)
    return _kept(own, rarity().take(own.codes, mode="clip"), COMMONEST)


@lru_cache(maxsize=1 << 12)
def _one(reader: Reader, pair: int) -> Some:
    """The character of a pair of bytes, or of one of ASCII."""
    return _chosen(np.array([pair if 0 <= pair < 0x80 else chars(reader.written)[pair & 0xFFFF]]), reader.script)


@lru_cache(maxsize=1 << 10)
def _beginning(reader: Reader, trail: int) -> Some:
    """Characters of which the first byte was dropped before this one."""
    return _likely(chars(reader.written).take(_dropped_before(reader.read, trail) << 8 | trail), reader.script)


@lru_cache(maxsize=1 << 12)
def _ending(reader: Reader, lead: int, follower: int) -> Some:
    """Characters with this first byte of which the second was dropped before the follower."""
    return _likely(chars(reader.written).take(lead << 8 | _dropped_before(reader.read, follower)), reader.script)


@lru_cache(maxsize=1 << 9)
def vanished(reader: Reader, follower: int) -> Some:
    """Characters of which all bytes were dropped before the follower."""
    if reader.written == "utf-8":
        codes, third = _gone_whole(reader.read)
        return _likely(codes[_drops(reader.read, follower).take(third)], reader.script)
    table = shown(reader.read)
    last = _dropped_before(reader.read, follower)
    pairs = np.arange(256)[:, None] << 8 | last
    return _likely(chars(reader.written).take(pairs[~table[:, last]]), reader.script)


@cache
def _gone_whole(read: str) -> tuple[Codes, Ints]:
    """The characters of three bytes of UTF-8 of which a reader drops two whatever follows, and the third bytes."""
    table, codes = shown(read), np.arange(FIRST_WIDE, LAST_WIDE)
    codes = codes[(codes < PRIVATE[0]) | (codes > PRIVATE[1])]
    first, second, third = 0xE0 | codes >> 12, 0x80 | codes >> 6 & 0x3F, 0x80 | codes & 0x3F
    gone = ~table[first, second] & ~table[second, third]
    return codes[gone].astype(np.uint32), third[gone]


def _drops(read: str, follower: int) -> NDArray[np.bool_]:
    """Which bytes a reader drops before another, or at an end; shape (256,)."""
    table = shown(read)
    return np.asarray(~(table.all(axis=1) if follower == ENDS else table[:, follower]))


def _dropped_before(read: str, follower: int) -> Ints:
    """The same bytes."""
    return np.flatnonzero(_drops(read, follower))


@cache
def loses_leads(read: str) -> bool:
    """Whether a reader may drop the first byte of a character of UTF-8: GBK has a character for each with any other byte."""
    return not bool(shown(read)[FIRST_LEAD : LAST_LEAD + 1, 0x80:0xC0].all())
