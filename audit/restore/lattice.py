"""Bytes behind a damaged text, with holes where a reader lost some, cut into the characters that were written.

A damaged character stands for one byte or two; a loss mark for bytes unknown. What the written codec allows settles how
many were lost; what they were is left open: a *slot* is a character of which some bytes are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from audit.restore.codecs import DOUBLE, EURO, LOST, Channel, bytes_of, pair
from audit.restore.codemaps import others
from audit.restore.fluency import rarity

# Bytes of a character: known ones from 0 to 255, and lost ones of three kinds.
Pattern = tuple[int, ...]
ALONE, FORMER, LATTER = -1, -2, -3  # lost by itself; the first and the second of a pair lost together
MAX_PATHS = 8
RARE_COST = 0.15  # a loss less is worth as much as a character 7 bits commoner
DROP_COST = 5.0  # bytes that vanished without a mark are the last thing to believe
QUESTION: Pattern = (0x3F,)
MAX_GAP = 12  # ASCII characters between two damaged ones that still belong to one span: "iPhone 15 Pro"


class Mode(Enum):
    """How the reader lost bytes."""

    MARKS = "a mark for each byte"
    PAIRS = "a mark for each pair"
    DROPS = "without trace"


@dataclass(frozen=True, slots=True)
class Slot:
    """One written character: its bytes, negative where lost, and the damaged characters that it stands on."""

    bytes: Pattern
    start: int
    end: int

    @property
    def lost(self) -> int:
        """Number of bytes unknown."""
        return sum(byte < 0 for byte in self.bytes)


@dataclass(frozen=True, slots=True)
class Path:
    """A way to cut bytes into characters, still open at its end."""

    slots: tuple[Slot, ...] = ()
    open: Pattern = ()
    since: int = 0
    lost: int = 0
    wide: int = 0  # characters of several bytes
    cost: float = 0.0  # of unlikely choices


def path_of(slots: Sequence[Slot]) -> Path:
    """The path of these characters."""
    lost, wide = sum(slot.lost for slot in slots), sum(len(slot.bytes) > 1 for slot in slots)
    return Path(tuple(slots), lost=lost, wide=wide)


def length_of(written: str, lead: int) -> int:
    """How many bytes a character has that begins so; 0 where none does."""
    if lead < 0:
        return 3 if written == "utf-8" else 2
    if lead < 0x80:
        return 1
    if written != "utf-8":
        return 2 if lead not in (0x80, 0xFF) else 0
    return 2 if 0xC2 <= lead <= 0xDF else 3 if 0xE0 <= lead <= 0xEF else 4 if 0xF0 <= lead <= 0xF4 else 0


def goes_on(written: str, byte: int) -> bool:
    """Whether a byte may stand inside a character."""
    if byte < 0:
        return True
    return 0x80 <= byte <= 0xBF if written == "utf-8" else byte >= 0x40 and byte != 0x7F


def advance(path: Path, data: Pattern, cost: float, written: str, at: int, end: int) -> Path | None:
    """The path with these bytes of the damaged characters `at` to `end` behind it; None where they do not fit."""
    slots, still, since, wide = list(path.slots), path.open, path.since, path.wide
    for byte in data:
        if not still:
            since = at
        elif not goes_on(written, byte):
            return None
        still = (*still, byte)
        size = length_of(written, still[0])
        if not size:
            return None
        if len(still) == size:
            slots.append(Slot(still, since, end))
            wide += size > 1
            still = ()
    lost = path.lost + sum(byte < 0 for byte in data)
    return Path(tuple(slots), still, since, lost, wide, path.cost + cost)


def options(char: str, then: str, read: str, mode: Mode) -> list[tuple[Pattern, float]]:
    """The byte strings that a damaged character may stand for, each with its cost; `then` is the next character.

    A reader that takes bytes in pairs loses one only before ASCII or the end of what it read.
    """
    if char in (LOST, "?"):
        alone = mode is not Mode.PAIRS or not then or then < "@"
        lost: list[tuple[Pattern, float]] = [((ALONE,), 0 if alone else 2)]
        if not alone:
            lost.append(((FORMER, LATTER), 0))
        return [*lost, (QUESTION, 3)] if char == "?" else lost
    data = bytes_of(char, read)
    if data is None:
        return []
    found: list[tuple[Pattern, float]] = [(tuple(data), 0)]
    if char == EURO and read == "gbk":
        found.append(((0xA2, 0xE3), 1))
    elif len(data) == 2 and read in DOUBLE and char in others(read):
        found.extend((tuple(more), 0) for more in others(read)[char] if more != data)
    return found


def step(paths: Sequence[Path], char: str, then: str, channel: Channel, mode: Mode, at: int) -> list[Path]:
    """The paths that a further damaged character leaves, the fewest losses first."""
    found: list[Path] = []
    for path in paths:
        for data, cost in options(char, then, channel.read, mode):
            longer = advance(path, data, cost, channel.written, at, at + 1)
            if longer is not None:
                found.extend(_weighed(longer, len(path.slots), channel.written))
            if mode is Mode.DROPS and path.open and data[0] >= 0:
                for gone in ((ALONE,), (FORMER, LATTER)):
                    longer = advance(path, (*gone, *data), cost + DROP_COST, channel.written, at, at + 1)
                    if longer is not None:
                        found.extend(_weighed(longer, len(path.slots), channel.written))
    found.sort(key=lambda path: path.cost)
    return found[:MAX_PATHS]


def _weighed(path: Path, known: int, written: str) -> Iterator[Path]:
    """The path with the cost of its newest characters, if they are characters."""
    cost = path.cost
    for slot in path.slots[known:]:
        if not slot.lost:
            char = pair_written(slot.bytes, written)
            if char is None:
                return
            cost += RARE_COST * float(rarity()[min(ord(char), 0xFFFF)])
    yield replace(path, cost=cost) if cost != path.cost else path


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


def explain(
    body: str, span: tuple[int, int], end: int, channel: Channel, mode: Mode = Mode.MARKS
) -> Iterator[tuple[int, int, list[Path]]]:
    """Runs that begin in `span`, are the written codec's characters read wrong, and stop before `end`.

    Gives start, end and the ways to cut them, the likeliest first.
    """
    at, last = span
    while at < last:
        char = body[at]
        if char.isascii() or not _opens(char, channel.written, channel.read):
            at += 1
            continue
        found = longest(body, at, end, channel, mode)
        if found is None:
            at += 1
            continue
        stop, paths = found
        yield at, stop, paths
        at = stop


def may_open(char: str, channel: Channel) -> bool:
    """Whether a run may begin with this damaged character."""
    return _may_open(char, channel.written, channel.read)


@lru_cache(maxsize=1 << 16)
def _may_open(char: str, written: str, read: str) -> bool:
    if char == LOST:
        return True
    data = bytes_of(char, read)
    return data is not None and data[0] >= 0x80 and length_of(written, data[0]) > 1


@lru_cache(maxsize=1 << 16)
def _opens(char: str, written: str, read: str) -> bool:
    """Whether `longest` makes a step from this character, which may open a run."""
    if not _may_open(char, written, read):
        return False
    return char == LOST or bool(step([Path()], char, "", Channel(written, read), Mode.MARKS, 0))


def longest(body: str, at: int, end: int, channel: Channel, mode: Mode) -> tuple[int, list[Path]] | None:
    """The longest run from `at` on, and the ways to cut it, the likeliest first."""
    paths = [Path()]
    best: tuple[int, list[Path]] | None = None
    gap = 0
    while at < end and gap <= MAX_GAP:
        char = body[at]
        then = body[at + 1] if at + 1 < end else ""
        further = step(paths, char, then, channel, mode, at)
        if not further:
            break
        paths = further
        at += 1
        whole = [path for path in paths if _whole(path, char)]
        gap = 0 if whole or not char.isascii() else gap + 1
        if whole:
            best = at, whole
    if mode is Mode.DROPS and best is not None and best[0] < at:
        closed = [
            path for path in (_closed(path, channel.written, at) for path in paths if path.open) if path is not None
        ]
        best = (at, closed) if closed else best
    return best


def _whole(path: Path, char: str) -> bool:
    """Whether a run may end so, `char` being its last damaged character."""
    return not path.open and path.wide > 0 and (not char.isascii() or len(path.slots[-1].bytes) > 1)


def _closed(path: Path, written: str, at: int) -> Path | None:
    """The path with its last character filled up by bytes that vanished."""
    missing = length_of(written, path.open[0]) - len(path.open)
    return advance(path, (ALONE,) * missing, DROP_COST, written, at - 1, at)
