"""Everyday characters that rules look for: one look-up of each code point tells of all their sets where the members may stand."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language.names import BEARERS, SURNAMES
from audit.language.spot_tables import BEYOND
from audit.language.spots import Listed, narrow, one_of, slotted
from audit.language.whereabouts import fixed, where
from audit.model import Offsets, Text
from audit.native import kernels

BEARER, SURNAME, MISREAD, OVERCONVERTED, MARK, COURT, CANTONESE = 1, 2, 4, 8, 16, 32, 64
MARKS = "的了为為个個过過月称稱届屆和与與及上中是叫于於第获獲"  # what `places` is asked for in texts of every kind
OF_COURT = "告诉訴害附审審院控辩辯证證"  # one of them is in each of the words that judgments are made of


@cache
def _table() -> NDArray[np.uint8]:
    """The sets that each code point is a member of; shape (65536,)."""
    from audit.language import misreadings, overconverted  # noqa: PLC0415 - they look for their words by these flags

    sets = {
        BEARER: one_of(BEARERS),
        SURNAME: one_of(SURNAMES),
        MISREAD: misreadings.listed().wrong,
        OVERCONVERTED: overconverted.listed().wrong,
        MARK: one_of(MARKS),
        COURT: one_of(OF_COURT),
        CANTONESE: one_of("嘅哋咗喺嚟嘢佢冇嗰"),
    }
    table = np.zeros(BEYOND + 1, dtype=np.uint8)
    for bit, members in sets.items():
        table[members] |= bit
    return fixed(table)


def flags(text: Text) -> tuple[Offsets, NDArray[np.uint8]]:
    """Where the members of any set stand, ascending, and the sets that each is a member of; shapes (n,); computed once."""
    return text.signal("flags", lambda whole: where(whole, _table()))  # type: ignore[no-any-return]


def members(text: Text, bit: int) -> Offsets:
    """Where the members of a set stand, ascending; shape (n,)."""
    at, sets = flags(text)
    if kernels is None:
        return np.asarray(at[(sets & bit) != 0])
    room = np.empty(len(at), dtype=np.int64)
    return room[: kernels.with_bit(at, sets, np.array([bit], dtype=np.uint8), room)].copy()


def named(text: Text) -> Offsets:
    """Where a surname stands right behind the last character of a word for who bears it, ascending; shape (n,)."""
    at, sets = flags(text)
    pairs = sets[:-1] & (sets[1:] >> 1)  # BEARER is the lowest bit, SURNAME the next
    return np.asarray(at[1:][((pairs & BEARER) != 0) & (at[1:] - at[:-1] == 1)])


def marks(text: Text, code: int) -> Offsets:
    """Where one of `MARKS` stands, ascending; shape (n,)."""
    found: Listed = text.signal("everyday marks", _find)
    slot = _slots().item(code)
    return found.at[found.first[slot] : found.first[slot + 1]]


@cache
def _slots() -> NDArray[np.uint8]:
    """A number for each of `MARKS`; shape (65536,)."""
    table = np.zeros(BEYOND + 1, dtype=np.uint8)
    table[[ord(mark) for mark in MARKS]] = np.arange(1, len(MARKS) + 1)
    return table


def _find(text: Text) -> Listed:
    at = members(text, MARK)
    return slotted(at, narrow(text).take(at), _slots())
