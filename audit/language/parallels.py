"""Passages that stand twice in one text but for a character here and there, and where they differ.

What is compared are the kept characters of `audit.language.shingles`: punctuation, blanks, script and width make no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.shingles import Shingles, shingles
from audit.language.spots import distinct
from audit.model import Offsets, Text
from audit.native import kernels

RUN = 8  # characters that are equal where two passages are found, as in parallels.c
LINK = 6  # and behind a difference, so that they go on
APART = 24  # from one passage to the other: nearer, a pattern repeats itself
# Kept characters between which every run is asked; of other texts only those behind punctuation, one in nine, which find half as much: short
# ones hardly repeat themselves, and long ones take as long as they are
LEAST, DENSE = 2_000, 1 << 16
MOVES = ((1, 1), (0, 1), (1, 0), (2, 2), (0, 2), (2, 0), (1, 2), (2, 1))
COLUMNS = 6
Rows = NDArray[np.int64]


def differences(text: Text) -> Rows:
    """Where passages differ by one character, exchanged, lost or added; in kept characters, shape (n, 6); computed once.

    Start and end in the earlier passage, in the later one, then how many characters are equal before and behind.
    """
    return text.signal("parallels", _find)  # type: ignore[no-any-return]


def repeated(text: Text, starts: Offsets) -> NDArray[np.bool_]:
    """Which of the pieces of a text that begin at `starts` hold a run twice, of those that are asked of short texts; shape of `starts`."""
    one = shingles(text)
    prints, places = _runs(one, every=False)
    owners = (starts - np.searchsorted(one.dropped, starts)).searchsorted(places, side="right") - 1
    keys = np.sort(owners.astype(np.uint64) << np.uint64(32) | prints)
    told = np.zeros(len(starts) + 1, dtype=bool)
    told[(keys[1:][keys[1:] == keys[:-1]] >> np.uint64(32)).astype(np.int64)] = True
    return told[:-1]


def _find(text: Text) -> Rows:
    one = shingles(text)
    every = LEAST <= len(one.kept) <= DENSE
    if kernels is None:
        return np.array(_walk(one, *_runs(one, every=every)), dtype=np.int64).reshape(-1, COLUMNS)
    room = np.empty(COLUMNS * (len(one.kept) // LINK + 1), dtype=np.int64)
    count = kernels.parallels(one.kept, one.dropped, np.array([every], dtype=np.int64), room)
    return room[: COLUMNS * count].reshape(-1, COLUMNS).copy()


def _runs(one: Shingles, *, every: bool) -> tuple[NDArray[np.uint32], Offsets]:
    """A hash of each run of `RUN` characters, of all or of those behind what was dropped, and where it begins."""
    kept = one.kept
    if len(kept) < RUN:
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.int64)
    wide = kept.astype(np.uint32)
    two = wide[:-1] * np.uint32(0x9E3779B1) + wide[1:]
    four = two[:-2] * np.uint32(0x85EBCA77) + two[2:]
    eight = four[:-4] * np.uint32(0xC2B2AE3D) + four[4:]
    places = np.arange(len(eight), dtype=np.int64)
    if not every:
        behind = distinct(one.dropped - np.arange(len(one.dropped)))
        places = behind[behind < len(eight)]
    prints = eight[places]
    return prints ^ (prints >> np.uint32(15)), places


def _walk(one: Shingles, prints: NDArray[np.uint32], places: Offsets) -> list[tuple[int, ...]]:
    """What the kernel does."""
    kept, covered = one.string(0, len(one.kept)), 0
    last: dict[int, int] = {}
    told: list[tuple[int, ...]] = []
    for print_, place in zip(prints.tolist(), places.tolist(), strict=True):
        earlier = last.get(print_)
        last[print_] = place
        if earlier is not None and place >= covered and place - earlier >= APART:
            covered = max(covered, _Pair(kept, place, covered, told).follow(earlier, place))
    return told


def between(one: str, other: str, met: Iterable[tuple[int, int]]) -> Rows:
    """The same of the kept characters of two texts, each place counted in its own; `met` are places of equal runs in both, by the second."""
    told: list[tuple[int, ...]] = []
    both, size = one + other, len(one)
    covered = size
    for first, second in met:
        if size + second >= covered:
            covered = max(covered, _Pair(both, size, covered, told).follow(first, size + second))
    rows = np.array(told, dtype=np.int64).reshape(-1, COLUMNS)
    rows[:, 2:4] -= size
    return rows


class _Pair(NamedTuple):
    """Two passages of a string: where the first one must end, where the second one may begin, and the rows that are told."""

    kept: str
    most: int
    least: int
    told: list[tuple[int, ...]]

    def ahead(self, first: int, second: int) -> int:
        """How many characters are equal from there on."""
        room = min(self.most - first, len(self.kept) - second)
        return _equal(room, lambda size: self.kept[first : first + size] == self.kept[second : second + size])

    def before(self, first: int, second: int) -> int:
        """How many are equal up to there."""
        room = min(first, second - self.least)
        return _equal(room, lambda size: self.kept[first - size : first] == self.kept[second - size : second])

    def follow(self, first: int, second: int) -> int:
        """Goes both ways as far as the passages go; returns where the second one ends, 0 for no passages."""
        right, left = self.ahead(first, second), self.before(first, second)
        if left + right < RUN:
            return 0
        one, other, equal = first + right, second + right, left + right
        while found := next(((a, b, size) for a, b in MOVES if (size := self.ahead(one + a, other + b)) >= LINK), None):
            a, b, size = found
            self.tell((one, one + a, other, other + b, equal, size))
            one, other, equal = one + a + size, other + b + size, size
        self._replace(least=max(self.least, one)).go_back(first - left, second - left, left + right)
        return other

    def go_back(self, one: int, other: int, equal: int) -> None:
        """The same towards the beginning."""
        while found := next(((a, b, n) for a, b in MOVES if (n := self.before(one - a, other - b)) >= LINK), None):
            a, b, size = found
            self.tell((one - a, one, other - b, other, size, equal))
            one, other, equal = one - a - size, other - b - size, size

    def tell(self, row: tuple[int, ...]) -> None:
        """Keeps a difference of one character."""
        if row[1] - row[0] <= 1 and row[3] - row[2] <= 1:
            self.told.append(row)


def _equal(room: int, same: Callable[[int], bool]) -> int:
    """The largest size up to `room` for which both sides are equal, found by doubling and halving."""
    if room <= 0 or not same(1):
        return 0
    low, high = 1, 2
    while high <= room and same(high):
        low, high = high, high * 2
    high = min(high, room + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if same(middle) else (low, middle)
    return low
