"""A field character by character: the cheapest way to read it piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.board import NEVER
from audit.reading.candidates import BIT, LOSS, UTF8, Reading
from audit.reading.letters import Page
from audit.reading.scan import LOST
from audit.reading.steps import steps, tails
from audit.reading.units import Units

SWITCH = 14 * BIT  # another encoding for one field of a line
GLUE = 24 * BIT  # another encoding without a separator between
CUT = 16 * BIT  # a character of UTF-8 that was cut, however many bytes of it are left
SCRAP = 2  # bytes
CELLS = 1 << 17  # bytes times readings that are searched side by side


@dataclass(frozen=True, slots=True)
class Windows:
    """Parts of fields to take apart, joined as units; `places` is where each begins in the file, `inside` says that more of its field follows."""

    units: Units
    places: NDArray[np.int64]
    inside: NDArray[np.bool_]
    home: str

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Bytes of each, LF left out."""
        return np.diff(self.units.ends, prepend=-1) - 1


def weave(
    windows: Windows, readings: Sequence[Reading | Page]
) -> tuple[NDArray[np.int64], NDArray[np.int8], list[str]]:
    """The cheapest way to read each window piece by piece: where the pieces begin, and which of the codecs each is in.

    A Viterbi search over bytes with one state a reading.
    """
    sizes = windows.sizes
    looked = Looked.up(windows.units, readings)
    search = _compiled if kernels else _side_by_side
    labels = search(looked, windows, [reading.codec for reading in readings])
    first = np.cumsum(sizes) - sizes
    begins = np.append(True, labels[1:] != labels[:-1])
    begins[first] = True
    at = np.flatnonzero(begins)
    row = np.searchsorted(first, at, side="right") - 1
    found = labels[at]
    length = np.append(at[1:], len(labels)) - at
    pages = np.array([isinstance(reading, Page) for reading in readings] + [False])
    scraps = (
        pages[found] & (length <= SCRAP) & (length < sizes[row])
    )  # no word of letters, but what is left of a character
    found[scraps] = len(readings)
    names = [*(reading.codec for reading in readings), LOST]
    return windows.places[row] + at - first[row], found, names


@dataclass(frozen=True, slots=True)
class Looked:
    """Every byte looked up in every reading: widths and prices have shape (readings, bytes), `cut` (bytes,)."""

    widths: NDArray[np.int8]
    prices: NDArray[np.int32]
    cut: NDArray[np.uint8]
    utf8: int

    @classmethod
    def up(cls, units: Units, readings: Sequence[Reading | Page]) -> Looked:
        """Look them up; behind the last window stand zeros."""
        raw = np.frombuffer(units.joined + bytes(4), dtype=np.uint8)
        rows = [steps(raw, reading) for reading in readings]
        need, have = tails(raw)
        cut = np.where((need > have), have + 1, 0).astype(np.uint8)
        torn = (raw & 0xC0) == 0x80
        sizes = np.diff(units.ends, prepend=-1) - 1
        starts = units.ends - sizes
        for back in (2, 1, 0):  # the end of a character where the field begins
            rest = np.logical_and.reduce([torn[starts + at] for at in range(back + 1)])
            cut[starts] = np.where(rest & (cut[starts] == 0) & (sizes > back), back + 1, cut[starts])
        utf8 = next((at for at, reading in enumerate(readings) if reading is UTF8), -1)
        return cls(np.stack([row[0] for row in rows]), np.stack([row[1] for row in rows]), cut, utf8)


def _compiled(looked: Looked, windows: Windows, codecs: list[str]) -> NDArray[np.int8]:
    """The reading of each byte of all windows; the number of readings stands for bytes that none takes."""
    assert kernels
    sizes = windows.sizes
    labels = np.empty(int(sizes.sum()), dtype=np.int8)
    homes = np.full(len(sizes), codecs.index(windows.home) if windows.home in codecs else -1, dtype=np.int64)
    options = np.array([looked.utf8, SWITCH, GLUE, LOSS, CUT], dtype=np.int64)
    kernels.weave_fields(
        looked.widths,
        looked.prices,
        looked.cut,
        windows.units.ends - sizes,
        sizes,
        homes,
        windows.inside,
        options,
        labels,
    )
    return labels


