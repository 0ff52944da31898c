"""Characters of a codec as bytes, of which some are lost: a *slot* is a character of which some bytes are known."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from audit.restore.codecs import pair
from audit.restore.fluency import rarity

# Bytes of a character: known ones from 0 to 255, and lost ones of three kinds.
Pattern: TypeAlias = tuple[int, ...]
ALONE, FORMER, LATTER = -1, -2, -3  # lost by itself; the first and the second of a pair lost together
RARE_COST = 0.15  # a loss less is worth as much as a character 7 bits commoner


class Slot(NamedTuple):
    """One written character: its bytes, negative where lost, the damaged characters that it stands on, and how many bytes are lost."""

    bytes: Pattern
    start: int
    end: int
    lost: int


Chain: TypeAlias = tuple["Chain", Slot] | None  # characters, the last one first


class Cut(NamedTuple):
    """A way to cut bytes into characters, still open at its end."""

    cost: float  # of unlikely choices
    slots: Chain
    open: Pattern
    since: int
    lost: int
    wide: int  # characters of several bytes


class Path(NamedTuple):
    """A whole way to cut bytes into characters."""

    slots: tuple[Slot, ...]
    lost: int


NOTHING = Cut(0.0, None, (), 0, 0, 0)


def path_of(cut: Cut) -> Path:
    """The characters in order."""
    slots: list[Slot] = []
    chain = cut.slots
    while chain is not None:
        chain, slot = chain
        slots.append(slot)
    return Path(tuple(reversed(slots)), cut.lost)


def _length(written: str, lead: int) -> int:
    """How many bytes a character has that begins so; 0 where none does."""
    if lead < 0:
        return 3 if written == "utf-8" else 2
    if lead < 0x80:
        return 1
    if written != "utf-8":
        return 2 if lead not in (0x80, 0xFF) else 0
    return 2 if 0xC2 <= lead <= 0xDF else 3 if 0xE0 <= lead <= 0xEF else 4 if 0xF0 <= lead <= 0xF4 else 0


def _goes_on(written: str, byte: int) -> bool:
    """Whether a byte may stand inside a character."""
    if byte < 0:
        return True
    return 0x80 <= byte <= 0xBF if written == "utf-8" else byte >= 0x40 and byte != 0x7F


# Of two-byte codecs and of UTF-8, by byte; lost ones are counted from the end.
EVERY = (*range(256), LATTER, FORMER, ALONE)
LENGTHS = tuple(tuple(_length(written, byte) for byte in EVERY) for written in ("gbk", "utf-8"))
GOES_ON = tuple(tuple(_goes_on(written, byte) for byte in EVERY) for written in ("gbk", "utf-8"))


def advance(cut: Cut, data: Pattern, cost: float, written: str, at: int, end: int) -> Cut | None:
    """The cut with these bytes of the damaged characters `at` to `end` behind it; None where they do not fit."""
    total, slots, still, since, lost, wide = cut
    total += cost
    utf8 = written == "utf-8"
    lengths, goes_on = LENGTHS[utf8], GOES_ON[utf8]
    for byte in data:
        if not still:
            since = at
        elif not goes_on[byte]:
            return None
        still = (*still, byte)
        lost += byte < 0
        size = lengths[still[0]]
        if not size:
            return None
        if len(still) == size:
            gone = sum([one < 0 for one in still]) if lost else 0
            if not gone:
                rare = _rare(still, written)
                if rare is None:
                    return None
                total += rare
            slots = slots, Slot(still, since, end, gone)
            wide += size > 1
            still = ()
    return Cut(total, slots, still, since, lost, wide)


@lru_cache(maxsize=1 << 16)
def _rare(pattern: Pattern, written: str) -> float | None:
    """The cost of a character, None where the bytes are none."""
    char = pair_written(pattern, written)
    return None if char is None else RARE_COST * float(rarity()[min(ord(char), 0xFFFF)])


@lru_cache(maxsize=1 << 16)
def pair_written(pattern: Pattern, written: str) -> str | None:
    """The character of known bytes in the written codec."""
    if min(pattern) < 0:
        return None
    data = bytes(pattern)
    if written != "utf-8":
        return pair(data, written) if data[0] >= 0x80 else chr(data[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None
