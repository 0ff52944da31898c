"""GBK as browsers and Windows read it: two bytes a character, private use vanishes, 0x80 is a euro sign.

Python's own `gbk` codec resynchronises after one bad byte and knows fewer signs; pages were not read that way.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.uint16]
EURO = 0x80
FIRST_LEAD, LAST_LEAD = 0x81, 0xFE
FIRST_TRAIL = 0x40
LOST = "?"


class Piece(NamedTuple):
    """What a decoder made of `data[start:end]`; the empty string where it dropped the bytes."""

    text: str
    start: int
    end: int


@cache
def char_table() -> Table:
    """Code point of each pair `lead << 8 | trail`; 0 where it is no pair or vanishes; shape (65536,)."""
    trails = [trail for trail in range(FIRST_TRAIL, 0xFF) if is_trail(trail)]
    pairs = np.add.outer(
        np.arange(FIRST_LEAD, LAST_LEAD + 1, dtype=np.uint16) << 8, np.array(trails, np.uint16)
    ).ravel()
    shown = pairs.astype(">u2").tobytes().decode("gb18030")  # each pair is one character below U+10000
    codes = np.frombuffer(shown.encode("utf-16-le"), dtype="<u2")
    table = np.zeros(0x10000, dtype=np.uint16)
    table[pairs] = np.where((codes >= 0xE000) & (codes <= 0xF8FF), 0, codes)
    table.flags.writeable = False
    return table


@cache
def pair_table() -> Table:
    """Pair `lead << 8 | trail` of each code point below U+10000; 0 where it has none; shape (65536,)."""
    chars = char_table()
    table = np.zeros(0x10000, dtype=np.uint16)
    pairs = np.flatnonzero(chars)
    table[chars[pairs]] = pairs
    table.flags.writeable = False
    return table


@cache
def _pairs() -> dict[str, bytes]:
    codes = np.flatnonzero(pair_table())
    written = pair_table()[codes].astype(">u2").tobytes()
    pairs = (written[at : at + 2] for at in range(0, len(written), 2))
    return dict(zip(map(chr, codes.tolist()), pairs, strict=True))


@cache
def _codes() -> dict[str, bytes]:
    return {"": b"", **{chr(code): bytes((code,)) for code in range(0x80)}, **_pairs()}


@cache
def _chars() -> dict[bytes, str]:
    return dict(zip(_pairs().values(), _pairs(), strict=True))


def is_lead(byte: int) -> bool:
    """Whether the byte opens a pair."""
    return FIRST_LEAD <= byte <= LAST_LEAD


def is_trail(byte: int) -> bool:
    """Whether the byte may close a pair."""
    return FIRST_TRAIL <= byte <= 0xFE and byte != 0x7F


def encode_char(char: str) -> bytes | None:
    """The bytes of one character: one for ASCII, two for a pair; None where GBK has none."""
    return _codes().get(char)


def pair_char(lead: int, trail: int) -> str:
    """The character of a pair; empty where the pair vanishes."""
    return _chars().get(bytes((lead, trail)), "")


def decode(data: bytes, base: int = 0, *, mark_lost: bool = False) -> Iterator[Piece]:
    """Read bytes as the pages' programs did; offsets count from `base`.

    A lead byte that stands before no trail byte is dropped; with `mark_lost` it shows as a question mark and takes the
    byte behind it along. Pairs without a character vanish.
    """
    at, size, chars, make = 0, len(data), _chars(), tuple.__new__
    while at < size:
        byte = data[at]
        if byte <= EURO or byte > LAST_LEAD:
            text = "\N{EURO SIGN}" if byte == EURO else chr(byte) if byte < EURO else ""
            step = 1
        elif at + 1 < size and is_trail(data[at + 1]):
            text, step = chars.get(data[at : at + 2], ""), 2
        elif mark_lost:
            text, step = LOST, min(2, size - at)
        else:
            text, step = "", 1
        yield make(Piece, (text, base + at, base + at + step))
        at += step


def read(data: bytes, *, mark_lost: bool = False) -> str:
    """The text that the bytes show as."""
    return "".join(piece.text for piece in decode(data, mark_lost=mark_lost))
