"""What every reading makes of every unit, and which units are still to be explained."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, Costs, Reading, Scores, blocks, take
from audit.reading.letters import Page

NEVER = 1 << 40  # cost of a reading that fails or was not needed
NATURAL = 11 * BIT  # a foreign character of plain text costs less on average: 10.4 in news, 16 to 25 when misread
PLENTY = 512  # characters; letters misread as Han are never plain text for so long
KEPT = 0.6  # share of its units that a pool holds before it is cut down


class Board:
    """Costs of all readings over all units, filled row by row."""

    def __init__(self, size: int) -> None:
        self.readings: list[Reading | Page] = []
        self.costs: list[Costs] = []
        self.best = np.full(size, NEVER, dtype=np.int64)  # mean cost of a foreign character in the best reading so far
        self.size = size
        self.partly = np.zeros(size, dtype=bool)  # units that hold much UTF-8 and something else
        self.explained = False  # a multibyte reading makes plain text of plenty
        self.worst: list[Costs] = []
        self.mean: list[Costs] = []

    def add(self, reading: Reading | Page, pool: Pool, scores: Scores) -> NDArray[np.int64]:
        """Write a row; gives the mean cost of a foreign character in the units of the pool."""
        row, worst, mean = (np.full(self.size, NEVER, dtype=np.int64) for _ in range(3))
        here = np.where(scores.valid, scores.strange // np.maximum(scores.foreign, 1), NEVER)
        alive = pool.held[pool.live]
        row[alive] = np.where(scores.valid, scores.cost, NEVER)[pool.live]
        worst[alive] = scores.worst[pool.live]
        mean[alive] = here[pool.live]
        self.best[alive] = np.minimum(self.best[alive], here[pool.live])
        self.explained |= int(scores.foreign[here <= NATURAL].sum()) > PLENTY and isinstance(reading, Reading)
        self.readings.append(reading)
        self.costs.append(row)
        self.worst.append(worst)
        self.mean.append(mean)
        return here


class Pool:
    """The units that are still to be explained; cut down only when many are gone, so that what is known of them is kept."""

    def __init__(self, joined: bytes, ends: NDArray[np.int64], held: NDArray[np.int64]) -> None:
        self.joined, self.ends, self.held = joined, ends, held
        self.live = np.ones(len(held), dtype=bool)
        self.units = blocks(take(joined, ends, held))

    def keep(self, wanted: NDArray[np.bool_]) -> Pool:
        """The pool without the units that are explained."""
        self.live &= wanted
        if np.count_nonzero(self.live) > KEPT * len(self.live):
            return self
        return Pool(self.joined, self.ends, self.held[self.live])
