"""Which character reads how: pinyin with all heteronyms, in both scripts."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit.language.letters import bare
from audit.language.store import shipped

SYLLABLE_BITS = 12
NO_SYLLABLE = 0xFFF
FIRST_HAN = 0x3400
ANOTHER = 0x8000
SLOT_MIXER = np.int64(0x1E3779B97F4A7C15)
Ints = NDArray[np.int64]


@cache
def _syllables() -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = shipped().lines("syllables")
    cut = lines.index("")
    return tuple(lines[:cut]), tuple(line for line in lines[cut + 1 :] if line)


def syllables(*, toned: bool = True) -> tuple[str, ...]:
    """All pinyin syllables that some character has; a toned one's place is its id."""
    return _syllables()[0 if toned else 1]


def syllable_name(syllable: int) -> str:
    """The syllable with this id; toneless ids follow the toned."""
    toned, plain = _syllables()
    return toned[syllable] if syllable < len(toned) else plain[syllable - len(toned)]


def syllable_ids(keys: Ints) -> Ints:
    """The syllable of each key of `audit.language.letters`, NO_SYLLABLE where it is none; shape (n,)."""
    known, numbers = shipped().array("syllable_keys"), shipped().array("syllable_ids")
    at = _slots().take(_slot(keys))
    found = np.where(known.take(at) == keys, numbers.take(at), NO_SYLLABLE).astype(np.int64)
    rest = np.flatnonzero(found == NO_SYLLABLE)  # two keys may share a slot
    at = np.minimum(np.searchsorted(known, keys[rest]), len(known) - 1)
    found[rest] = np.where(known[at] == keys[rest], numbers[at], NO_SYLLABLE)
    return found


def _slot(keys: Ints) -> Ints:
    """A number of 16 bits for each key."""
    slots: Ints = (keys * SLOT_MIXER >> 40) & 0xFFFF
    return slots


@cache
def _slots() -> NDArray[np.int16]:
    """The place of a key in each slot; shape (65536,)."""
    known = np.array(shipped().array("syllable_keys")).astype(np.int64)
    table = np.zeros(0x10000, dtype=np.int16)
    table[_slot(known)] = np.arange(len(known))
    return table


def reads(codes: NDArray[np.uint32], syllable: Ints) -> NDArray[np.bool_]:
    """Whether each character has that reading, or one that folds to the same has; shape (n,)."""
    pairs = shipped().array("readings")
    wanted = ((codes.astype(np.int64) << SYLLABLE_BITS) | syllable).astype(np.uint32)
    at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    found: NDArray[np.bool_] = pairs[at] == wanted
    return found


def usual(codes: NDArray[np.uint32]) -> tuple[Ints, NDArray[np.bool_]]:
    """The toned syllable that each character mostly stands for (NO_SYLLABLE: not Han), and whether it has another; (n,)."""
    table = shipped().array("usual_readings")
    place = codes.astype(np.int64) - FIRST_HAN
    inside = (place >= 0) & (place < len(table))
    entry = np.where(inside, table[np.where(inside, place, 0)], NO_SYLLABLE).astype(np.int64)
    return entry & NO_SYLLABLE, entry >= ANOTHER


@cache
def characters(syllable: str) -> str:
    """All characters with this toned reading, by code point.

    >>> "鄉" in characters("xiāng")
    True
    """
    pairs = shipped().array("readings")
    wanted = syllables().index(syllable)
    return "".join(map(chr, (pairs[(pairs & NO_SYLLABLE) == wanted] >> SYLLABLE_BITS).tolist()))


@cache
def readings(char: str) -> frozenset[str]:
    """Every reading of a character in either script, with tones and without.

    >>> sorted(readings("樂") & {"yuè", "lè", "yue", "xiang"})
    ['lè', 'yue', 'yuè']
    """
    pairs = shipped().array("readings")
    low, high = _rows(np.array([ord(char)]))
    return frozenset(syllable_name(int(pair) & NO_SYLLABLE) for pair in pairs[low[0] : high[0]])


def by_reading(codes: NDArray[Any]) -> dict[str, Ints]:
    """Places of the characters in `codes` by each of their readings, with tones and without; ascending."""
    low, high = _rows(codes)
    places = np.repeat(np.arange(len(codes)), high - low)
    rows = np.arange(len(places)) + np.repeat(low - np.cumsum(high - low) + (high - low), high - low)
    names = [name for part in _syllables() for name in part]
    first = {name: number for number, name in reversed([*enumerate(names)])}  # a neutral tone is spelled as no tone is
    number = np.array([first[name] for name in names], dtype=np.uint16)
    syllable = number[shipped().array("readings")[rows] & np.uint32(NO_SYLLABLE)]
    order = np.argsort(syllable, kind="stable")
    known, firsts = np.unique(syllable[order], return_index=True)
    return dict(zip((names[one] for one in known.tolist()), np.split(places[order], firsts[1:]), strict=True))


def _rows(codes: NDArray[Any]) -> tuple[Ints, Ints]:
    """Where the readings of each character begin and end in the table; shapes (n,)."""
    pairs = shipped().array("readings")
    first = codes.astype(np.int64) << SYLLABLE_BITS
    wanted = np.minimum([first, first + (1 << SYLLABLE_BITS)], 0xFFFFFFFF).astype(
        np.uint32
    )  # as the table: no copy of it
    low, high = np.searchsorted(pairs, wanted)
    return low, high


def same_sound(one: str, other: str, *, tone: bool = False) -> bool:
    """Whether two characters share a reading, by default whatever the tone.

    >>> same_sound("尸", "户"), same_sound("在", "再", tone=True)
    (False, True)
    """
    shared = readings(one) & readings(other)
    return any(bare(sound) != sound for sound in shared) if tone else bool(shared)


def is_toned(syllable: Ints) -> NDArray[np.bool_]:
    """Whether each syllable id is one of a toned (or expressly neutral) syllable; shape (n,)."""
    found: NDArray[np.bool_] = syllable < len(syllables())
    return found


@cache
def _bases() -> Ints:
    toned, plain = _syllables()
    place = {sound: n + len(toned) for n, sound in enumerate(plain)}
    bases = np.arange(NO_SYLLABLE + 1, dtype=np.int64)
    bases[: len(toned)] = [place[bare(sound)] for sound in toned]
    return bases


def base_ids(syllable: Ints) -> Ints:
    """The toneless syllable of each syllable id; shape (n,)."""
    return _bases()[syllable]
