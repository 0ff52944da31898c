"""What every reading makes of every unit, and which units are still to be explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.candidates import BIT, Costs, Reading, Scores
from audit.reading.letters import Page
from audit.reading.strays import NONE, strays
from audit.reading.units import Units, blocks

NEVER = 1 << 40  # cost of a reading that fails or was not needed
NATURAL = 11 * BIT  # a foreign character of plain text costs less on average: 10.4 in news, 16 to 25 when misread
PLENTY = 512  # characters; letters misread as Han are never plain text for so long
KEPT = 0.6  # share of its bytes that a pool holds before it is cut down


@dataclass(slots=True)
class Row:
    """What one reading makes of the units that it takes, arrays of one shape; `units` are their numbers, ascending."""

    reading: Reading | Page
    units: NDArray[np.int64]
    cost: Costs
    mean: Costs
    worst: Costs

    def at(self, units: NDArray[np.int64]) -> Costs:
        """The cost of some units, NEVER for those that it does not take."""
        if not len(self.units):
            return np.full(len(units), NEVER, dtype=np.int64)
        place = np.searchsorted(self.units, units).clip(max=len(self.units) - 1)
        return np.where(self.units[place] == units, self.cost[place], NEVER)

    def dense(self, size: int) -> Costs:
        """The cost of all units, NEVER for those that it does not take."""
        full = np.full(size, NEVER, dtype=np.int64)
        full[self.units] = self.cost
        return full


class Board:
    """Costs of all readings over all units, row by row; a row holds only the units that its reading was tried on and takes."""

    def __init__(self, units: Units) -> None:
        self.rows: list[Row] = []
        self.units = units
        self.size = size = len(units.ends)
        self.best = np.full(size, NEVER, dtype=np.int64)  # mean cost of a foreign character in the best reading so far
        self.partly = np.zeros(size, dtype=bool)  # units that hold much UTF-8 and something else
        self.islands = np.zeros(
            size, dtype=bool
        )  # units that are no UTF-8 but for two characters beside each other at least
        self.broken = np.empty(0, dtype=np.int64)  # units that are no UTF-8
        self.stray: NDArray[np.int8] | None = None  # looked for when asked
        self.natural = 0  # characters of plain text in the multibyte reading that finds most

    def add(self, reading: Reading | Page, pool: Pool, scores: Scores) -> NDArray[np.int64]:
        """Write a row; gives the mean cost of a foreign character in the units of the pool."""
        row, mean = self._compiled(reading, pool, scores) if kernels else self._row(reading, pool, scores)
        if isinstance(reading, Reading):
            self.natural = max(self.natural, int(scores.foreign[mean <= NATURAL].sum()))
        self.rows.append(row)
        return mean

    def _row(self, reading: Reading | Page, pool: Pool, scores: Scores) -> tuple[Row, NDArray[np.int64]]:
        mean = np.where(scores.valid, scores.strange // np.maximum(scores.foreign, 1), NEVER)
        taken = np.flatnonzero(scores.valid & pool.live)
        row = Row(reading, pool.held[taken], scores.cost[taken], mean[taken], scores.worst[taken])
        self.best[row.units] = np.minimum(self.best[row.units], row.mean)
        return row, mean

    def _compiled(self, reading: Reading | Page, pool: Pool, scores: Scores) -> tuple[Row, NDArray[np.int64]]:
        columns = scores.cost, scores.foreign, scores.strange, scores.worst, scores.valid
        assert kernels
        mean, *out = (np.empty(len(scores.cost), dtype=np.int64) for _ in range(5))
        count = kernels.take_row(*columns, pool.live, pool.held, mean, *out, self.best)
        return Row(reading, *(column[:count] for column in out)), mean

    def strays(self) -> NDArray[np.int8]:
        """What `strays` says of the units that are no UTF-8."""
        if self.stray is None:
            self.stray = np.full(self.size, NONE, dtype=np.int8)
            if len(self.broken):
                self.stray[self.broken] = strays(self.units.take(self.broken))
        return self.stray

    @property
    def explained(self) -> bool:
        """Whether a multibyte reading makes plain text of plenty."""
        return self.natural > PLENTY

    def row_of(self, reading: Reading | Page | None) -> Row | None:
        """The row of a reading."""
        return next((row for row in self.rows if row.reading == reading), None)


class Pool:
    """The units that are still to be explained; cut down only when many are gone, so that what is known of them is kept."""

    def __init__(self, units: Units, held: NDArray[np.int64]) -> None:
        self.units, self.held = units, held
        self.live = np.ones(len(held), dtype=bool)
        self.sizes = np.diff(units.ends, prepend=-1)
        self.blocks = blocks(units.joined, len(units.ends))

    def keep(self, wanted: NDArray[np.bool_]) -> Pool:
        """The pool without the units that are explained."""
        self.live &= wanted
        if int(self.sizes @ self.live) > KEPT * len(self.units.joined):
            return self
        return Pool(self.units.take(np.flatnonzero(self.live)), self.held[self.live])