def _side_by_side(looked: Looked, windows: Windows, codecs: list[str]) -> NDArray[np.int8]:
    """The same in step over many windows of like length."""
    sizes = windows.sizes
    starts = windows.units.ends - sizes
    first = np.cumsum(sizes) - sizes
    labels = np.empty(int(sizes.sum()), dtype=np.int8)
    order = np.argsort(sizes, kind="stable")
    while len(order):
        longest = int(sizes[order[-1]])
        count = max(1, CELLS // (longest * len(codecs)))
        batch, order = order[-count:], order[:-count]
        index = np.minimum(starts[batch] + np.arange(longest)[:, None], len(looked.cut) - 1)
        home = codecs.index(windows.home) if windows.home in codecs else -1
        cells = Batch(
            sizes[batch],
            np.arange(len(codecs)) != home,
            windows.inside[batch],
            looked.widths[:, index].transpose(1, 2, 0),
            looked.prices[:, index].transpose(1, 2, 0),
            looked.cut[index],
            looked.utf8,
        )
        found = cells.search()
        inside = np.arange(longest) < sizes[batch][:, None]
        row, column = np.nonzero(inside)
        labels[first[batch][row] + column] = found[row, column]
    return labels


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side: widths and prices have shape (bytes, windows, readings), `cut` (bytes, windows), `away` (readings,)."""

    sizes: NDArray[np.int64]
    away: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    widths: NDArray[np.int8]
    prices: NDArray[np.int32]
    cut: NDArray[np.uint8]
    utf8: int

    def search(self) -> NDArray[np.int8]:
        """The reading of each byte, shape (windows, bytes); the number of readings stands for bytes that none takes."""
        longest, count, states = self.widths.shape
        cost = np.full((longest + 5, count, states), NEVER, dtype=np.int64)
        back = np.zeros((longest + 5, count, states), dtype=np.int16)
        cost[0] = self.away * SWITCH
        gone = np.maximum(np.abs(self.widths), 1)
        for at in range(longest):
            here = cost[at]
            least, who = here.min(axis=1)[:, None] + GLUE, here.argmin(axis=1)[:, None]
            stay = here <= least
            spent, came = np.where(stay, here, least), np.where(stay, np.arange(states), who).astype(np.int16) << 4
            _move(cost, back, at, self.widths[at], spent + self.prices[at], came)
            _move(cost, back, at, gone[at], spent + LOSS, came | 8)
            if self.utf8 >= 0:
                own = np.s_[..., self.utf8 : self.utf8 + 1]
                _move(cost[own], back[own], at, self.cut[at][:, None], (spent + CUT)[own], (came | 8)[own])
        return self._labels(cost, back)

    def _labels(self, cost: NDArray[np.int64], back: NDArray[np.int16]) -> NDArray[np.int8]:
        """Follow the cheapest way from the end of each window."""
        longest, count, states = self.widths.shape
        rows = np.arange(count)
        place = self.sizes.copy()
        last = cost[place, rows] + self.away * (self.inside[:, None] * GLUE)
        state = last.argmin(axis=1)
        labels = np.zeros((count, longest), dtype=np.int8)
        while (open_ := np.flatnonzero(place > 0)).size:
            step = back[place[open_], open_, state[open_]]
            size = step & 7
            label = np.where(step & 8, states, state[open_])
            for offset in range(int(size.max())):
                some = size > offset
                labels[open_[some], place[open_[some]] - 1 - offset] = label[some]
            place[open_] -= size
            state[open_] = step >> 4
        return labels


def _move(
    cost: NDArray[np.int64],
    back: NDArray[np.int16],
    at: int,
    widths: NDArray[Any],
    total: NDArray[np.int64],
    came: NDArray[np.int16],
) -> None:
    """Go on by one character where that is cheaper than what led there before."""
    for size in (1, 2, 3, 4):
        better = (widths == size) & (total < cost[at + size])
        if better.any():
            np.copyto(cost[at + size], total, where=better)
            np.copyto(back[at + size], came | np.int16(size), where=better)
