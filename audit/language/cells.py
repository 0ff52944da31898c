"""Two cheap looks at an entry, which tell whether a passage of it may be of another kind than the rest.

The first looks at single characters, one look-up each, the second at pairs of them too. Both count in cells of a fixed size, several axes
(`audit.language.axes`) in the lanes of one number, and compare windows of cells with the whole entry.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language.axes import STEP, UNIT, axes
from audit.language.script import fold_table
from audit.language.spots import narrow
from audit.language.terms import pair_buckets, single_buckets
from audit.model import Codes, Entry
from audit.native import kernels

LANES = 3  # axes that are looked at; the fourth lane counts
MIDDLE, COARSE = 128, 8  # of a lane: its zero, and steps of the axes' table to one of its own
CELL, WINDOW = (
    64,
    3,
)  # code points of a cell: what two features each of them bring fits in 16 bits; cells looked at together
FLOOR = 0.7  # of the scatter within a text is no noise: it does not grow less where more is read
# Of 2,100 entries of law, news, essays, articles, jokes, reviews the first look lets 100 in 1,000 pass, both 20; of passages that the
# careful judgement finds they let 770 in 1,000 pass.
FIRST, SECOND = 4.0, 4.2
Numbers = NDArray[np.uint64]
Sums = NDArray[np.float64]


def may_hold(entry: Entry) -> bool:
    """Whether a passage may lie far from the rest of an entry, which has at least four cells."""
    start, end = entry.content
    inside = slice(-(-start // CELL) * CELL, end // CELL * CELL)
    if _lead(_windows(narrow(entry.text)[inside]), _sharpness()[0]) < FIRST:
        return False
    return _lead(_joined(_sums(entry.text.codes[start:end])), _sharpness()[1]) >= SECOND


def _windows(codes: NDArray[np.uint16]) -> Sums:
    """What single characters bring to each window of whole cells; shape (lanes, windows)."""
    table = _characters()
    if kernels is not None:
        packed = np.empty(len(codes) // CELL, dtype=np.uint64)
        kernels.cell_sums(codes, table, packed)
        return _joined(_unpacked(packed))
    return _joined(_unpacked(_packed(table.take(codes))))


def _sums(codes: Codes) -> Sums:
    """What single characters and pairs bring to each cell; shape (lanes, cells)."""
    if kernels is None:
        return _unpacked(_packed(_features(codes)))
    packed = np.empty(len(codes) // CELL, dtype=np.uint64)
    kernels.pair_cell_sums(codes, fold_table(), _buckets(), np.array([CELL]), packed)
    return _unpacked(packed)


def _packed(values: Numbers) -> Numbers:
    """The sum of each cell; shape (cells,)."""
    count = len(values) // CELL
    return np.asarray(values[: count * CELL].reshape(count, CELL).sum(axis=1), dtype=np.uint64)


def _unpacked(packed: Numbers) -> Sums:
    """The lanes of such sums; shape (lanes, cells)."""
    lanes = packed.astype("<u8", copy=False).view("<u2").reshape(len(packed), 1 + LANES)
    return np.ascontiguousarray(lanes.T, dtype=np.float64)


def _joined(cells: Sums) -> Sums:
    """Those of each window, less the zeros that the lanes count from; shape (lanes, windows)."""
    windows = cells[:, : 1 - WINDOW].copy()
    for step in range(1, WINDOW):
        windows += cells[:, step : cells.shape[1] + 1 - WINDOW + step]
    windows[1:] -= MIDDLE * windows[0]
    return windows


def _lead(windows: Sums, sharpness: Sums) -> float:
    """Twice the distance of the farthest window from the whole, less that of the next one that shares no cell with it."""
    total = windows.sum(axis=1)
    apart = windows[0] * (total[1:, None] / max(total[0], 1.0))
    apart -= windows[1:]
    apart *= sharpness
    apart *= apart
    far = apart.sum(axis=0)
    at = int(far.argmax())
    best = far.item(at)
    far[max(at - WINDOW + 1, 0) : at + WINDOW] = 0
    return 2 * math.sqrt(best) - math.sqrt(far.max())


@cache
def _sharpness() -> tuple[Sums, Sums]:
    """What a step of a lane, summed over a window, tells in deviations, for either look; shapes (lanes, 1)."""
    size = CELL * WINDOW
    single = axes().scatter[:LANES, None] * (1 / size + FLOOR / UNIT)
    every = UNIT / (2 * size) + FLOOR
    step = COARSE * STEP / size
    return (
        np.sqrt(1 / single - 1 / (single + axes().apart[:LANES, None])) * step,
        np.sqrt(1 / every - 1 / (every + axes().between[:LANES, None])) * step / 2,
    )


@cache
def _buckets() -> Numbers:
    """For each feature 1 in the first lane and what it weighs on the first axes in the others; shape (40960,)."""
    packed = np.ones((len(axes().weights), 1 + LANES), dtype="<u2")
    packed[:, 1:] = np.clip(axes().weights[:, :LANES] // COARSE + MIDDLE, 0, 2 * MIDDLE - 1)
    return packed.view("<u8")[:, 0].astype(np.uint64)


@cache
def _characters() -> Numbers:
    """The same for the 16-bit code of each Han character, 0 for others; shape (65536,)."""
    folded = fold_table().take(np.arange(1 << 16), mode="clip").astype(np.uint32)
    return np.where(folded > 3, _buckets().take(single_buckets(folded)), np.uint64(0))


def _features(codes: Codes) -> Numbers:
    """What each code point and its pair with the next one bring; shape (n,)."""
    folded = fold_table().take(codes, mode="clip").astype(np.uint32)
    han = folded > 3
    found = _buckets().take(single_buckets(folded))
    found *= han
    pairs = _buckets().take(pair_buckets(folded[:-1], folded[1:]))
    pairs *= han[:-1] & han[1:]
    found[:-1] += pairs
    return found
