"""Bytes behind a damaged text, with holes where a reader lost some, cut into the characters that were written.

A damaged character stands for one byte or two; a loss mark for bytes unknown. What the written codec allows settles how
many were lost; what they were is left open: see `slots`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache, partial

from audit.native import kernels
from audit.restore import cuts
from audit.restore.codecs import DOUBLE, EURO, LOST, Channel, bytes_of
from audit.restore.codemaps import others
from audit.restore.cuts import Window
from audit.restore.slots import ALONE, FORMER, LATTER, LENGTHS, NOTHING, Cut, Path, Pattern, advance, path_of

MAX_PATHS = 8
AHEAD = 48  # characters that are looked up at first: most runs end soon
CUT_COST = 3.0
DROP_COST = 5.0  # bytes that vanished without a mark are the last thing to believe
GONE: tuple[Pattern, ...] = ((ALONE,), (FORMER, LATTER))  # what may have vanished before a character
QUESTION: Pattern = (0x3F,)
MAX_GAP = 12  # ASCII characters between two damaged ones that still belong to one span: "iPhone 15 Pro"


class Mode(Enum):
    """How the reader lost bytes."""

    MARKS = "a mark for each byte"
    PAIRS = "a mark for each pair"
    DROPS = "without trace"


Options = tuple[tuple[Pattern, float], ...]


def options(char: str, then: str, read: str, mode: Mode) -> Options:
    """The byte strings that a damaged character may stand for, each with its cost; `then` is the next character.

    A reader that takes bytes in pairs loses one only before ASCII or the end of what it read.
    """
    if char not in (LOST, "?"):
        return _shown(char, read)
    return _lost(char, read, pairs=mode is Mode.PAIRS, last=not then or then < "@")


@cache
def _lost(char: str, read: str, *, pairs: bool, last: bool) -> Options:
    """The same of a loss mark, which may be the last of what was read."""
    lost: Options = (((ALONE,), 0.0 if last or not pairs else 2.0),)
    if read == "utf-8":  # one mark for a character cut short
        lost = (*lost, ((ALONE, ALONE), CUT_COST))
    elif pairs:
        lost = (*lost, ((FORMER, LATTER), 0.0))
    return (*lost, (QUESTION, 3.0)) if char == "?" else lost


@lru_cache(maxsize=1 << 14)
def _shown(char: str, read: str) -> Options:
    """The same of a character that is no loss mark."""
    data = bytes_of(char, read)
    if data is None:
        return ()
    found: list[tuple[Pattern, float]] = [(tuple(data), 0.0)]
    if char == EURO and read == "gbk":
        found.append(((0xA2, 0xE3), 1.0))
    elif len(data) == 2 and read in DOUBLE and char in others(read):
        found.extend((tuple(more), 0.0) for more in others(read)[char] if more != data)
    return tuple(found)


def step(cuts: Sequence[Cut], char: str, then: str, channel: Channel, mode: Mode, at: int) -> list[Cut]:
    """The ways to cut that a further damaged character leaves, the fewest losses first."""
    found: list[Cut] = []
    offered, written = options(char, then, channel.read, mode), channel.written
    for cut in cuts:
        for data, cost in offered:
            longer = advance(cut, data, cost, written, at, at + 1)
            if longer is not None:
                found.append(longer)
            if mode is Mode.DROPS and cut.open and data[0] >= 0:
                dropped = (advance(cut, (*gone, *data), cost + DROP_COST, written, at, at + 1) for gone in GONE)
                found.extend(longer for longer in dropped if longer is not None)
    if len(found) > 1:
        found.sort(key=_cost)
    return found[:MAX_PATHS]


def _cost(cut: Cut) -> float:
    return cut.cost


@dataclass(slots=True)
class View:
    """The stretch `start:end` of a body as one reader shows it, looked at from several places."""

    body: str
    start: int
    end: int
    read: str
    mode: Mode = Mode.MARKS
    window: Window | None = None

    def seen(self, at: int, ahead: int) -> Window:
        """What a kernel reads of the characters from `at` on: so many or more, unless the view ends."""
        last = min(self.end, at + ahead)
        if self.window is None or not self.window.start <= at or self.window.end < last:
            offered = partial(options, read=self.read, mode=self.mode)
            self.window = cuts.window(self.body, (at, last), self.end, self.read, offered)
        return self.window


def explain(view: View, span: tuple[int, int], written: str) -> Iterator[tuple[int, int, Path]]:
    """Runs that begin in `span`, are the written codec's characters read wrong, and stop within the view.

    Gives start, end and the likeliest way to cut them.
    """
    if kernels is None:
        return _explain(view, span, written)
    first, last = span
    ahead = last - first + AHEAD
    while True:
        seen = view.seen(first, ahead)
        looked, found = cuts.explain(kernels, seen, span, written, drops=view.mode is Mode.DROPS)
        if looked < seen.end or seen.end == view.end:
            return iter(found)
        ahead *= 4


def _explain(view: View, span: tuple[int, int], written: str) -> Iterator[tuple[int, int, Path]]:
    """The same without a compiler."""
    at, last = span
    while at < last:
        char = view.body[at]
        if char.isascii() or not _opens(char, written, view.read):
            at += 1
            continue
        found = longest(view, at, written, 1)
        if found is None:
            at += 1
            continue
        stop, (path, *_) = found
        yield at, stop, path
        at = stop


def may_open(char: str, channel: Channel) -> bool:
    """Whether a run may begin with this damaged character."""
    return _may_open(char, channel.written, channel.read)


@lru_cache(maxsize=1 << 16)
def _may_open(char: str, written: str, read: str) -> bool:
    if char == LOST:
        return True
    data = bytes_of(char, read)
    return data is not None and data[0] >= 0x80 and LENGTHS[written == "utf-8"][data[0]] > 1


@lru_cache(maxsize=1 << 16)
def _opens(char: str, written: str, read: str) -> bool:
    """Whether `longest` makes a step from this character, which may open a run."""
    if not _may_open(char, written, read):
        return False
    return char == LOST or bool(step([NOTHING], char, "", Channel(written, read), Mode.MARKS, 0))


def longest(view: View, at: int, written: str, most: int = MAX_PATHS) -> tuple[int, list[Path]] | None:
    """The longest run from `at` on, and at most so many ways to cut it, the likeliest first."""
    if kernels is None:
        return _longest(view, at, Channel(written, view.read), most)
    ahead = AHEAD
    while True:
        seen = view.seen(at, ahead)
        looked, end, paths = cuts.longest(kernels, seen, at, written, drops=view.mode is Mode.DROPS, most=most)
        if looked < seen.end or seen.end == view.end:
            return (end, [cuts.path_of(cells, lost, at) for cells, lost in paths]) if end > at else None
        ahead *= 4


def _longest(view: View, at: int, channel: Channel, most: int) -> tuple[int, list[Path]] | None:
    """The same without a compiler."""
    body, end, mode = view.body, view.end, view.mode
    ways = [NOTHING]
    best: tuple[int, list[Cut]] | None = None
    gap = 0
    while at < end and gap <= MAX_GAP:
        char = body[at]
        further = step(ways, char, body[at + 1] if at + 1 < end else "", channel, mode, at)
        if not further:
            break
        ways = further
        at += 1
        plain = char.isascii()
        whole = [cut for cut in ways if not cut.open and cut.wide and not (plain and _ends_narrow(cut))]
        gap = 0 if whole or not plain else gap + 1
        if whole:
            best = at, whole
    if mode is Mode.DROPS and best is not None and best[0] < at:
        closed = [cut for cut in (_closed(cut, channel.written, at) for cut in ways if cut.open) if cut is not None]
        best = (at, closed) if closed else best
    return None if best is None else (best[0], [path_of(cut) for cut in best[1][:most]])


def _ends_narrow(cut: Cut) -> bool:
    """Whether the last character is one byte: no run ends so behind ASCII."""
    return cut.slots is None or len(cut.slots[1].bytes) == 1


def _closed(cut: Cut, written: str, at: int) -> Cut | None:
    """The same with its last character filled up by bytes that vanished."""
    missing = LENGTHS[written == "utf-8"][cut.open[0]] - len(cut.open)
    return advance(cut, (ALONE,) * missing, DROP_COST, written, at - 1, at)
